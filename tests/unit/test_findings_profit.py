"""Findings followed over time, and the profit waterfall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from odoo.addons.crm_analytics.tools import customer_profit as profit
from odoo.addons.crm_analytics.tools import findings
from odoo.addons.crm_analytics.tools.findings import Finding

RANDOM = np.random.default_rng(1)


def test_frequency_and_order_size_that_move_against_each_other_are_found():
    """Covers: ANA-11"""
    frequency = np.arange(1, 41)
    found = findings.correlation(frequency, 1_000 / frequency)
    assert (found.kind, found.strength, found.n) == ("correlation", -1.0, 40)
    assert findings.follow(found) == "new"


def test_missing_figures_are_left_out_and_noise_is_not_found():
    """Covers: ANA-11"""
    a, b = RANDOM.normal(size=(2, 200))
    a[:20] = np.nan
    found = findings.correlation(a, b)
    assert found.n == 180
    assert found.strength == pytest.approx(spearmanr(a[20:], b[20:]).statistic)
    assert findings.follow(found) == "not_found"


def test_an_industry_that_prefers_a_product_is_found():
    """Covers: ANA-11"""
    industry = ["paint"] * 30 + ["food"] * 30
    product = ["solvent"] * 25 + ["salt"] * 5 + ["solvent"] * 5 + ["salt"] * 25
    found = findings.association(industry, product)
    assert found.p < 0.001 and found.strength == pytest.approx(0.66, abs=0.02)
    table = findings.association_of([[25, 5], [5, 25]])
    assert table == found


def test_results_carry_what_they_rest_on():
    """Covers: ANA-11. Statistics worked out by hand."""
    found = findings.association_of([[25, 5], [5, 25]])  # 15 expected in each cell
    assert found.statistic == pytest.approx(4 * 10**2 / 15)
    assert found.freedom == 1
    # Ranks 1..10, 11..20 and 21..30: sums 55, 155 and 255.
    found, _groups = findings.difference(
        range(30), ["a"] * 10 + ["b"] * 10 + ["c"] * 10
    )
    h = 12 / (30 * 31) * (55**2 + 155**2 + 255**2) / 10 - 3 * 31
    assert (found.statistic, found.freedom) == (pytest.approx(h), 2)
    a, b = RANDOM.normal(size=(2, 60))
    found = findings.correlation(a, a + b)
    assert -1 < found.low < found.strength < found.high < 1
    assert found.evidence()["n"] == 60
    refused = findings.correlation([1] * 5, [2] * 5)
    assert refused.evidence() == {"n": 5}


def test_groups_that_differ_come_with_their_medians():
    """Covers: ANA-11"""
    figure = [*range(10), *range(100, 110), *range(50, 60), 7]
    group = ["a"] * 10 + ["b"] * 10 + ["c"] * 10 + ["alone"]
    found, groups = findings.difference(figure, group)
    assert groups.group == ("b", "c", "a") and groups.count == (10, 10, 10)
    assert groups.median == (104.5, 54.5, 4.5)
    assert found.p < 0.001 and 0.8 < found.strength <= 1


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (findings.correlation([1] * 5, [2] * 5), "too_few"),
        (findings.correlation([1] * 30, range(30)), "no_variation"),
        (findings.association(["a"] * 30, ["x", "y"] * 15), "no_variation"),
        (findings.association_of([[18, 1], [2, 1]]), "cells_too_small"),
        (findings.difference(range(30), ["a"] * 30)[0], "one_group"),
        (findings.difference([5] * 30, ["a", "b"] * 15)[0], "no_variation"),
    ],
)
def test_what_cannot_be_tested_says_why(found, reason):
    assert found.reason == reason
    assert findings.follow(found) == "untested"


@pytest.mark.parametrize(
    ("strength", "p", "before", "state"),
    [
        (0.5, 0.01, 0.5, "confirmed"),
        (0.41, 0.01, 0.5, "confirmed"),
        (0.39, 0.01, 0.5, "weakened"),
        (0.5, 0.06, 0.5, "refuted"),
        (-0.5, 0.01, 0.5, "refuted"),
        (0.5, 0.01, None, "new"),
        (0.5, 0.30, None, "not_found"),
    ],
)
def test_a_statement_is_followed_from_run_to_run(strength, p, before, state):
    """Covers: ANA-11"""
    previous = before and Finding("correlation", before, 0.001, 50)
    now = Finding("correlation", strength, p, 60)
    assert findings.follow(now, previous or None) == state


def test_many_tests_raise_the_p_values():
    noise = [findings.correlation(*RANDOM.normal(size=(2, 50))).p for _ in range(100)]
    assert (findings.adjust(noise) >= np.array(noise) - 1e-12).all()
    assert (findings.adjust(noise) < 0.05).sum() == 0
    assert len(findings.adjust([])) == 0


def test_the_waterfall_runs_from_list_price_to_what_is_left():
    """Covers: ANA-06"""
    facts = profit.Facts(
        900.0, 1_000.0, 500.0, {"service": 80.5, "sales": 100.0, "finance": 0.0}
    )
    found = profit.waterfall(facts)
    assert [(step.code, step.change, step.after) for step in found.steps] == [
        ("list_revenue", 0, 1_000),
        ("discount", -100, 900),
        ("revenue", 0, 900),
        ("goods", -500, 400),
        ("gross_margin", 0, 400),
        ("sales", -100, 300),
        ("service", -80.5, 219.5),
        ("finance", 0, 219.5),
        ("left", 0, 219.5),
    ]
    assert found.missing == ("logistics", "marketing")


def test_what_is_not_known_has_no_step():
    """Covers: ANA-06"""
    found = profit.waterfall(profit.Facts(50.0))
    assert [step.code for step in found.steps] == ["revenue", "left"]
    assert found.missing == ("list_revenue", "goods", *profit.SERVE_KINDS)


cents = st.integers(-10_000, 100_000).map(lambda value: value / 100)


@given(
    cents,
    st.one_of(st.none(), cents),
    st.one_of(st.none(), cents),
    st.dictionaries(st.sampled_from(profit.SERVE_KINDS), cents),
)
def test_the_steps_add_up_to_the_cent(revenue, listed, goods, serve):
    found = profit.waterfall(profit.Facts(revenue, listed, goods, serve))
    start = found.steps[0].after
    assert start + sum(step.change for step in found.steps) == pytest.approx(found.left)
    expected = revenue - (goods or 0) - sum(serve.values())
    assert found.left == pytest.approx(expected, abs=0.005)


def test_a_kind_of_cost_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="unknown kinds of cost to serve: rent"):
        profit.waterfall(profit.Facts(1.0, serve={"rent": 1.0}))


def test_paying_early_costs_nothing():
    assert profit.late_payment_cost(10_000, -5, 0.05) == 0
    with pytest.raises(ValueError, match="must not be negative"):
        profit.late_payment_cost(1, 1, -0.1)
