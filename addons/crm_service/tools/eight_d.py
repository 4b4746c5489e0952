"""The eight disciplines of a complaint: order, time given, state that follows."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

CODES = ("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8")

#: Days after the complaint arrived. Containment within two days and root cause within
#: two weeks is what customers of the car and chemicals industries ask for.
DAYS = {
    "D1": 1,
    "D2": 1,
    "D3": 2,
    "D4": 10,
    "D5": 14,
    "D6": 30,
    "D7": 45,
    "D8": 60,
}

#: The last step done (with all before it) -> state of the complaint.
_STATES = (
    ("D8", "closed"),
    ("D6", "corrected"),
    ("D4", "analysed"),
    ("D3", "contained"),
)


def deadlines(arrived: date) -> dict[str, date]:
    """Return the day by which each step is due."""
    return {code: arrived + timedelta(days=days) for code, days in DAYS.items()}


def missing_before(code: str, done: Mapping[str, bool]) -> list[str]:
    """Return the steps before ``code`` that are not done."""
    return [c for c in CODES[: CODES.index(code)] if not done.get(c)]


def state(done: Mapping[str, bool]) -> str:
    """Return the state that the steps done so far give."""
    for code, name in _STATES:
        reached = CODES[: CODES.index(code) + 1]
        if all(done.get(c) for c in reached):
            return name
    return "open"


def late(steps: Iterable[tuple[str, date | None, bool]], today: date) -> list[str]:
    """Return the codes of steps (code, deadline, done) whose day has passed."""
    return [c for c, day, done in steps if day and not done and day < today]
