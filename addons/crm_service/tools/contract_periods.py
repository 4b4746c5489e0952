"""Which periods of a recurring contract line are due, and which part of each.

The grid
    A line is billed over a grid of periods. Boundary ``k`` is ``anchor`` plus ``k``
    intervals, always counted from the anchor: a contract of 31 January has boundaries
    28 February, 31 March, 30 April, and does not slide to the 28th for ever.
    ``monthlylastday`` has its boundaries on the first of the month.

The share
    A period is billed by the day: ``share`` = billable days of the piece / days of its
    grid period, an exact fraction. A whole period has share 1; the first, the last
    and a suspended one may have less. Pieces of one grid period never overlap, hence
    their shares never sum to more than 1.

The pieces
    A grid period is cut at the start and end of the line, at the day up to which it was
    billed before, at the start of an open suspension (nothing after it is known yet)
    and at price changes. Days of closed suspensions are not billable.

Dates are inclusive ``datetime.date``; nothing here reads a clock. ``ValueError`` for a
unit or interval that makes no grid.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)
MONTHS = {
    "monthly": 1,
    "monthlylastday": 1,
    "quarterly": 3,
    "semesterly": 6,
    "yearly": 12,
}
DAYS = {"daily": 1, "weekly": 7}
# months in one unit, for recurring revenue: 365.25 days in a year
MONTHS_PER_UNIT = {"daily": 12 / 365.25, "weekly": 84 / 365.25} | MONTHS


class Rhythm(NamedTuple):
    """How often a line is billed, and when within its period.

    ``prepaid`` bills at the start of the period, else at its end; ``offset`` is in
    days from there.
    """

    unit: str
    interval: int = 1
    prepaid: bool = True
    offset: int = 0


class Suspension(NamedTuple):
    """Days on which nothing is owed; ``end`` is None as long as it is open."""

    start: date
    end: date | None = None


class Period(NamedTuple):
    """One piece of a grid period, to be billed at once and at one price."""

    start: date
    end: date
    invoice_date: date
    share: Fraction


class Term(NamedTuple):
    """Everything that fixes the pieces of a line."""

    start: date
    end: date | None
    rhythm: Rhythm
    anchor: date | None = None
    suspensions: Sequence[Suspension] = ()
    cuts: Sequence[date] = ()


def boundary(anchor: date, rhythm: Rhythm, k: int) -> date:
    """Return the first day of grid period ``k`` (which may be negative)."""
    if rhythm.interval < 1:
        raise ValueError("A billing interval is at least 1.")
    if rhythm.unit in DAYS:
        return anchor + timedelta(days=DAYS[rhythm.unit] * rhythm.interval * k)
    if rhythm.unit not in MONTHS:
        raise ValueError(f"Unknown unit of recurrence: {rhythm.unit}")
    months = MONTHS[rhythm.unit] * rhythm.interval * k
    if rhythm.unit == "monthlylastday":
        return anchor + relativedelta(months=months, day=1)
    return anchor + relativedelta(months=months)


def _grid_index(anchor: date, rhythm: Rhythm, day: date) -> int:
    """Return ``k`` of the grid period that holds ``day``."""
    if rhythm.unit in DAYS:
        return (day - anchor).days // (DAYS[rhythm.unit] * rhythm.interval)
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    k = months // (MONTHS.get(rhythm.unit, 1) * rhythm.interval)
    while boundary(anchor, rhythm, k) > day:
        k -= 1
    while boundary(anchor, rhythm, k + 1) <= day:
        k += 1
    return k


def suspended_days(suspensions: Sequence[Suspension], start: date, end: date) -> int:
    """Return how many days of ``start..end`` are suspended, each counted once."""
    ranges = sorted(
        (max(s.start, start), min(s.end or date.max, end)) for s in suspensions
    )
    count, covered = 0, start - ONE_DAY
    for first, last in ranges:
        first = max(first, covered + ONE_DAY)
        if first <= last:
            count += (last - first).days + 1
            covered = last
    return count


def is_suspended(suspensions: Sequence[Suspension], day: date) -> bool:
    """Return whether ``day`` lies in a suspension, open ones included."""
    return suspended_days(suspensions, day, day) == 1


def _last_day(term: Term) -> date:
    """Return the last day about which something can be said today."""
    open_starts = [s.start - ONE_DAY for s in term.suspensions if s.end is None]
    return min([term.end or date.max, *open_starts])


def pieces(term: Term, first: date) -> Iterator[Period]:
    """Yield the pieces from ``first`` on, without end if the term has none.

    Pieces without a billable day come with share 0: they are done, but not billed.
    """
    rhythm, anchor = term.rhythm, term.anchor or term.start
    last = _last_day(term)
    first = max(first, term.start)
    closed = [s for s in term.suspensions if s.end is not None]
    if first > last:
        return
    k = _grid_index(anchor, rhythm, first)
    while first <= last:
        grid_start = boundary(anchor, rhythm, k)
        next_start = boundary(anchor, rhythm, k + 1)
        end = min(next_start - ONE_DAY, last)
        base = first if rhythm.prepaid else end
        invoice_date = base + timedelta(days=rhythm.offset)
        edges = [first, *sorted({c for c in term.cuts if first < c <= end})]
        for start, stop in pairwise([*edges, end + ONE_DAY]):
            days = (stop - start).days
            days -= suspended_days(closed, start, stop - ONE_DAY)
            share = Fraction(days, (next_start - grid_start).days)
            yield Period(start, stop - ONE_DAY, invoice_date, share)
        first, k = end + ONE_DAY, k + 1


def due_periods(term: Term, billed_until: date | None, as_of: date) -> list[Period]:
    """Return the pieces not billed yet whose invoice date is ``as_of`` or before.

    ``billed_until`` is the last day billed so far, None if there is none. After billing
    them, the new ``billed_until`` is the end of the last one.
    """
    first = billed_until + ONE_DAY if billed_until else term.start
    return list(takewhile(lambda p: p.invoice_date <= as_of, pieces(term, first)))


def next_period(term: Term, billed_until: date | None) -> Period | None:
    """Return the next piece with something to bill, or None."""
    first = billed_until + ONE_DAY if billed_until else term.start
    horizon = max((s.end for s in term.suspensions if s.end), default=first)
    for piece in pieces(term, first):
        if piece.share or piece.start > horizon:
            return piece
    return None


def periods_between(term: Term, first: date, last: date) -> list[Period]:
    """Return the pieces of ``first..last``, cut at both: what a credit is made of."""
    end = min(last, term.end or last)
    return [p for p in pieces(term._replace(end=end), first) if p.share]


class PriceStep(NamedTuple):
    """A price that changes to ``new`` on ``day``; ``applied`` once it is current."""

    day: date
    old: float
    new: float
    applied: bool


def price_at(day: date, current: float, steps: Sequence[PriceStep]) -> float:
    """Return the price of ``day``: back periods keep the price of their time.

    ``current`` is the price on the line now. Applied steps are undone backwards,
    planned ones are applied forwards.
    """
    later = sorted(s for s in steps if s.applied and s.day > day)
    if later:
        return later[0].old
    planned = sorted(s for s in steps if not s.applied and s.day <= day)
    return planned[-1].new if planned else current


def prorate(
    quantity: float,
    price: float,
    share: Fraction,
    quantity_digits: int = 2,
    price_digits: int = 2,
) -> tuple[float, float]:
    """Return (quantity, price) for ``share`` of a period.

    Either the quantity or the price is cut and rounded to its digits, whichever comes
    nearer to the exact amount.

    >>> prorate(1, 100, Fraction(15, 31))
    (1, 48.39)
    >>> prorate(100, 0.5, Fraction(15, 31))
    (48.39, 0.5)
    """
    if share == 1:
        return quantity, price
    part = float(share)
    exact = quantity * price * part
    by_price = (quantity, round(price * part, price_digits))
    by_quantity = (round(quantity * part, quantity_digits), price)
    return min(by_price, by_quantity, key=lambda c: abs(c[0] * c[1] - exact))


def monthly_amount(amount: float, unit: str, interval: int) -> float:
    """Return what ``amount`` per interval is per month."""
    return amount / (MONTHS_PER_UNIT[unit] * interval)
