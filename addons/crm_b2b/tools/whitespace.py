"""Whitespace grid of a key account: which product family sells at which site.

A cell is the strongest thing that happened between a family and a site. The order is
bought > open > quoted > lost > white: what was bought is no whitespace, a running deal
is nearer to an order than a quotation alone, and a loss is only shown where nothing
else is known. Pure functions; amounts are in one currency, which is the caller's duty.
"""

from typing import NamedTuple

STATES = ("bought", "open", "quoted", "lost")


class Fact(NamedTuple):
    """One sum of documents: ``state`` is one of STATES; site and family are keys."""

    site: object
    family: object
    state: str
    amount: float
    count: int = 1


class Cell(NamedTuple):
    state: str  # one of STATES, or "white"
    amount: float
    count: int


def build_cells(sites, families, facts):
    """Return {(site, family): Cell} for every pair of the two sequences.

    Facts outside the grid are ignored; amounts of the same pair and state add up.
    Raises ValueError for an unknown state.

    >>> build_cells("A", "xy", [Fact("A", "x", "lost", 5), Fact("A", "x", "quoted", 7)])
    {('A', 'x'): Cell(state='quoted', amount=7, count=1), \
('A', 'y'): Cell(state='white', amount=0.0, count=0)}
    """
    best = {}
    for fact in facts:
        if fact.state not in STATES:
            raise ValueError(f"unknown state {fact.state!r}")
        key = (fact.site, fact.family)
        known = best.get(key)
        if known is None or STATES.index(fact.state) < STATES.index(known.state):
            best[key] = Cell(fact.state, fact.amount, fact.count)
        elif known.state == fact.state:
            best[key] = Cell(
                known.state, known.amount + fact.amount, known.count + fact.count
            )
    white = Cell("white", 0.0, 0)
    return {
        (site, family): best.get((site, family), white)
        for site in sites
        for family in families
    }


def coverage(cells):
    """Return the share of cells bought, 0 to 1; 0 for an empty grid."""
    if not cells:
        return 0.0
    return sum(cell.state == "bought" for cell in cells.values()) / len(cells)
