"""Advice from association rules: what to offer to somebody who bought these items."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .association_rules import Rule


class Advice(NamedTuple):
    """Offer ``item``: ``count`` of ``left_count`` baskets with ``because`` also hold
    it.

    ``score`` is lift x confidence x margin; the greatest comes first.
    """

    item: int
    because: tuple[int, ...]
    count: int
    left_count: int
    score: float


def advise(
    rules: Iterable[Rule],
    bought: Collection[int],
    margin: Mapping[int, float] | None = None,
    saleable: Collection[int] | None = None,
    limit: int = 5,
) -> tuple[Advice, ...]:
    """The best offers: each item once, by its best rule.

    :param rules: from :meth:`association_rules.Rules.rows`
    :param bought: items in the basket or bought in the last 12 months
    :param margin: margin by item; without it all weigh 1, an item that is missing
        weighs 0
    :param saleable: items that may be sold to this customer; all when left out
    """
    have = frozenset(bought)
    allowed = None if saleable is None else frozenset(saleable)
    best: dict[int, Advice] = {}
    for rule in rules:
        item = rule.right
        if item in have or not have.issuperset(rule.left):
            continue
        if allowed is not None and item not in allowed:
            continue
        weight = 1.0 if margin is None else margin.get(item, 0.0)
        score = rule.lift * rule.confidence * weight
        if score > 0 and (item not in best or score > best[item].score):
            best[item] = Advice(item, rule.left, rule.count, rule.left_count, score)
    ranked = sorted(best.values(), key=lambda a: (-a.score, a.item))
    return tuple(ranked[:limit])
