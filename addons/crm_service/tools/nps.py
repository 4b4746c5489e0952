"""Net promoter score: how far those who recommend outnumber those who warn.

Answers are whole numbers from 0 to 10. Who gives 9 or 10 is a promoter, 7 or 8 a
passive, 0 to 6 a detractor; the score is the share of promoters less the share of
detractors, from -100 to 100 (Reichheld, "The One Number You Need to Grow", Harvard
Business Review, December 2003).

The interval is the adjusted Wald interval for a difference of matched proportions with
half an answer added to each of the four cells (Agresti and Min, "Simple improved
confidence intervals for comparing matched proportions", Statistics in Medicine 24,
2005): promoters and detractors are the two discordant cells. Unlike the plain Wald
interval it does not shrink to nothing when all answers are alike, which with the few
answers of one customer they often are.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

SCALE = range(11)
#: Lowest answer of a promoter and of a passive.
PROMOTER, PASSIVE = 9, 7


@dataclass(frozen=True)
class Nps:
    """Counts of answers and what follows from them; score and bounds in points."""

    promoters: int
    passives: int
    detractors: int
    score: float | None
    low: float | None
    high: float | None

    @property
    def number(self):
        return self.promoters + self.passives + self.detractors


def weigh(answer):
    """Return 100 for a promoter, 0 for a passive, -100 for a detractor.

    The mean of these over many answers is their score. ValueError outside 0 to 10.

    >>> [weigh(answer) for answer in (10, 9, 8, 7, 6, 0)]
    [100, 100, 0, 0, -100, -100]
    """
    if answer not in SCALE:
        raise ValueError(f"an answer is a whole number from 0 to 10, not {answer!r}")
    if answer >= PROMOTER:
        return 100
    return 0 if answer >= PASSIVE else -100


def interval(promoters, passives, detractors, level=0.95):
    """Return (low, high) in points; (None, None) without answers.

    >>> [round(bound) for bound in interval(10, 0, 0)]
    [57, 100]
    """
    if min(promoters, passives, detractors) < 0 or not 0 < level < 1:
        raise ValueError("counts are not negative, the level is between 0 and 1")
    number = promoters + passives + detractors
    if not number:
        return None, None
    total, difference = number + 2, promoters - detractors
    centre = difference / total
    spread = (promoters + detractors + 1) - difference**2 / total
    reach = NormalDist().inv_cdf((1 + level) / 2) * sqrt(spread) / total
    return 100 * max(-1.0, centre - reach), 100 * min(1.0, centre + reach)


def score(answers, level=0.95):
    """Return the ``Nps`` of ``answers``, an iterable of whole numbers from 0 to 10.

    >>> score([10, 9, 8, 3]).score
    25.0
    >>> score([]).score is None
    True
    """
    weights = [weigh(answer) for answer in answers]
    return of_counts(*(weights.count(weight) for weight in (100, 0, -100)), level=level)


def of_counts(promoters, passives, detractors, level=0.95):
    """Return the ``Nps`` of so many answers of each kind.

    >>> of_counts(3, 1, 1).score
    40.0
    """
    bounds = interval(promoters, passives, detractors, level)
    number = promoters + passives + detractors
    value = 100 * (promoters - detractors) / number if number else None
    return Nps(promoters, passives, detractors, value, *bounds)
