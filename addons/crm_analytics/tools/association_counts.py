"""Counts of items, pairs and triples in baskets; those of items and pairs are additive.

The counts of new baskets are added, those of leaving ones subtracted, and the result is
what counting everything again would give. Triples are counted from the frequent pairs
only: a triple is no more frequent than each of its three pairs. The memory for it grows
with the lines of goods in such pairs and with the triples, not with the triples of each
basket.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
_DENSE = 1 << 24
_SPARSE = 20
_PACKED = 1 << 62
_PENDING = 1 << 22  # triples of baskets that wait to be tallied


class Counts(NamedTuple):
    """Baskets, and how many hold each item and each pair; all additive.

    ``items``, ``item_counts`` shape (k,), ascending; ``first``, ``second``,
    ``pair_counts`` shape (m,) with first < second, ascending.
    """

    baskets: int
    items: Ints
    item_counts: Ints
    first: Ints
    second: Ints
    pair_counts: Ints


def _lines(basket: ArrayLike, item: ArrayLike) -> tuple[Ints, Ints]:
    """Distinct (basket, item), ordered by both."""
    baskets = np.asarray(basket, dtype=np.int64).reshape(-1)
    items = np.asarray(item, dtype=np.int64).reshape(-1)
    if len(baskets) != len(items):
        raise ValueError("basket and item differ in length")
    if len(items) and items.min() < 0:
        raise ValueError("items are numbers from 0 on")
    if not len(items):
        return baskets, items
    size, low = int(items.max()) + 1, int(baskets.min())
    if (int(baskets.max()) - low + 1) * size < _PACKED:  # one sort of one number
        keys = np.sort((baskets - low) * size + items)
        baskets, items = np.divmod(keys[_new(keys)], size)
        return baskets + low, items
    order = np.lexsort((items, baskets))
    baskets, items = baskets[order], items[order]
    new = _new(baskets) | _new(items)
    return baskets[new], items[new]


def _new(ascending: Ints) -> NDArray[np.bool_]:
    """Where a value differs from the one before."""
    new = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return new


def _numbered(items: Ints) -> tuple[Ints, Ints, Ints]:
    """Distinct items, the index of each in them, and how often each occurs."""
    if not len(items) or items.max() > _SPARSE * len(items):
        return np.unique(items, return_inverse=True, return_counts=True)
    total = np.bincount(items)
    found = np.flatnonzero(total)
    index = np.zeros(len(total), np.int64)
    index[found] = np.arange(len(found))
    return found, index[items], total[found]


def _neighbours(owner: Ints) -> Iterator[tuple[int, Ints]]:
    """Distance k, and the positions whose k-th next line is of the same basket."""
    at = np.arange(len(owner))
    distance = 1
    while True:
        at = at[at + distance < len(owner)]
        at = at[owner[at] == owner[at + distance]]
        if not len(at):
            return
        yield distance, at
        distance += 1


def _tally(keys: list[Ints], size: int) -> tuple[Ints, Ints]:
    """Distinct keys (below ``size``) and how often each occurs.

    Counting in a table of all possible keys pays when the keys fill a good part of it;
    few keys are sorted.
    """
    given = np.concatenate(keys) if keys else np.empty(0, np.int64)
    if size > min(_DENSE, _SPARSE * len(given)):
        return np.unique(given, return_counts=True)
    total = np.bincount(given, minlength=size)
    found = np.flatnonzero(total)
    return found, total[found]


def count(basket: ArrayLike, item: ArrayLike, min_count: int = 1) -> Counts:
    """Items and pairs of baskets; an item twice in a basket counts once.

    :param basket: integer key of the basket per line, shape (n,)
    :param item: integer key >= 0 of the item per line, shape (n,)
    :param min_count: leave out rarer items and their pairs; keep 1 for additive counts
    """
    owner, goods = _lines(basket, item)
    baskets = int(_new(owner).sum())
    items, index, item_counts = _numbered(goods)
    if min_count > 1:
        keep = (item_counts >= min_count)[index]
        owner, index = owner[keep], index[keep]
    size = len(items)
    keys = [index[at] * size + index[at + k] for k, at in _neighbours(owner)]
    pairs, pair_counts = _tally(keys, size * size)
    enough = item_counts >= min_count
    first, second = np.divmod(pairs, max(size, 1))
    return Counts(
        baskets,
        items[enough],
        item_counts[enough],
        items[first],
        items[second],
        pair_counts,
    )


def add(counts: Counts, change: Counts, sign: int = 1) -> Counts:
    """Counts with those of other baskets added, or subtracted with ``sign`` -1.

    :raises ValueError: when more is subtracted than there is
    """
    items, item_counts = _sum(
        (counts.items,), (change.items,), counts.item_counts, change.item_counts, sign
    )
    (first, second), pair_counts = _sum(
        (counts.first, counts.second),
        (change.first, change.second),
        counts.pair_counts,
        change.pair_counts,
        sign,
    )
    baskets = counts.baskets + sign * change.baskets
    if baskets < 0:
        raise ValueError("more baskets leave than there are")
    return Counts(baskets, items[0], item_counts, first, second, pair_counts)


def _sum(
    keys: tuple[Ints, ...], more: tuple[Ints, ...], own: Ints, extra: Ints, sign: int
) -> tuple[list[Ints], Ints]:
    columns = [np.r_[a, b] for a, b in zip(keys, more, strict=True)]
    value = np.r_[own, sign * extra]
    order = np.lexsort(columns[::-1])
    columns, value = [column[order] for column in columns], value[order]
    if not len(value):
        return columns, value
    new = np.ones(len(value), dtype=bool)
    new[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    total = np.add.reduceat(value, np.flatnonzero(new))
    if (total < 0).any():
        raise ValueError("more is subtracted than was counted")
    return [column[new][total > 0] for column in columns], total[total > 0]


def in_triples(first: Ints, second: Ints) -> Ints:
    """Items that may be in a frequent triple: those of two frequent pairs, ascending.

    :param first: with ``second`` the pairs that are frequent, shape (m,)
    """
    items, pairs = np.unique(np.r_[first, second], return_counts=True)
    return items[pairs >= 2].astype(np.int64)


def triples(
    basket: ArrayLike, item: ArrayLike, first: Ints, second: Ints, least: int
) -> tuple[Ints, Ints]:
    """Triples of items with at least ``least`` baskets, shape (t, 3), and their counts.

    :param first: with ``second`` the pairs that are frequent, shape (m,)
    """
    items = in_triples(first, second)
    owner, index = _lines_of(basket, item, items)
    size = len(items)
    found, total = np.empty(0, np.int64), np.empty(0, np.int64)
    for keys in _batches(_candidates(owner, index, _frequent(items, first, second))):
        more = _tally(keys, size**3)
        found, total = _merged((found, total), more)
    found, total = found[total >= least], total[total >= least]
    pair, third = np.divmod(found, max(size, 1))
    one, two = np.divmod(pair, max(size, 1))
    return np.column_stack([items[one], items[two], items[third]]), total


def _lines_of(basket: ArrayLike, item: ArrayLike, items: Ints) -> tuple[Ints, Ints]:
    """Lines of ``items`` in baskets with three of them: basket, index of the item."""
    given = np.asarray(item, dtype=np.int64).reshape(-1)
    keep = np.isin(given, items)
    owner, goods = _lines(np.asarray(basket, np.int64).reshape(-1)[keep], given[keep])
    if len(owner):
        starts = np.flatnonzero(_new(owner))
        sizes = np.diff(np.r_[starts, len(owner)])
        keep = np.repeat(sizes >= 3, sizes)
        owner, goods = owner[keep], goods[keep]
    return owner, np.searchsorted(items, goods)


def _frequent(items: Ints, first: Ints, second: Ints) -> "_Known":
    """The frequent pairs of ``items`` as known keys of their indices."""
    size = len(items)
    inside = np.isin(first, items) & np.isin(second, items)
    one, two = (np.searchsorted(items, part[inside]) for part in (first, second))
    return _Known(np.sort(one * size + two), size)


def _candidates(owner: Ints, index: Ints, frequent: "_Known") -> Iterator[Ints]:
    """Keys of the triples in each basket of which all three pairs are frequent."""
    size = frequent.items
    for near, at in _neighbours(owner):
        pair = index[at] * size + index[at + near]
        good = frequent(pair)
        at, pair = at[good], pair[good]
        for far in range(near + 1, len(owner)):
            inside = at + far < len(owner)
            at, pair = at[inside], pair[inside]
            same = owner[at] == owner[at + far]
            at, pair = at[same], pair[same]
            if not len(at):
                break
            last = index[at + far]
            good = frequent(index[at] * size + last)
            good &= frequent(index[at + near] * size + last)
            yield pair[good] * size + last[good]


def _batches(keys: Iterator[Ints]) -> Iterator[list[Ints]]:
    """The arrays, as many together as are to be tallied at once."""
    batch, pending = [], 0
    for part in keys:
        batch.append(part)
        pending += len(part)
        if pending >= _PENDING:
            yield batch
            batch, pending = [], 0
    if batch:
        yield batch


def _merged(one: tuple[Ints, Ints], two: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Two tallies as one."""
    if not len(one[0]):
        return two
    keys, place = np.unique(np.r_[one[0], two[0]], return_inverse=True)
    total = np.zeros(len(keys), np.int64)
    np.add.at(total, place, np.r_[one[1], two[1]])
    return keys, total


class _Known:
    """Whether keys of pairs of ``items`` are among those that are known."""

    def __init__(self, known: Ints, items: int):
        self.items = items
        self._known = known
        self._table = None
        if items * items <= _DENSE:
            self._table = np.zeros(items * items, dtype=bool)
            self._table[known] = True

    def __call__(self, keys: Ints) -> NDArray[np.bool_]:
        if self._table is not None:
            return self._table[keys]
        if not len(self._known):
            return np.zeros(len(keys), dtype=bool)
        at = np.searchsorted(self._known, keys)
        return self._known[np.minimum(at, len(self._known) - 1)] == keys
