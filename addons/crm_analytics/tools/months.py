"""Calendar months as integers, and dates moved by whole months.

A *month number* is ``year * 12 + month - 1``: consecutive months differ by one, so that
gaps and windows are subtractions. No clock is read: every "today" is an argument.
"""

from calendar import monthrange
from datetime import date


def number(day: date) -> int:
    """Month number of ``day``.

    >>> number(date(2026, 1, 31)) - number(date(2025, 12, 1))
    1
    """
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """First day of a month number: the inverse of :func:`number`.

    >>> first_day(number(date(2026, 2, 14)))
    datetime.date(2026, 2, 1)
    """
    return date(month // 12, month % 12 + 1, 1)


def shift(day: date, months: int) -> date:
    """``day`` moved by whole months; a day that the month lacks becomes its last day.

    Same answer as ``EDATE`` of a spreadsheet and ``+ interval 'n months'`` of
    PostgreSQL.

    >>> shift(date(2026, 3, 31), -1)
    datetime.date(2026, 2, 28)
    """
    month = number(day) + months
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def elapsed(day: date) -> float:
    """Share of its month that has passed at the end of ``day``; 1 at a month's end.

    >>> elapsed(date(2026, 6, 15))
    0.5
    """
    return day.day / monthrange(day.year, day.month)[1]
