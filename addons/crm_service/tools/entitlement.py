"""What a contract owes: grants per period, and what is left at the end of one.

The ledger is the truth: a balance is the sum of signed moves. Nothing here reads a
clock or a database; dates are inclusive ``datetime.date``, quantities floats in the
unit of the entitlement (requests, hours, visits, pieces).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from .contract_periods import Rhythm, Term, pieces

ONE_DAY = timedelta(days=1)
CARRY_NONE, CARRY_LIMITED, CARRY_ALL = "none", "limited", "all"
#: Quantities are compared to a hundredth of the smallest thing booked (0.01 h).
EPSILON = 1e-4


class Grant(NamedTuple):
    """A quantity granted for a period."""

    start: date
    end: date
    quantity: float


class Posting(NamedTuple):
    """One move to be written: ``quantity`` is signed."""

    kind: str
    day: date
    quantity: float
    period_end: date


def due_grants(
    start: date,
    end: date | None,
    rhythm: Rhythm,
    quantity: float,
    granted_until: date | None,
    as_of: date,
    anchor: date | None = None,
) -> list[Grant]:
    """Return the grants of periods begun by ``as_of`` and not granted yet.

    A cut first or last period grants its share, rounded to two digits.

    >>> due_grants(date(2025, 1, 1), date(2025, 2, 14), Rhythm("monthly"), 10.0,
    ...            None, date(2025, 12, 31))[-1].quantity
    5.0
    """
    term = Term(start, end, rhythm, anchor)
    first = granted_until + ONE_DAY if granted_until else start
    grants = []
    for piece in pieces(term, first):
        if piece.start > as_of:
            break
        share = round(quantity * float(piece.share), 2)
        grants.append(Grant(piece.start, piece.end, share))
    return grants


def to_expire(balance: float, carry: str, limit: float = 0.0) -> float:
    """Return how much of ``balance`` is lost at the end of a period.

    >>> to_expire(5, "none"), to_expire(5, "limited", 2), to_expire(5, "all")
    (5.0, 3, 0.0)
    """
    if carry == CARRY_ALL or balance <= 0:
        return 0.0
    keep = limit if carry == CARRY_LIMITED else 0.0
    return max(balance - keep, 0.0)


def roll(
    balance: float,
    period_end: date | None,
    grants: Sequence[Grant],
    carry: str,
    limit: float = 0.0,
) -> list[Posting]:
    """Return the moves that expire old periods and grant new ones, in order.

    ``period_end`` is the end of the last period granted. Before each grant the rest of
    the period before expires on its last day, as far as it is not carried over.
    """
    postings = []
    for grant in grants:
        lost = to_expire(balance, carry, limit) if period_end else 0.0
        if lost > EPSILON:
            postings.append(Posting("expire", period_end, -lost, period_end))
            balance -= lost
        postings.append(Posting("grant", grant.start, grant.quantity, grant.end))
        balance += grant.quantity
        period_end = grant.end
    return postings


def balance(quantities: Iterable[float]) -> float:
    """Return the remainder: the sum of the ledger, free of binary dust."""
    return round(sum(quantities), 4)


def is_enough(left: float, wanted: float) -> bool:
    """Return whether ``wanted`` can be taken from ``left``."""
    return left - wanted > -EPSILON


def split(left: float, wanted: float) -> tuple[float, float]:
    """Return (covered, billable): what the entitlement pays, and the rest.

    >>> split(1.5, 4.0), split(0.0, 2.0), split(5.0, 2.0)
    ((1.5, 2.5), (0.0, 2.0), (2.0, 0.0))
    """
    covered = max(min(left, wanted), 0.0)
    return covered, round(wanted - covered, 4)
