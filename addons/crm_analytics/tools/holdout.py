"""Forecasts against what really happened after the cut: which rule serves this company.

Both the lifetime model and the simple rule are judged on the same customers; the better
one is named and used.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

MODEL, SIMPLE = "model", "half_year_repeats"


class Bin(NamedTuple):
    """Customers with ``frequency`` repeat purchases before the cut (the last bin: or
    more).

    ``predicted`` and ``actual`` are mean purchases after the cut.
    """

    frequency: int
    customers: int
    predicted: float
    actual: float


class Score(NamedTuple):
    """How a forecast did: ``captured`` is the share of the later money held by the
    customers that it ranked in the top share; ``mae`` the mean absolute error; ``bias``
    the forecast sum over the real one minus 1, None where nothing was bought later.
    """

    name: str
    captured: float | None
    mae: float
    bias: float | None


class Verdict(NamedTuple):
    """Scores by forecast, and the name of the better one."""

    scores: tuple[Score, ...]
    better: str


def by_frequency(
    x: ArrayLike, predicted: ArrayLike, actual: ArrayLike, last: int = 7
) -> tuple[Bin, ...]:
    """Predicted and real purchases by repeat purchases before the cut.

    :param x: repeat purchases before the cut, shape (n,)
    :param predicted: purchases expected after it; ``actual`` those that came
    :param last: first number of the open last bin
    """
    groups = np.minimum(np.asarray(x, dtype=int).reshape(-1), last)
    expected = np.asarray(predicted, dtype=float).reshape(-1)
    came = np.asarray(actual, dtype=float).reshape(-1)
    if not len(groups) == len(expected) == len(came):
        raise ValueError("x, predicted and actual differ in length")
    return tuple(
        Bin(
            int(value),
            int((groups == value).sum()),
            float(expected[groups == value].mean()),
            float(came[groups == value].mean()),
        )
        for value in np.unique(groups)
    )


def captured(score: ArrayLike, actual: ArrayLike, top: float = 0.20) -> float | None:
    """Share of the later money held by the customers ranked in the top share.

    Customers with equal scores at the border count in proportion, so that the order of
    the rows does not matter.

    :return: None where the later money is not positive
    """
    rank, money = (
        np.asarray(values, dtype=float).reshape(-1) for values in (score, actual)
    )
    if len(rank) != len(money):
        raise ValueError("score and actual differ in length")
    total = money.sum()
    if not len(rank) or total <= 0:
        return None
    wanted = top * len(rank)
    order = np.argsort(-rank, kind="stable")
    limit = rank[order[min(len(rank) - 1, max(0, int(np.ceil(wanted)) - 1))]]
    above, tied = rank > limit, rank == limit
    part = (wanted - above.sum()) / tied.sum()
    return float((money[above].sum() + part * money[tied].sum()) / total)


def _score(name: str, forecast: NDArray, actual: NDArray, top: float) -> Score:
    total = actual.sum()
    return Score(
        name,
        captured(forecast, actual, top),
        float(np.abs(forecast - actual).mean()),
        float(forecast.sum() / total - 1) if total > 0 else None,
    )


def judge(
    forecasts: Mapping[str, ArrayLike], actual: ArrayLike, top: float = 0.20
) -> Verdict:
    """Which forecast of money ranks customers better; on a draw the smaller error wins.

    :param forecasts: money expected after the cut by name of the rule, each of shape
        (n,)
    :param actual: money that came, shape (n,)
    :raises ValueError: without forecast or customer, or when lengths differ
    """
    came = np.asarray(actual, dtype=float).reshape(-1)
    if not forecasts or not len(came):
        raise ValueError("nothing to judge: no forecast or no customer")
    scores = tuple(
        _score(name, np.asarray(values, dtype=float).reshape(-1), came, top)
        for name, values in forecasts.items()
    )
    better = min(scores, key=lambda s: (-round(s.captured or 0, 3), s.mae, s.name))
    return Verdict(scores, better.name)
