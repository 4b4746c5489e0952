"""Customer lifetime value over a horizon: purchases x contribution, discounted, plus
contract.

Customers under contract are not "buy till you die": what their contract still bills,
times the probability of renewal for what lies beyond it, is added to the model's share.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import bgnbd

DAYS_PER_MONTH = 365.25 / 12


class Policy(NamedTuple):
    """``months`` of horizon, and the yearly discount rate as a fraction."""

    months: int = 24
    yearly_rate: float = 0.10


def _check(policy: Policy) -> None:
    if policy.months < 1:
        raise ValueError("the horizon has at least one month")
    if policy.yearly_rate <= -1:
        raise ValueError("the yearly rate must lie above -100 %")


def discount(policy: Policy) -> NDArray[np.float64]:
    """Present value of 1 paid at the end of each month, shape (months,)."""
    _check(policy)
    months = np.arange(1, policy.months + 1)
    return (1 + policy.yearly_rate) ** (-months / 12)


def discounted_purchases(
    parameters: bgnbd.Parameters,
    x: ArrayLike,
    t_x: ArrayLike,
    T: ArrayLike,
    policy: Policy | None = None,
    month: float = DAYS_PER_MONTH,
) -> NDArray[np.float64]:
    """Present number of purchases expected in the horizon, shape (n,).

    :param month: length of a month in the unit of ``T`` (days by default)
    """
    policy = policy or Policy()
    factors = discount(policy)
    total = np.zeros(len(np.asarray(x).reshape(-1)))
    before = np.zeros_like(total)
    for index, factor in enumerate(factors, 1):
        until = bgnbd.expected_purchases(parameters, x, t_x, T, index * month)
        total += factor * (until - before)
        before = until
    return total


def lifetime_value(
    purchases: ArrayLike,
    mean_contribution: ArrayLike,
    remaining_billing: ArrayLike = 0.0,
    renewal_probability: ArrayLike = 0.0,
    renewal_billing: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Lifetime value, shape (n,), in the currency of the contributions.

    :param purchases: present number of purchases outside contracts
    :param mean_contribution: expected contribution per purchase
    :param remaining_billing: present contribution of what the running contract still
        bills
    :param renewal_probability: of the contract, 0..1 (Kaplan-Meier of its level)
    :param renewal_billing: present contribution in the horizon if it is renewed
    :raises ValueError: for a probability outside 0..1
    """
    probability = np.asarray(renewal_probability, dtype=float)
    if ((probability < 0) | (probability > 1)).any():
        raise ValueError("a renewal probability lies between 0 and 1")
    bought = np.asarray(purchases, dtype=float) * np.asarray(mean_contribution)
    return (
        bought
        + np.asarray(remaining_billing, dtype=float)
        + probability * np.asarray(renewal_billing, dtype=float)
    )


def half_year_repeats(
    half_year: ArrayLike, policy: Policy | None = None
) -> NDArray[np.float64]:
    """The simple rule: the last half year's contribution repeats, discounted; shape
    (n,).
    """
    policy = policy or Policy()
    return np.asarray(half_year, dtype=float) / 6 * discount(policy).sum()
