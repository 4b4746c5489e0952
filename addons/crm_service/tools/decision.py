"""The check at registration: who pays for a request, by a decision table.

A table is read from the top, the first row whose conditions all hold decides. A
condition of a row is True, False, or None for "does not matter". Everything the
table reads is in :class:`Facts`; nothing here asks the database or the clock.
"""

from datetime import date
from typing import NamedTuple

#: Kinds of request that are always listened to, whatever the customer owes.
FREE_KINDS = frozenset({"question", "complaint"})


class Entitlement(NamedTuple):
    """A contract line that could pay. ``remainder`` None means without limit."""

    key: object
    remainder: float | None
    date_end: date | None = None
    specific: int = 0  # 2 names the asset, 1 the product or site, 0 neither


class Facts(NamedTuple):
    """What is known when a request is registered."""

    today: date
    kind: str = "incident"
    customer: bool = True
    warranty_until: date | None = None
    entitlements: tuple = ()
    needed: float = 1.0
    suspended: bool = False
    ended: bool = False
    credit_hold: bool = False
    credit_released: bool = False


class Conditions(NamedTuple):
    """The columns of the table, as questions about the facts."""

    customer: bool | None = None
    warranty: bool | None = None
    free_kind: bool | None = None
    blocked: bool | None = None
    entitled: bool | None = None
    remaining: bool | None = None
    suspended: bool | None = None
    ended: bool | None = None


class Rule(NamedTuple):
    code: str
    outcome: str
    conditions: Conditions


class Verdict(NamedTuple):
    """``payer`` is the key of the entitlement that the outcome speaks about."""

    outcome: str
    rule: str
    payer: object = None
    remainder: float | None = None


TABLE = (
    Rule("no_customer", "not_covered", Conditions(customer=False)),
    Rule("warranty", "warranty", Conditions(warranty=True)),
    Rule("credit", "blocked", Conditions(blocked=True, free_kind=False)),
    Rule("covered", "covered", Conditions(entitled=True, remaining=True)),
    Rule("exhausted", "exhausted", Conditions(entitled=True, remaining=False)),
    Rule("suspended", "not_covered", Conditions(suspended=True)),
    Rule("ended", "not_covered", Conditions(ended=True)),
    Rule("no_contract", "not_covered", Conditions()),
)


def best(facts):
    """Return the entitlement that pays, or None.

    One with enough left goes before one without, the one that names the asset
    before the general one, the one that ends first before the one that lasts.
    """

    def rank(entitlement):
        return (
            not enough(entitlement, facts.needed),
            -entitlement.specific,
            entitlement.date_end or date.max,
        )

    return min(facts.entitlements, key=rank, default=None)


def enough(entitlement, needed):
    """Tell whether ``entitlement`` holds ``needed`` units; nothing left is never."""
    remainder = entitlement.remainder
    return remainder is None or (remainder > 0 and remainder >= needed)


def conditions(facts):
    """Return the answers of ``facts`` to the questions of the table."""
    payer = best(facts)
    warranty = facts.warranty_until
    return Conditions(
        customer=facts.customer,
        warranty=bool(warranty) and warranty >= facts.today,
        free_kind=facts.kind in FREE_KINDS,
        blocked=facts.credit_hold and not facts.credit_released,
        entitled=payer is not None,
        remaining=payer is not None and enough(payer, facts.needed),
        suspended=facts.suspended,
        ended=facts.ended,
    )


def match(answers, table=TABLE):
    """Return the first rule of ``table`` that ``answers`` satisfy."""
    for rule in table:
        pairs = zip(rule.conditions, answers, strict=True)
        if all(wanted is None or wanted == answer for wanted, answer in pairs):
            return rule
    raise ValueError("the last row of a decision table must hold for everything")


def decide(facts, table=TABLE):
    """Return the :class:`Verdict` on ``facts``."""
    rule = match(conditions(facts), table)
    payer = best(facts) if rule.outcome in ("covered", "exhausted", "blocked") else None
    return Verdict(
        rule.outcome,
        rule.code,
        payer.key if payer else None,
        payer.remainder if payer else None,
    )
