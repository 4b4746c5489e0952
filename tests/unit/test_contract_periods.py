"""Periods of a recurring line: tables, and properties over random sequences."""

import doctest
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import contract_periods as cp
from odoo.addons.crm_service.tools.contract_periods import (
    PriceStep,
    Rhythm,
    Suspension,
    Term,
)

UNITS = ["daily", "weekly", "monthly", "monthlylastday", "quarterly", "yearly"]
DAY = timedelta(days=1)
days = st.dates(date(2023, 1, 1), date(2026, 12, 31))


def _dates(periods):
    return [(p.start.isoformat(), p.end.isoformat(), p.share) for p in periods]


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(cp).attempted
    assert not doctest.testmod(cp).failed


def test_a_month_that_begins_on_the_31st_does_not_slide():
    term = Term(date(2024, 1, 31), None, Rhythm("monthly"))
    starts = [p.start for p in cp.due_periods(term, None, date(2024, 5, 31))]
    assert starts == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
        date(2024, 5, 31),
    ]


@pytest.mark.parametrize(
    ("rhythm", "as_of", "count"),
    [
        (Rhythm("monthly"), date(2025, 1, 1), 1),
        (Rhythm("monthly"), date(2025, 3, 31), 3),
        (Rhythm("monthly", prepaid=False, offset=1), date(2025, 1, 31), 0),
        (Rhythm("monthly", prepaid=False, offset=1), date(2025, 2, 1), 1),
        (Rhythm("quarterly"), date(2025, 4, 1), 2),
        (Rhythm("yearly"), date(2025, 12, 31), 1),
        (Rhythm("weekly", 2), date(2025, 1, 29), 3),
        (Rhythm("monthly", offset=5), date(2025, 1, 5), 0),
    ],
)
def test_what_is_due_follows_the_rhythm(rhythm, as_of, count):
    term = Term(date(2025, 1, 1), None, rhythm)
    assert len(cp.due_periods(term, None, as_of)) == count


def test_the_last_period_is_billed_by_the_day():
    term = Term(date(2025, 1, 1), date(2025, 2, 14), Rhythm("monthly"))
    assert _dates(cp.due_periods(term, None, date(2026, 1, 1))) == [
        ("2025-01-01", "2025-01-31", 1),
        ("2025-02-01", "2025-02-14", Fraction(1, 2)),
    ]


def test_an_anchor_makes_calendar_periods_with_a_short_first_one():
    term = Term(date(2025, 1, 17), None, Rhythm("monthly"), anchor=date(2025, 1, 1))
    assert _dates(cp.due_periods(term, None, date(2025, 2, 1))) == [
        ("2025-01-17", "2025-01-31", Fraction(15, 31)),
        ("2025-02-01", "2025-02-28", 1),
    ]


def test_a_closed_suspension_lowers_the_share_and_skips_whole_periods():
    term = Term(
        date(2025, 1, 1),
        None,
        Rhythm("monthly"),
        suspensions=[Suspension(date(2025, 1, 11), date(2025, 2, 28))],
    )
    assert _dates(cp.due_periods(term, None, date(2025, 3, 1))) == [
        ("2025-01-01", "2025-01-31", Fraction(10, 31)),
        ("2025-02-01", "2025-02-28", 0),
        ("2025-03-01", "2025-03-31", 1),
    ]
    assert cp.next_period(term, date(2025, 1, 31)).start == date(2025, 3, 1)


def test_an_open_suspension_stops_billing_at_its_start():
    term = Term(
        date(2025, 1, 1),
        None,
        Rhythm("monthly"),
        suspensions=[Suspension(date(2025, 2, 11))],
    )
    due = cp.due_periods(term, None, date(2026, 1, 1))
    assert due[-1].end == date(2025, 2, 10)
    assert due[-1].share == Fraction(10, 28)
    assert cp.next_period(term, due[-1].end) is None


def test_after_the_resumption_the_rest_of_the_period_is_billed():
    open_term = Term(
        date(2025, 2, 1),
        None,
        Rhythm("monthly"),
        suspensions=[Suspension(date(2025, 2, 11))],
    )
    billed = cp.due_periods(open_term, None, date(2025, 2, 20))
    closed = open_term._replace(
        suspensions=[Suspension(date(2025, 2, 11), date(2025, 2, 20))]
    )
    rest = cp.due_periods(closed, billed[-1].end, date(2025, 2, 21))
    assert sum(p.share for p in billed + rest) == Fraction(18, 28)


def test_a_price_change_cuts_the_period_but_not_the_invoice():
    term = Term(date(2025, 1, 1), None, Rhythm("monthly"), cuts=[date(2025, 1, 11)])
    due = cp.due_periods(term, None, date(2025, 1, 1))
    assert [p.share for p in due] == [Fraction(10, 31), Fraction(21, 31)]
    assert {p.invoice_date for p in due} == {date(2025, 1, 1)}


def test_a_credit_is_the_unused_part():
    term = Term(date(2025, 1, 1), None, Rhythm("quarterly"))
    credit = cp.periods_between(term, date(2025, 2, 1), date(2025, 3, 31))
    assert sum(p.share for p in credit) == Fraction(59, 90)


def test_the_price_of_a_back_period_is_that_of_its_time():
    steps = [
        PriceStep(date(2025, 1, 1), 100, 110, True),
        PriceStep(date(2026, 1, 1), 110, 120, False),
    ]
    assert cp.price_at(date(2024, 6, 1), 110, steps) == 100
    assert cp.price_at(date(2025, 6, 1), 110, steps) == 110
    assert cp.price_at(date(2025, 6, 1), 115, steps) == 115
    assert cp.price_at(date(2026, 1, 1), 110, steps) == 120


def test_a_wrong_rhythm_is_refused():
    with pytest.raises(ValueError, match="interval"):
        cp.boundary(date(2025, 1, 1), Rhythm("monthly", 0), 1)
    with pytest.raises(ValueError, match="Unknown unit"):
        cp.boundary(date(2025, 1, 1), Rhythm("century"), 1)


@st.composite
def terms(draw):
    start = draw(days)
    end = draw(st.none() | st.integers(0, 900).map(lambda n: start + n * DAY))
    rhythm = Rhythm(
        draw(st.sampled_from(UNITS)),
        draw(st.integers(1, 3)),
        draw(st.booleans()),
        draw(st.integers(0, 10)),
    )
    anchor = draw(st.none() | st.integers(-40, 40).map(lambda n: start + n * DAY))
    return Term(start, end, rhythm, anchor)


def _operations():
    """Random life of a line: what happens, and how many days pass before it."""
    kind = st.sampled_from(["bill", "suspend", "resume", "price", "end", "extend"])
    return st.lists(st.tuples(kind, st.integers(0, 200)), min_size=1, max_size=14)


class _Life:
    """A line living through operations, as the model handles them."""

    def __init__(self, term):
        self.term, self.today, self.until = term, term.start, None
        self.billed, self.credited = [], []

    def bill(self):
        due = cp.due_periods(self.term, self.until, self.today)
        self.billed += due
        self.until = due[-1].end if due else self.until

    def suspend(self):
        if all(s.end for s in self.term.suspensions):
            last = max((s.end for s in self.term.suspensions), default=None)
            start = max(self.today, last + DAY) if last else self.today
            self._set(suspensions=[*self.term.suspensions, Suspension(start)])

    def resume(self):
        *rest, last = self.term.suspensions or [None]
        if not last or last.end or self.today <= last.start:
            return
        closed = last._replace(end=self.today - DAY)
        if self.until and self.until >= last.start:
            self._credit(
                self.term._replace(suspensions=rest),
                last.start,
                min(closed.end, self.until),
            )
        self._set(suspensions=[*rest, closed])

    def price(self):
        first_free = max(self.today, (self.until or self.today) + DAY)
        self._set(cuts=[*self.term.cuts, first_free])

    def end(self):
        self.resume()
        if any(s.end is None for s in self.term.suspensions):
            return
        end = max(self.today, self.term.start)
        if self.term.end and self.term.end <= end:
            return
        if self.until and self.until > end:
            self._credit(self.term, end + DAY, self.until)
            self.until = end
        self._set(end=end)

    def extend(self):
        if self.term.end:
            self._set(end=self.term.end + 30 * DAY)

    def _credit(self, term, first, last):
        self.credited += cp.periods_between(term, first, last)

    def _set(self, **changes):
        self.term = self.term._replace(**changes)

    def charged(self):
        """Return {day: net number of times it was billed}."""
        days = {}
        for sign, periods in ((1, self.billed), (-1, self.credited)):
            for period in periods:
                day = period.start
                while day <= period.end:
                    days[day] = days.get(day, 0) + sign
                    day += DAY
        return days


def _expected(life):
    day, expected = life.term.start, {}
    while life.until and day <= life.until:
        expected[day] = not cp.is_suspended(life.term.suspensions, day)
        day += DAY
    return expected


def _assert_exact(life):
    net = sum(p.share for p in life.billed) - sum(p.share for p in life.credited)
    due = (
        cp.periods_between(life.term._replace(cuts=[]), life.term.start, life.until)
        if life.until
        else []
    )
    assert net == sum(p.share for p in due)


@settings(max_examples=250, deadline=None)
@given(terms(), _operations())
def test_random_lives_bill_every_day_once_and_nothing_after_the_end(term, operations):
    """Covers: SRV-02"""
    life = _Life(term)
    for kind, passed in operations:
        life.today += passed * DAY
        getattr(life, kind)()
    while any(s.end is None for s in life.term.suspensions):
        life.today += 10 * DAY
        life.resume()
    life.bill()
    _assert_exact(life)
    if life.term.end:
        charged = life.charged()
        assert all(not n for day, n in charged.items() if day > life.term.end)
    if life.term.end and life.term.end + 400 * DAY < life.today:
        assert life.until == life.term.end


@settings(max_examples=150, deadline=None)
@given(terms(), st.lists(st.integers(0, 120), max_size=8), st.integers(0, 60))
def test_many_runs_bill_the_same_as_one_late_run(term, gaps, extra):
    """Covers: SRV-02"""
    today, until, billed = term.start, None, []
    for gap in [*gaps, extra]:
        today += gap * DAY
        due = cp.due_periods(term, until, today)
        billed += due
        until = due[-1].end if due else until
    assert billed == cp.due_periods(term, None, today)


@settings(max_examples=150, deadline=None)
@given(terms(), st.integers(1, 400))
def test_pieces_touch_without_gap_or_overlap(term, length):
    due = cp.due_periods(term, None, term.start + length * DAY)
    day = term.start
    for period in due:
        assert period.start == day
        assert 0 <= period.share <= 1
        day = period.end + DAY


@given(
    st.integers(1, 500),
    st.decimals(0, 5000, places=2).map(float),
    st.fractions(0, 1, max_denominator=366),
)
def test_prorating_is_right_to_the_rounding_of_one_digit(quantity, price, share):
    new_quantity, new_price = cp.prorate(quantity, price, share)
    exact = quantity * price * float(share)
    tolerance = min(0.005 * quantity, 0.005 * max(price, 0.01)) + 1e-6
    assert abs(new_quantity * new_price - exact) <= tolerance
