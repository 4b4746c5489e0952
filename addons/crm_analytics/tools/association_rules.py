"""Association rules: what is bought together, with support, confidence, lift, leverage.

Agrawal, Srikant (1994). With ``n`` baskets: ``support = count / n``; ``confidence =
count / count(left)``; ``lift = confidence / support(right)``; ``leverage = support -
support(left) * support(right)``. Left sides have one or two items, right sides one, as
arules' ``apriori`` with ``maxlen = 3``.

Counts of items and pairs are additive: those of new baskets are added, those of leaving
ones subtracted. Triples are counted from the frequent pairs only.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .association_counts import Counts, Ints, add, count, triples

__all__ = ["Counts", "Limits", "Rule", "Rules", "add", "count", "least_count", "rules"]

Floats = NDArray[np.float64]
NO_ITEM = -1


class Limits(NamedTuple):
    """Least support and confidence (shares) and lift of a rule."""

    support: float = 0.01
    confidence: float = 0.30
    lift: float = 1.1


class Rule(NamedTuple):
    """``count`` of ``left_count`` baskets with ``left`` also hold ``right``."""

    left: tuple[int, ...]
    right: int
    count: int
    left_count: int
    right_count: int
    support: float
    confidence: float
    lift: float
    leverage: float


class Rules(NamedTuple):
    """Columns of shape (r,), by descending lift; ``left2`` is -1 with one item left."""

    left1: Ints
    left2: Ints
    right: Ints
    count: Ints
    left_count: Ints
    right_count: Ints
    support: Floats
    confidence: Floats
    lift: Floats
    leverage: Floats

    def rows(self) -> Iterator[Rule]:
        """The rules one by one."""
        for left1, left2, *rest in zip(*(c.tolist() for c in self), strict=True):
            left = (left1,) if left2 == NO_ITEM else (left1, left2)
            yield Rule(left, *rest)


def least_count(support: float, baskets: int) -> int:
    """Smallest count whose share reaches ``support``; never less than 1."""
    return max(1, int(np.ceil(support * baskets - 1e-9)))


def rules(
    counts: Counts,
    limits: Limits | None = None,
    basket: ArrayLike = (),
    item: ArrayLike = (),
) -> Rules:
    """All rules within the limits, best lift first.

    :param basket: the baskets' lines, for rules with two items on the left; without
        them only rules between two items are given
    :raises ValueError: without baskets
    """
    if not counts.baskets:
        raise ValueError("no basket: no rule")
    limits = limits or Limits()
    least = least_count(limits.support, counts.baskets)
    frequent = counts.pair_counts >= least
    first, second = counts.first[frequent], counts.second[frequent]
    pairs = counts.pair_counts[frequent]
    none = np.full(len(pairs), NO_ITEM)
    single = [
        (left, none, right, pairs, _of(counts, left))
        for left, right in ((first, second), (second, first))
    ]
    three, together = triples(basket, item, first, second, least)
    double = list(_two_left(counts, three, together))
    columns = [np.concatenate(parts) for parts in zip(*single, *double, strict=True)]
    return _within(counts, columns, limits)


def _of(counts: Counts, item: Ints) -> Ints:
    return counts.item_counts[np.searchsorted(counts.items, item)]


def _two_left(counts: Counts, three: Ints, together: Ints) -> Iterator[tuple]:
    size = len(counts.items)

    def key(first: Ints, second: Ints) -> Ints:
        one, two = (np.searchsorted(counts.items, part) for part in (first, second))
        return one * size + two

    keys = key(counts.first, counts.second)
    for right in range(3):
        left1, left2 = (three[:, column] for column in range(3) if column != right)
        left_count = counts.pair_counts[np.searchsorted(keys, key(left1, left2))]
        yield left1, left2, three[:, right], together, left_count


def _within(counts: Counts, columns: list[Ints], limits: Limits) -> Rules:
    left1, left2, right, together, left_count = columns
    n = counts.baskets
    right_count = _of(counts, right)
    support, confidence = together / n, together / left_count
    lift = confidence * n / right_count
    leverage = support - left_count / n * right_count / n
    good = (confidence >= limits.confidence - 1e-12) & (lift >= limits.lift - 1e-12)
    every = Rules(
        left1,
        left2,
        right,
        together,
        left_count,
        right_count,
        support,
        confidence,
        lift,
        leverage,
    )
    order = np.lexsort((right, left2, left1, -confidence, -lift))
    order = order[good[order]]
    return Rules(*(column[order] for column in every))
