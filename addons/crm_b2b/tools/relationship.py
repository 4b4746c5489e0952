"""Five relationship levels, observed from what really happened with a customer.

The levels are those of relationship marketing: *basic* (we sell), *reactive* (we answer
when the customer calls), *accountable* (we ask after a delivery whether all is well),
*proactive* (we come with ideas of our own, through the year) and *partnership* (we plan
together). A level is reached when its rule and the rules of all lower levels hold, so
that one dinner does not make a partnership. All facts are of the last twelve months.
"""

from typing import NamedTuple

LEVELS = ("basic", "reactive", "accountable", "proactive", "partnership")

# What the rules ask for. Published in the user's help; change them here only.
ANSWERED_CONTACTS = 2
FOLLOWED_SHARE = 0.5
OWN_CONTACTS = 4
ACTIVE_QUARTERS = 3
KNOWN_PEOPLE = 3
JOINT_REVIEWS = 1


class Facts(NamedTuple):
    """Counts of the last twelve months.

    contacts: meetings, visits, calls and messages with the customer, either way
    own_contacts: those we started by ourselves: visits, meetings and calls
    quarters: in how many of the four quarters we started one
    deliveries: deliveries made; followed: those with a contact within the set days
    feedback: times we asked how satisfied the customer is
    people: different people of the customer we were in contact with
    plan: an account plan runs; reviews: plan reviews held with the customer
    """

    contacts: int = 0
    own_contacts: int = 0
    quarters: int = 0
    deliveries: int = 0
    followed: int = 0
    feedback: int = 0
    people: int = 0
    plan: bool = False
    reviews: int = 0


def _checks(facts):
    """Return, by level above basic, pairs (name of the rule, whether it holds)."""
    followed = facts.followed / facts.deliveries if facts.deliveries else 0.0
    return (
        (("contacts", facts.contacts >= ANSWERED_CONTACTS),),
        (("follow_up", followed >= FOLLOWED_SHARE or facts.feedback > 0),),
        (
            ("own_contacts", facts.own_contacts >= OWN_CONTACTS),
            ("quarters", facts.quarters >= ACTIVE_QUARTERS),
        ),
        (
            ("plan", facts.plan),
            ("reviews", facts.reviews >= JOINT_REVIEWS),
            ("people", facts.people >= KNOWN_PEOPLE),
        ),
    )


def observe(facts):
    """Return the level these facts show, a member of LEVELS.

    >>> observe(Facts(contacts=9))
    'reactive'
    >>> observe(Facts(contacts=9, deliveries=4, followed=2))
    'accountable'
    """
    reached = 0
    for checks in _checks(facts):
        if not all(holds for _name, holds in checks):
            break
        reached += 1
    return LEVELS[reached]


def missing(facts, target):
    """Return names of the rules that fail below or at ``target``, lowest level first.

    >>> missing(Facts(contacts=9), "proactive")
    ('follow_up', 'own_contacts', 'quarters')
    """
    wanted = LEVELS.index(target)
    return tuple(
        name
        for checks in _checks(facts)[:wanted]
        for name, holds in checks
        if not holds
    )


def gap(target, observed):
    """Return how many levels the observed one is below the target; negative if above.

    >>> gap("proactive", "reactive")
    2
    """
    return LEVELS.index(target) - LEVELS.index(observed)
