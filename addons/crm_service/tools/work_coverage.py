"""Who pays for a piece of work: decided from the request's decision and its contract.

Quantities are hours for work and pieces for parts.
"""

from typing import NamedTuple

from .entitlement import EPSILON, split

COVERED, BILLABLE, GOODWILL = "covered", "billable", "goodwill"


class Cover(NamedTuple):
    """What is known of the request when work on it is entered.

    :ivar outcome: of the decision: covered, warranty, exhausted, not_covered, blocked
    :ivar payer: kind of the entitlement that pays; None = the contract as a whole, or
        a manager's word
    :ivar left: units left in the entitlement for this kind of line; None = there is no
        such entitlement
    """

    outcome: str
    payer: str | None = None
    left: float | None = None


class Share(NamedTuple):
    coverage: str
    quantity: float
    from_ledger: bool = False


def decide(kind: str, quantity: float, cover: Cover) -> list[Share]:
    """Return who pays for which part of ``quantity`` of ``kind`` (hours or part).

    * Under warranty everything is covered.
    * An entitlement for the kind of line pays as far as it goes, the rest is billed.
    * Hours of a request that is covered by requests, visits or the contract as a
      whole are part of that service; its parts only with the whole contract.
    * All else is billed.

    >>> decide("hours", 4.0, Cover("covered", "hours", 1.5))
    [Share(coverage='covered', quantity=1.5, from_ledger=True), \
Share(coverage='billable', quantity=2.5, from_ledger=False)]
    """
    if cover.outcome == "warranty":
        return [Share(COVERED, quantity)]
    if cover.outcome != "covered":
        return [Share(BILLABLE, quantity)]
    if kind == "hours" and cover.payer in ("requests", "visits"):
        return [Share(COVERED, quantity)]
    if cover.left is not None:
        covered, billable = split(cover.left, quantity)
        shares = [Share(COVERED, covered, True), Share(BILLABLE, billable)]
        return [share for share in shares if share.quantity > EPSILON]
    if cover.payer is None:
        return [Share(COVERED, quantity)]
    return [Share(BILLABLE, quantity)]
