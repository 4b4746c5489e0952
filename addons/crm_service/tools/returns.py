"""Arithmetic of returns: what can still come back, who pays, what is credited."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: What the check of the request says -> nobody is charged for the repair.
FREE_OUTCOMES = frozenset({"warranty", "covered"})

#: Progress of a return as the customer sees it, in order.
STEPS = ("draft", "authorised", "received", "inspected", "settling", "done")

WARRANTY, COVERED, GOODWILL, CHARGED = "warranty", "covered", "goodwill", "charged"


class InvoiceRest(NamedTuple):
    """What of one invoice line has not been credited yet, in the product's unit."""

    key: int
    quantity: float


class NotEnough(ValueError):
    """Less is there than asked for; ``left`` says how much."""

    def __init__(self, left: float):
        super().__init__(f"only {left:g} left")
        self.left = left


def rest(delivered: float, taken: Iterable[float], digits: int = 6) -> float:
    """Return what of a delivery can still come back, never below zero.

    :param delivered: quantity of the delivery
    :param taken: quantities that came back or are on their way
    """
    return max(0.0, round(delivered - sum(taken), digits))


def coverage(*, goodwill: bool, warranty: bool, outcome: str | None) -> str:
    """Return who pays for the repair of one line.

    A decision of goodwill goes first, then the warranty of the very product that came
    back, then the check of the request (which knows the contracts).
    """
    if goodwill:
        return GOODWILL
    if warranty or outcome == "warranty":
        return WARRANTY
    return COVERED if outcome in FREE_OUTCOMES else CHARGED


def allocate(
    wanted: float, rests: Sequence[InvoiceRest], digits: int = 6
) -> list[InvoiceRest]:
    """Spread a quantity to credit over invoice lines, the first ones first.

    :raises NotEnough: if less was invoiced (and not credited) than wanted
    """
    shares, left = [], round(wanted, digits)
    for line in rests:
        take = round(min(left, max(line.quantity, 0.0)), digits)
        if take > 0:
            shares.append(InvoiceRest(line.key, take))
            left = round(left - take, digits)
    if left > 0:
        raise NotEnough(round(wanted - left, digits))
    return shares


def outcome(states: Iterable[str]) -> str | None:
    """Return what became of a return from what became of its lines.

    None as long as a line is open; ``mixed`` if lines ended differently.
    """
    found = set(states)
    if not found or "open" in found:
        return None
    return found.pop() if len(found) == 1 else "mixed"
