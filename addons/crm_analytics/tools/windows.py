"""The dates that bound every figure of a customer at one as-of date."""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .months import shift


class Windows(NamedTuple):
    """Bounds of half-open intervals ``(start, end]``; ``as_of`` closes the last one.

    ``start`` begins the value window, ``previous`` the window of the same length
    before it. ``half`` begins the last six months; ``half_before_end`` and
    ``half_before`` bound the same six months one year earlier. ``year`` and
    ``two_years`` begin the last 12 and 24 months.
    """

    as_of: date
    start: date
    previous: date
    half: date
    half_before_end: date
    half_before: date
    year: date
    two_years: date
    new_since: date
    dormant_since: date

    @property
    def month(self) -> date:
        """First day of the month of the as-of date."""
        return self.as_of.replace(day=1)

    @property
    def start_month(self) -> date:
        """First of the calendar months that make up the window."""
        return months_before(self.month, self.months) + relativedelta(months=1)

    @property
    def previous_month(self) -> date:
        """First of the 12 calendar months before the window, however long that is."""
        return months_before(self.start_month, 12)

    @property
    def months(self) -> int:
        """Length of the window in months."""
        gap = relativedelta(self.month, self.start.replace(day=1))
        return gap.years * 12 + gap.months

    def shifted_since(self, earlier: "Windows") -> list[tuple[date, date]]:
        """Intervals ``(from, to]`` that one of the bounds crossed since ``earlier``.

        Only customers with an invoice dated inside one of them can have changed
        without being touched.

        >>> a = windows(date(2026, 3, 1), 12)
        >>> a.shifted_since(a)
        []
        """
        pairs = zip(earlier[:8], self[:8], strict=True)
        return sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b})


def months_before(day: date, months: int) -> date:
    """The same day of the month ``months`` earlier (the last day if there is none)."""
    return shift(day, -months)


def windows(as_of: date, months: int, new_months=6, dormant_months=24) -> Windows:
    """Bounds at ``as_of`` for a value window of ``months`` months.

    >>> windows(date(2026, 3, 31), 12).start
    datetime.date(2025, 3, 31)
    >>> windows(date(2026, 3, 31), 12).start_month
    datetime.date(2025, 4, 1)
    """
    if months < 1:
        raise ValueError("The window needs at least one month.")
    return Windows(
        as_of,
        months_before(as_of, months),
        months_before(as_of, 2 * months),
        months_before(as_of, 6),
        months_before(as_of, 12),
        months_before(as_of, 18),
        months_before(as_of, 12),
        months_before(as_of, 24),
        months_before(as_of, new_months),
        months_before(as_of, dormant_months),
    )
