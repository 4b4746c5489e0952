"""Findings: statements about the customers, tested, with strength, and followed over
time.

Three kinds: two figures move together (Spearman's rank correlation), two groupings
depend on each other (chi-square, Cramer's V with Bergsma's correction), a figure
differs between groups (Kruskal-Wallis, epsilon squared). Where many are tested at once,
:func:`adjust` raises the p values (Benjamini, Hochberg 1995) before :func:`follow`
decides.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

MIN_COUNT = 20
MIN_EXPECTED = 5.0
ALPHA = 0.05
WEAKER = 0.8
Z_95 = 1.959964
STATES = ("new", "confirmed", "weakened", "refuted", "not_found", "untested")


class Finding(NamedTuple):
    """Result of one test.

    ``strength`` is rho (-1..1), V or epsilon squared (0..1); ``p`` the probability of
    such a result by chance; ``n`` the observations. A test that could not be made has
    the reason as a code in ``reason`` and None for strength and p.

    ``statistic`` is what p was read from (rho, chi-square or H), ``freedom`` its
    degrees of freedom, None for rho; ``low`` and ``high`` bound rho at 95 %.
    """

    kind: str
    strength: float | None
    p: float | None
    n: int
    reason: str | None = None
    statistic: float | None = None
    freedom: int | None = None
    low: float | None = None
    high: float | None = None

    def evidence(self) -> dict[str, object]:
        """What the result rests on: number, statistic, p before adjusting, interval."""
        figures = {
            "statistic": self.statistic,
            "freedom": self.freedom,
            "p": self.p,
            "low": self.low,
            "high": self.high,
        }
        return {"n": self.n} | {
            name: round(value, 6)
            for name, value in figures.items()
            if value is not None
        }


class Groups(NamedTuple):
    """Median and number of a figure by group, best first."""

    group: tuple[Hashable, ...]
    median: tuple[float, ...]
    count: tuple[int, ...]


def correlation(first: ArrayLike, second: ArrayLike) -> Finding:
    """Do two figures move together? Pairs with a missing figure are left out."""
    a, b = (np.asarray(v, dtype=float).reshape(-1) for v in (first, second))
    if len(a) != len(b):
        raise ValueError("the two figures differ in length")
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < MIN_COUNT:
        return Finding("correlation", None, None, len(a), "too_few")
    if not np.ptp(a) or not np.ptp(b):
        return Finding("correlation", None, None, len(a), "no_variation")
    found = stats.spearmanr(a, b)
    rho = float(found.statistic)
    low, high = interval(rho, len(a))
    return Finding(
        "correlation",
        rho,
        float(found.pvalue),
        len(a),
        statistic=rho,
        low=low,
        high=high,
    )


def interval(rho: float, n: int) -> tuple[float, float]:
    """Bounds of a rank correlation at 95 %, by Fisher's transformation.

    The standard error is that of Bonett and Wright (2000) for ranks:
    ``sqrt((1 + rho^2 / 2) / (n - 3))``.

    >>> [round(bound, 3) for bound in interval(0.5, 103)]
    [0.329, 0.639]
    """
    bounded = np.clip(rho, -1 + 1e-12, 1 - 1e-12)
    width = Z_95 * np.sqrt((1 + rho**2 / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(bounded) + np.array([-width, width]))
    return float(low), float(high)


def association(first: Sequence[Hashable], second: Sequence[Hashable]) -> Finding:
    """Do two groupings depend on each other? None leaves an observation out."""
    return association_of(_crossed(first, second))


def _crossed(first: Sequence[Hashable], second: Sequence[Hashable]) -> NDArray:
    pairs = [
        (a, b)
        for a, b in zip(first, second, strict=True)
        if a is not None and b is not None
    ]
    rows = {key: i for i, key in enumerate(dict.fromkeys(a for a, _b in pairs))}
    columns = {key: i for i, key in enumerate(dict.fromkeys(b for _a, b in pairs))}
    table = np.zeros((len(rows), len(columns)))
    for a, b in pairs:
        table[rows[a], columns[b]] += 1
    return table


def association_of(counts: ArrayLike) -> Finding:
    """As :func:`association`, from a table of counts, shape (rows, columns).

    Refused where more than a fifth of the expected counts are below 5 (Cochran 1954).
    """
    table = np.asarray(counts, dtype=float)
    n = int(table.sum())
    if n < MIN_COUNT:
        return Finding("association", None, None, n, "too_few")
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = table.shape
    if min(rows, columns) < 2:
        return Finding("association", None, None, n, "no_variation")
    found = stats.chi2_contingency(table, correction=False)
    if (found.expected_freq < MIN_EXPECTED).mean() > 0.2:
        return Finding("association", None, None, n, "cells_too_small")
    phi = max(0.0, found.statistic / n - (rows - 1) * (columns - 1) / (n - 1))
    r = rows - (rows - 1) ** 2 / (n - 1)
    c = columns - (columns - 1) ** 2 / (n - 1)
    strength = float(np.sqrt(phi / (min(r, c) - 1)))
    return Finding(
        "association",
        strength,
        float(found.pvalue),
        n,
        statistic=float(found.statistic),
        freedom=int(found.dof),
    )


def difference(
    figure: ArrayLike, group: Sequence[Hashable], min_group: int = 5
) -> tuple[Finding, Groups]:
    """Does a figure differ between groups? Groups below ``min_group`` are left out."""
    values = np.asarray(figure, dtype=float).reshape(-1)
    split: dict[Hashable, list[float]] = {}
    for key, value in zip(group, values.tolist(), strict=True):
        if key is not None and np.isfinite(value):
            split.setdefault(key, []).append(value)
    kept = {key: rows for key, rows in split.items() if len(rows) >= min_group}
    ranked = sorted(kept, key=lambda key: (-float(np.median(kept[key])), str(key)))
    groups = Groups(
        tuple(ranked),
        tuple(float(np.median(kept[key])) for key in ranked),
        tuple(len(kept[key]) for key in ranked),
    )
    n = sum(groups.count)
    reason = None
    if n < MIN_COUNT:
        reason = "too_few"
    elif len(kept) < 2:
        reason = "one_group"
    elif not np.ptp(np.concatenate(list(kept.values()))):
        reason = "no_variation"
    if reason:
        return Finding("difference", None, None, n, reason), groups
    found = stats.kruskal(*kept.values())
    strength = float(found.statistic / (n - 1))
    result = Finding(
        "difference",
        strength,
        float(found.pvalue),
        n,
        statistic=float(found.statistic),
        freedom=len(kept) - 1,
    )
    return result, groups


def adjust(p_values: ArrayLike) -> NDArray[np.float64]:
    """p values raised for testing many at once (Benjamini-Hochberg), in the order
    given.

    >>> adjust([0.01, 0.04, 0.03])
    array([0.03, 0.04, 0.04])
    """
    p = np.asarray(p_values, dtype=float).reshape(-1)
    return stats.false_discovery_control(p) if len(p) else p


def follow(
    now: Finding,
    previous: Finding | None = None,
    alpha: float = ALPHA,
    p: float | None = None,
) -> str:
    """State of a statement after this run, against the run before: one of
    :data:`STATES`.

    *new* and *not_found* are first answers; *confirmed* keeps at least 80 % of the
    strength, *weakened* less; *refuted* no longer holds, or turned round; *untested*
    cannot be told.

    :param previous: the finding of the run before, if the statement held then
    :param p: adjusted p value to use in place of the finding's own
    """
    if now.strength is None or now.p is None:
        return "untested"
    holds = (now.p if p is None else p) < alpha
    if previous is None or previous.strength is None:
        return "new" if holds else "not_found"
    if not holds or now.strength * previous.strength < 0:
        return "refuted"
    enough = abs(now.strength) >= WEAKER * abs(previous.strength)
    return "confirmed" if enough else "weakened"
