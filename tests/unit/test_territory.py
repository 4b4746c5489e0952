"""The territory rules without a database. Covers: SAL-09"""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools import territory
from odoo.addons.crm_b2b.tools.territory import Account, Rule

DAY = date(2026, 3, 1)
ids = st.integers(1, 3)
sets = st.frozensets(ids, max_size=2)
codes = st.text("0123AB -", max_size=5)
rules = st.builds(
    Rule,
    key=st.integers(1, 99),
    sequence=st.integers(1, 3),
    countries=sets,
    industries=sets,
    tags=sets,
    postcode_from=codes,
    postcode_to=codes,
    employees_from=st.integers(0, 20),
    employees_to=st.integers(0, 20),
)
accounts = st.builds(
    Account,
    country=ids,
    postcode=codes,
    industry=ids,
    employees=st.integers(0, 30),
    tags=sets,
)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(territory).failed == 0


@pytest.mark.parametrize(
    "postcode, lower, upper, inside",
    [
        ("20095", "20", "29", True),
        ("29999", "20", "29", True),
        ("30159", "20", "29", False),
        ("3", "20", "29", False),
        ("SW1A 2AA", "sw1", "SW9", True),
        ("", "20", "29", False),
        ("", "", "", True),
        ("99", "98", "", True),
        ("97", "98", "", False),
    ],
)
def test_postcodes_are_compared_as_far_as_the_bound_reaches(
    postcode, lower, upper, inside
):
    assert territory.postcode_within(postcode, lower, upper) is inside


@pytest.mark.parametrize(
    "employees, low, high, inside",
    [(0, 0, 0, True), (0, 1, 9, False), (9, 1, 9, True), (10, 1, 9, False),
     (10, 5, 0, True), (0, 0, 9, False)],
)  # fmt: skip
def test_an_unknown_size_is_in_no_range(employees, low, high, inside):
    rule = Rule(1, employees_from=low, employees_to=high)
    assert territory.applies(rule, Account(employees=employees), DAY) is inside


def test_the_last_day_of_validity_counts():
    rule = Rule(1, valid_from=DAY, valid_to=DAY)
    assert territory.applies(rule, Account(), DAY)
    assert not territory.applies(rule, Account(), date(2026, 3, 2))


@given(st.lists(rules, max_size=6), accounts)
def test_the_winner_applies_and_nothing_before_it_does(some, account):
    winner = territory.first_match(some, account, DAY)
    fitting = [r for r in some if territory.applies(r, account, DAY)]
    assert (winner is None) == (not fitting)
    if winner:
        assert all(
            (winner.sequence, winner.key) <= (r.sequence, r.key) for r in fitting
        )


@given(rules, accounts)
def test_dropping_a_condition_never_loses_an_account(rule, account):
    if territory.applies(rule, account, DAY):
        for empty in ("countries", "industries", "tags"):
            assert territory.applies(
                rule._replace(**{empty: frozenset()}), account, DAY
            )
