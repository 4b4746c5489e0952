"""Loyalty, risk, lifetime and stage of many customers: the kernels put together."""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import (
    churn,
    clv,
    holdout,
    lifecycle,
    lifetime,
    loyalty,
    months,
    trend,
)
from .lifetime import Models

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


class Facts(NamedTuple):
    """What the computation reads of n customers; arrays of shape (n,), NaN unknown.

    ``purchase_days`` counts all purchase days, ``contribution`` is that of the window,
    ``contribution_half`` that of the last half year (six months of time, though the
    running one is not over), ``contribution_total`` all of it. ``age`` and ``recency``
    are days since the first and the last purchase, ``monthly`` has shape (n, 12),
    oldest month first (None while not read); ``breadth``, ``rating`` (1..5) and
    ``commitment`` (0 or 1) are NaN where there is no data.
    """

    age: NDArray[np.float64]
    recency: NDArray[np.float64]
    cadence: NDArray[np.float64]
    active_months: NDArray[np.float64]
    half: NDArray[np.float64]
    half_before: NDArray[np.float64]
    monthly: NDArray[np.float64] | None
    purchase_days: NDArray[np.float64]
    contribution: NDArray[np.float64]
    contribution_half: NDArray[np.float64]
    contribution_total: NDArray[np.float64]
    breadth: NDArray[np.float64]
    rating: NDArray[np.float64]
    commitment: NDArray[np.float64]

    def without_months(self) -> list[NDArray[np.float64]]:
        """The columns but ``monthly``."""
        return [values for name, values in self._asdict().items() if name != "monthly"]

    def of(self, rows: NDArray[np.int64], monthly: NDArray[np.float64]) -> "Facts":
        """Those of some customers, with their months."""
        found = {
            name: values[rows]
            for name, values in self._asdict().items()
            if name != "monthly"
        }
        return Facts(**found, monthly=monthly)


class Policy(NamedTuple):
    """What the computation takes from the policy of the company.

    ``weights_of_churn`` are those that did better on the company's past, ``rule`` the
    better lifetime rule there; None for the published weights and for the model.
    ``models`` were fitted before; None to fit them on the same facts.
    """

    weights: loyalty.Weights = loyalty.Weights()
    tenure_years: float = 5.0
    lifetime: clv.Policy = clv.Policy()
    minimum: int = 50
    weights_of_churn: churn.Weights | None = None
    rule: str | None = None
    models: Models | None = None


class Features(NamedTuple):
    """Loyalty 0..100 and risk 0..1 with what they are made of; arrays of shape (n,).

    ``models`` reports on the fits. What a score is made of is told for some rows at a
    time: in words it takes ten times the room of the figures. Tiers are not among them:
    they rest on all customers, see :mod:`tier`.
    """

    loyalty: NDArray[np.float64]
    components: NDArray[np.float64]
    weights: NDArray[np.float64]
    risk: NDArray[np.float64]
    signals: churn.Risk
    p_active: NDArray[np.float64]
    value: NDArray[np.float64]
    models: dict[str, object]

    def parts(self, rows: slice) -> list[dict[str, float]]:
        """The components that entered the loyalty of some rows."""
        return [
            {
                name: round(value, 4)
                for name, value, weight in zip(
                    loyalty.COMPONENTS, values, used, strict=True
                )
                if weight
            }
            for values, used in zip(
                self.components[rows].tolist(), self.weights[rows].tolist(), strict=True
            )
        ]

    def reasons(self, rows: slice) -> list[list[tuple[str, float, float]]]:
        """Signal, figure, and what it adds to the risk, strongest first."""
        return [
            [(r.code, round(r.value, 4), round(r.adds, 4)) for r in found]
            for found in self.signals.reasons_of(rows)
        ]


def month_grid(as_of: date) -> int:
    """Number of the month of ``as_of``; the grid's last column."""
    return months.number(as_of)


def compute(facts: Facts, policy: Policy) -> Features:
    """All features of every customer; NaN for one that never bought."""
    never = np.isnan(facts.age)
    components = _components(facts, never, policy.tenure_years)
    index = loyalty.score(components, policy.weights)
    score = np.where(never, np.nan, index.score)
    weights = np.where(never[:, None], 0.0, index.weights)  # no parts without a score
    life = _lifetime(facts, ~never, policy)
    risk = churn.score(_figures(facts, life), policy.weights_of_churn)
    return Features(
        score,
        components,
        weights,
        np.where(never, np.nan, risk.risk),
        risk,
        life.p_active,
        life.value,
        life.report,
    )


def with_contracts(
    value: NDArray[np.float64],
    contract: NDArray[np.float64],
    share: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Lifetime value with contracts; NaN where neither is known.

    :param contract: value of the contracts, NaN where there are none to know of
    :param share: of the revenue that is billed by contract: it leaves the model's part
    """
    if np.isnan(contract).all():
        return value
    known = ~np.isnan(value) | (contract != 0)
    return np.where(known, np.nan_to_num(value) * (1 - share) + contract, np.nan)


def figures(facts: Facts, policy: Policy) -> churn.Figures:
    """What the risk of leaving rests on; the lifetime value is not part of it."""
    policy = policy._replace(rule=holdout.SIMPLE, models=None)
    return _figures(facts, _lifetime(facts, ~np.isnan(facts.age), policy))


def _figures(facts, life):
    return churn.Figures(
        facts.recency / np.maximum(facts.cadence, 1),
        trend.slope_over_level(facts.monthly),
        trend.season_change(facts.half, facts.half_before),
        life.p_active,
        life.expected,
    )


def _components(facts, never, tenure_years):
    """The five shares of the loyalty, NaN without data, shape (n, 5)."""
    kept = loyalty.continuity(
        facts.active_months, facts.cadence, facts.age / DAYS_PER_MONTH
    )
    return np.column_stack(
        [
            np.where(never, np.nan, kept),
            loyalty.tenure(facts.age / DAYS_PER_YEAR, tenure_years),
            facts.breadth,
            loyalty.satisfaction(facts.rating),
            facts.commitment,
        ]
    )


def _lifetime(facts, known, policy):
    """Lifetime figures of the customers that bought, in the order of all."""
    found = lifetime.compute(
        lifetime.History(
            facts.purchase_days[known],
            (facts.age - facts.recency)[known],
            facts.age[known],
            facts.contribution_total[known],
            facts.contribution_half[known],
        ),
        policy.lifetime,
        policy.minimum,
        policy.rule,
        policy.models,
    )
    spread = []
    for values in found[:3]:
        whole = np.full(len(known), np.nan)
        whole[known] = values
        spread.append(whole)
    return lifetime.Lifetime(*spread, found.report)


def stages(
    contributions: NDArray[np.float64],
    first: NDArray[np.float64],
    dormant: NDArray[np.float64],
    now: int,
    elapsed: float = 1.0,
) -> tuple[list[str | None], list[date | None]]:
    """Stage of each customer and the first day of the month since when.

    :param contributions: index of the customer, month number and contribution by row,
        shape (m, 3); what lies before the month of the first purchase is what winning
        the customer cost
    :param first: month number of the first purchase, NaN without one, shape (n,)
    :param dormant: month number from which the customer is dormant, NaN for not
    :param now: month number of the day of the computation
    :param elapsed: share of that month that has passed
    """
    bought = ~np.isnan(first)
    start = np.where(bought, first, now).astype(np.int64)
    length = now - start + 1
    owner, month = contributions[:, :2].astype(np.int64).T
    inside = (month >= start[owner]) & (month <= now)
    monthly = np.zeros((len(start), max(length, default=1)))
    monthly[owner[inside], (month - start[owner])[inside]] = contributions[inside, 2]
    before = month < start[owner]
    cost = -np.bincount(owner[before], contributions[before, 2], len(start))
    resting = np.where(np.isnan(dormant), now + 1, dormant) - start
    stage, begin = lifecycle.present(
        monthly, length, resting, acquisition_cost=cost, elapsed=elapsed
    )
    days = {
        number: months.first_day(number) for number in set((start + begin).tolist())
    }
    return (
        [
            lifecycle.STAGES[index] if known else None
            for index, known in zip(stage.tolist(), bought.tolist(), strict=True)
        ],
        [
            days[number] if known else None
            for number, known in zip(
                (start + begin).tolist(), bought.tolist(), strict=True
            )
        ],
    )
