"""Forecast arithmetic: the waterfall between two snapshots, and forecast errors.

Amounts are :class:`decimal.Decimal` in one currency, so that opening + changes =
closing holds to the cent. Keys of deals are opaque.
"""

import datetime
from decimal import Decimal
from typing import NamedTuple

STEPS = ("new", "pulled_in", "grown", "shrunk", "slipped", "won", "lost")
ZERO = Decimal(0)


class Deal(NamedTuple):
    """A deal as one snapshot saw it; ``status`` is pending, won or lost."""

    amount: Decimal
    closing: datetime.date | None
    status: str = "pending"


class Move(NamedTuple):
    key: object
    step: str
    amount: Decimal


class Waterfall(NamedTuple):
    opening: Decimal
    closing: Decimal
    moves: tuple

    def totals(self):
        """Return {step: amount} with every step of :data:`STEPS`."""
        totals = dict.fromkeys(STEPS, ZERO)
        for move in self.moves:
            totals[move.step] += move.amount
        return totals


def waterfall(before, after, start, end):
    """Explain how the open amount expected in [start, end] changed.

    ``before``: {key: Deal}, the deals open at the first snapshot.
    ``after``: {key: Deal}, the last thing known of each deal at the second snapshot:
    still open there, or won or lost since the first one. A deal of ``before`` that is
    missing in ``after`` was deleted and counts as lost.

    Opening and closing are the open amounts expected in the period. A deal that came
    and went between the two is counted as new and as won (lost), which cancel out.
    """

    def inside(deal):
        return deal.closing is not None and start <= deal.closing <= end

    opened = {key: deal for key, deal in before.items() if inside(deal)}
    opening = sum((deal.amount for deal in opened.values()), ZERO)
    closing = sum(
        (d.amount for d in after.values() if d.status == "pending" and inside(d)), ZERO
    )
    moves = []
    for key, deal in opened.items():
        moves += _leave(key, deal, after.get(key), inside)
    for key, deal in after.items():
        if key in opened or not inside(deal):
            continue
        moves.append(Move(key, "pulled_in" if key in before else "new", deal.amount))
        if deal.status != "pending":
            moves.append(Move(key, deal.status, -deal.amount))
    return Waterfall(opening, closing, tuple(moves))


def _leave(key, old, new, inside):
    """Return the moves of a deal that was in the opening."""
    if new is None:
        return [Move(key, "lost", -old.amount)]
    if new.status != "pending":
        return [Move(key, new.status, -old.amount)]
    if not inside(new):
        return [Move(key, "slipped", -old.amount)]
    change = new.amount - old.amount
    if not change:
        return []
    return [Move(key, "grown" if change > 0 else "shrunk", change)]


def mean_absolute_percentage_error(pairs):
    """Return MAPE in percent over (forecast, actual), None if no actual is above 0.

    Pairs whose actual is zero have no percentage and are left out (Hyndman and Koehler,
    Another look at measures of forecast accuracy, 2006).
    """
    errors = [
        abs(forecast - actual) / actual for forecast, actual in pairs if actual > 0
    ]
    return 100.0 * float(sum(errors)) / len(errors) if errors else None


def bias(pairs):
    """Return the bias in percent of the actual sum; above zero: forecast too high."""
    actual = sum(actual for _forecast, actual in pairs)
    if not actual:
        return None
    return (
        100.0
        * float(sum(forecast for forecast, _actual in pairs) - actual)
        / float(actual)
    )


def brier(pairs):
    """Return the mean of (p - outcome)^2 over (probability 0..1, won), None if empty.

    0 is perfect, 0.25 is what guessing one half for everything scores (Brier 1950).
    """
    scores = [(probability - bool(won)) ** 2 for probability, won in pairs]
    return sum(scores) / len(scores) if scores else None
