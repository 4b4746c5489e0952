"""Effect of a campaign: those addressed against those held out at random.

Means are compared with Welch's interval, shares with Newcombe's. Both are differences
"addressed minus held out". Where the groups are too small for such an interval there is
a :class:`Refusal` and no number: in B2B this is the normal case, not the exception.

Sources: B. L. Welch, The generalization of Student's problem, Biometrika 34 (1947);
R. G. Newcombe, Interval estimation for the difference between independent proportions,
Statistics in Medicine 17 (1998), method 10 (Wilson scores, no correction) and method 1
(Wald). Sizes: D. S. Moore, G. P. McCabe, Introduction to the Practice of Statistics:
t procedures stand skewed values from 40 in both groups together, and below 15 only
values near to normal.
"""

from collections.abc import Iterable
from math import fsum, isfinite, sqrt
from typing import NamedTuple

from scipy import stats

LEVEL = 0.95
LEAST_GROUP = 15
LEAST_BOTH = 40


class Sample(NamedTuple):
    """Sums of a group: ``n`` values, their ``total`` and sum of ``squares``."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """Mean of the values; 0 of an empty group."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Variance with n - 1; 0 with fewer than two values."""
        if self.n < 2:
            return 0.0
        return max(0.0, self.squares - self.total**2 / self.n) / (self.n - 1)


class Effect(NamedTuple):
    """A difference with its interval, and the degrees of freedom (None of a share).

    ``p_value`` is two-sided, None of a share.
    """

    difference: float
    low: float
    high: float
    degrees: float | None = None
    p_value: float | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


class Refusal(NamedTuple):
    """Why there is no interval: ``code`` with the numbers of a sentence.

    ``no_hold_out``: nobody was held out; ``too_few``: ``treated`` and ``held`` accounts
    where ``least`` are needed in each group and ``both`` together; ``no_spread``: all
    values are alike, so that nothing can be said about chance.
    """

    code: str
    treated: int
    held: int
    least: int = LEAST_GROUP
    both: int = LEAST_BOTH


def sample(values: Iterable[float]) -> Sample:
    """Sums of the values.

    >>> sample([1, 2, 3])
    Sample(n=3, total=6.0, squares=14.0)
    """
    numbers = [float(value) for value in values]
    return Sample(len(numbers), fsum(numbers), fsum(number**2 for number in numbers))


def check_sizes(
    treated: int, held: int, least: int = LEAST_GROUP, both: int = LEAST_BOTH
) -> Refusal | None:
    """The reason why two groups cannot be compared, or None.

    >>> check_sizes(100, 0).code, check_sizes(100, 9).code, check_sizes(30, 20)
    ('no_hold_out', 'too_few', None)
    """
    if not held:
        return Refusal("no_hold_out", treated, held, least, both)
    if min(treated, held) < least or treated + held < both:
        return Refusal("too_few", treated, held, least, both)
    return None


def mean_difference(
    treated: Sample,
    held: Sample,
    level: float = LEVEL,
    least: int = LEAST_GROUP,
    both: int = LEAST_BOTH,
) -> Effect | Refusal:
    """Difference of means with Welch's interval.

    :param treated: money by account of those addressed, one value an account, zeros too
    :param held: the same of those held out
    :param level: probability of the interval
    :raises ValueError: for a level outside (0, 1) or sums that are no numbers
    """
    _check_level(level)
    if not all(map(isfinite, (*treated, *held))):
        raise ValueError("sums must be finite numbers")
    refusal = check_sizes(treated.n, held.n, least, both)
    if refusal:
        return refusal
    one, two = treated.variance / treated.n, held.variance / held.n
    error = sqrt(one + two)
    if not error:
        return Refusal("no_spread", treated.n, held.n, least, both)
    # shares of the error first: squares of small variances would vanish
    part = one / (one + two)
    degrees = 1 / (part**2 / (treated.n - 1) + (1 - part) ** 2 / (held.n - 1))
    difference = treated.mean - held.mean
    half = float(stats.t.ppf((1 + level) / 2, degrees)) * error
    p_value = float(2 * stats.t.sf(abs(difference / error), degrees))
    return Effect(difference, difference - half, difference + half, degrees, p_value)


def wilson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share.

    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    _check_counts(hits, n)
    z = float(stats.norm.ppf((1 + level) / 2))
    share, square = hits / n, z * z
    middle = share + square / (2 * n)
    half = z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def share_difference(
    treated_hits: int,
    treated: int,
    held_hits: int,
    held: int,
    level: float = LEVEL,
    least: int = LEAST_GROUP,
    both: int = LEAST_BOTH,
) -> Effect | Refusal:
    """Difference of shares with Newcombe's interval from Wilson's scores.

    :param treated_hits: of ``treated`` accounts addressed, how many bought
    :param held_hits: of ``held`` accounts held out, how many bought
    :raises ValueError: for counts that are negative or above their number
    """
    _check_level(level)
    refusal = check_sizes(treated, held, least, both)
    if refusal:
        return refusal
    low_one, high_one = wilson(treated_hits, treated, level)
    low_two, high_two = wilson(held_hits, held, level)
    one, two = treated_hits / treated, held_hits / held
    difference = one - two
    low = difference - sqrt((one - low_one) ** 2 + (high_two - two) ** 2)
    high = difference + sqrt((high_one - one) ** 2 + (two - low_two) ** 2)
    return Effect(difference, max(-1.0, low), min(1.0, high))


def wald_difference(
    treated_hits: int, treated: int, held_hits: int, held: int, level: float = LEVEL
) -> Effect:
    """The simple interval of a difference of shares; too narrow for small groups."""
    _check_level(level)
    _check_counts(treated_hits, treated)
    _check_counts(held_hits, held)
    one, two = treated_hits / treated, held_hits / held
    z = float(stats.norm.ppf((1 + level) / 2))
    half = z * sqrt(one * (1 - one) / treated + two * (1 - two) / held)
    return Effect(one - two, one - two - half, one - two + half)


def return_on(gain: float, cost: float) -> float | None:
    """Return on investment: what is left of the gain after the cost, by the cost.

    >>> return_on(150, 100), return_on(10, 0)
    (0.5, None)
    """
    return (gain - cost) / cost if cost > 0 else None


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError("the level must lie between 0 and 1")


def _check_counts(hits: int, n: int) -> None:
    if n < 1 or not 0 <= hits <= n:
        raise ValueError("a count must lie between 0 and the size of its group")
