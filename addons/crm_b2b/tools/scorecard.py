"""Score of a qualification: weighted mean of the points of the answers.

Every question counts with its weight, an unanswered one with 0 points: a deal about
which nothing is known is not qualified.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Answer(NamedTuple):
    weight: float  # of the question, not negative
    points: float | None  # 0-100, None when unanswered


def score(answers: Iterable[Answer]) -> float:
    """Return 0-100; 0 when there is no question with a weight."""
    rows = list(answers)
    weight = sum(row.weight for row in rows)
    if not weight:
        return 0.0
    return sum(row.weight * (row.points or 0.0) for row in rows) / weight
