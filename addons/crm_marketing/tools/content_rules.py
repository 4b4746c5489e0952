"""Which blocks a recipient gets: class x season x product x industry, in order."""

from collections.abc import Iterable
from typing import NamedTuple


class Block(NamedTuple):
    """A block's rule; an empty set asks for nothing.

    ``products`` and ``categories``: bought one of them. ``month_from`` to ``month_to``
    (1..12, both or none) may run over the turn of the year. ``needs_offer``: shown only
    where there is something to recommend. ``fallback``: only where no other block fits.
    """

    key: int
    classes: frozenset[str] = frozenset()
    industries: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    month_from: int | None = None
    month_to: int | None = None
    needs_offer: bool = False
    fallback: bool = False


class Recipient(NamedTuple):
    """What is known of a recipient; ``has_offer``: a product can be recommended."""

    value_class: str | None = None
    industry: int | None = None
    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    has_offer: bool = False


def in_season(month: int, month_from: int | None, month_to: int | None) -> bool:
    """Whether the month lies in the season; 11 to 2 is November to February."""
    if not month_from or not month_to:
        return True
    if month_from <= month_to:
        return month_from <= month <= month_to
    return month >= month_from or month <= month_to


def fits(block: Block, recipient: Recipient, month: int) -> bool:
    """Whether all that the block asks for holds."""
    return (
        (not block.classes or recipient.value_class in block.classes)
        and (not block.industries or recipient.industry in block.industries)
        and _bought(block, recipient)
        and in_season(month, block.month_from, block.month_to)
        and (recipient.has_offer or not block.needs_offer)
    )


def _bought(block, recipient):
    if not block.products and not block.categories:
        return True
    return bool(
        block.products & recipient.products or block.categories & recipient.categories
    )


def choose(
    blocks: Iterable[Block], recipient: Recipient, month: int, most: int
) -> list[int]:
    """Keys of the blocks in their order, ``most`` at most; else the first fallback.

    :raises ValueError: when the month is none or ``most`` is below one
    """
    if not 1 <= month <= 12:
        raise ValueError("a month is 1 to 12")
    if most < 1:
        raise ValueError("at least one block must be allowed")
    blocks = list(blocks)
    chosen = [
        block.key
        for block in blocks
        if not block.fallback and fits(block, recipient, month)
    ]
    if chosen:
        return chosen[:most]
    return [
        block.key
        for block in blocks
        if block.fallback and fits(block, recipient, month)
    ][:1]
