"""Who gets a request: who can do it, and among these who has least to do."""

from collections.abc import Sequence
from typing import NamedTuple

#: What an open request of a priority ("0" to "3") weighs: an urgent one counts double.
WEIGHTS = {"0": 0.75, "1": 1.0, "2": 1.5, "3": 2.0}


class Candidate(NamedTuple):
    """``key`` comes back; ``load`` is the weight of what is open at him."""

    key: object
    skills: frozenset = frozenset()
    load: float = 0.0


def choose(candidates: Sequence[Candidate], needed: frozenset = frozenset()):
    """Return the candidate with most of the needed skills, then least load, else None.

    Among equals the first in the order given, so that the choice can be repeated.

    >>> choose([Candidate("ann", load=2.0), Candidate("bob", load=1.0)]).key
    'bob'
    >>> skilled = Candidate("ann", frozenset({"hydraulics"}), 2.0)
    >>> choose([skilled, Candidate("bob")], frozenset({"hydraulics"})).key
    'ann'
    >>> choose([]) is None
    True
    """
    return min(
        candidates, key=lambda one: (-len(one.skills & needed), one.load), default=None
    )


def spread(candidates: Sequence[Candidate], requests: Sequence[tuple]) -> list:
    """Return the key chosen for each of ``requests``, (needed skills, priority).

    Each choice adds to the load, so that a batch does not land on one desk.

    >>> spread([Candidate("ann"), Candidate("bob")], [(frozenset(), "1")] * 3)
    ['ann', 'bob', 'ann']
    """
    people, chosen = list(candidates), []
    for needed, priority in requests:
        best = choose(people, needed)
        chosen.append(best.key if best else None)
        if best:
            added = best._replace(load=best.load + WEIGHTS.get(priority, 1.0))
            people[people.index(best)] = added
    return chosen
