"""Price lists of the demo company."""

import datetime

import pytest

from odoo.addons.crm_b2b.tools import demo_prices as prices

TODAY = datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "number", "first", "last"),
    [
        ((2026, 11, 20), 0, (2026, 7, 1), (2026, 12, 31)),
        ((2026, 7, 1), 0, (2026, 7, 1), (2026, 12, 31)),
        ((2026, 6, 30), 1, (2026, 1, 1), (2026, 6, 30)),
        ((2025, 12, 31), 2, (2025, 7, 1), (2025, 12, 31)),
        ((2023, 12, 1), 6, (2023, 7, 1), (2023, 12, 31)),
    ],
)
def test_a_day_belongs_to_one_price_list(day, number, first, last):
    assert prices.half_years(datetime.date(*day), TODAY) == number
    assert prices.half_year(number, TODAY) == (
        datetime.date(*first),
        datetime.date(*last),
    )


def test_rules_of_a_list_follow_each_other_without_a_gap():
    goods = [rule for rule in prices.build_rules(10, TODAY) if not rule.services]
    assert len(goods) == prices.HISTORY
    for newer, older in zip(goods, goods[1:], strict=False):
        assert older.last + datetime.timedelta(days=1) == newer.first


def test_a_rule_gives_what_the_plan_sold_for():
    for number in range(prices.HISTORY):
        first, _last = prices.half_year(number, TODAY)
        sold = prices.sold_for(8.4, first, TODAY, 1.0)
        rule = next(
            rule
            for rule in prices.build_rules(10, TODAY)
            if rule.first == first and not rule.services
        )
        assert 8.4 * (1 - rule.percent / 100) == pytest.approx(sold * 0.9, abs=0.005)


def test_prices_by_hand_differ_from_the_list():
    assert prices.sold_for(8.4, TODAY, TODAY, 0.981) == 8.24
    assert prices.sold_for(8.4, TODAY, TODAY, 1.02) == 8.4


def test_the_list_price_of_today_needs_no_rule():
    assert all(rule.last < TODAY for rule in prices.build_rules(0, TODAY))
