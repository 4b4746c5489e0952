"""What contracts are worth: remaining billing, then survival of their level."""

import numpy as np
import pytest

from odoo.addons.crm_analytics.tools import clv, contract_value

MONTHS = 12
POLICY = clv.Policy(months=MONTHS, yearly_rate=0.0)
FOREVER = float("inf")


def contracts(*rows):
    """Of rows: customer, level, age, ended, remaining, monthly.

    What is monthly is billed each month up to the end, and renewed as it is.
    """
    bills = np.array([bill(*row[3:]) for row in rows]).reshape(len(rows), MONTHS)
    kinds = (np.int64, np.int64, float, bool, float)
    columns = zip(*(row[:5] for row in rows), strict=True) if rows else [[]] * 5
    return contract_value.Contracts(
        *(np.array(list(c), dtype=k) for c, k in zip(columns, kinds, strict=True)),
        bills,
        np.array([0.0 if row[3] else row[5] for row in rows]),
    )


def bill(ended, remaining, monthly):
    return np.where(
        np.arange(MONTHS) < (0 if ended else np.ceil(remaining)), monthly, 0.0
    )


def test_without_enough_contracts_the_remaining_billing_alone_counts():
    """Covers: ANA-07"""
    found = contract_value.present_value(
        contracts((1, 1, 6.0, False, 5.5, 100.0)), POLICY
    )
    assert found.value.tolist() == [600.0]  # the sixth month begins before the end
    assert "nothing is said about renewals" in found.report["refused"]


def test_beyond_its_end_a_contract_lives_on_as_those_of_its_level_did():
    """Covers: ANA-07"""
    ended = [(9, 1, 12.0, True, FOREVER, 0.0)] * 6
    longer = [(9, 1, 24.0, True, FOREVER, 0.0)] * 6
    mine = (1, 1, 9.0, False, 3.0, 100.0)
    found = contract_value.present_value(contracts(*ended, *longer, mine), POLICY)
    # three months to the end, then the half that goes on beyond twelve months
    assert found.customer.tolist() == [1]
    assert found.value[0] == pytest.approx(3 * 100 + 9 * 0.5 * 100)
    assert "refused" not in found.report


def test_a_level_with_few_contracts_asks_all_levels():
    """Covers: ANA-07"""
    ended = [(9, 1, 12.0, True, FOREVER, 0.0)] * 12
    found = contract_value.present_value(
        contracts(*ended, (1, 2, 9.0, False, 3.0, 100.0)), POLICY
    )
    assert found.value[0] == pytest.approx(300.0)


def test_money_later_is_worth_less():
    """Covers: ANA-07"""
    rows = contracts((1, 1, 1.0, False, FOREVER, 10.0))
    plain = contract_value.present_value(rows, POLICY).value[0]
    less = contract_value.present_value(rows, POLICY._replace(yearly_rate=0.1)).value[0]
    assert plain == 120.0
    assert less == pytest.approx(10 * clv.discount(clv.Policy(12, 0.1)).sum())
    assert less < plain


def test_contracts_of_a_customer_add_up_and_ended_ones_are_worth_nothing():
    """Covers: ANA-07"""
    found = contract_value.present_value(
        contracts(
            (1, 1, 1.0, False, 2.0, 10.0),
            (1, 1, 1.0, False, 1.0, 5.0),
            (2, 1, 8.0, True, FOREVER, 99.0),
        ),
        POLICY,
    )
    assert (found.customer.tolist(), found.value.tolist()) == ([1], [25.0])


def test_no_contract_is_an_answer_and_nonsense_is_refused():
    """Covers: ANA-07"""
    assert len(contract_value.present_value(contracts(), POLICY).value) == 0
    good = contracts((1, 1, 1.0, False, 2.0, 10.0))
    with pytest.raises(ValueError, match="differ in length"):
        contract_value.present_value(good._replace(age=np.ones(2)), POLICY)
    with pytest.raises(ValueError, match="months of the horizon"):
        contract_value.present_value(good, POLICY._replace(months=24))


def test_what_is_paid_in_advance_is_not_billed_again():
    """Covers: ANA-07"""
    paid = contracts((1, 1, 6.0, False, 6.0, 100.0))
    paid = paid._replace(billing=np.zeros((1, MONTHS)))
    assert contract_value.present_value(paid, POLICY).value.tolist() == [0.0]
    past = [(9, 1, 24.0, True, FOREVER, 0.0)] * 10  # all lived longer: it is renewed
    mine = contracts(*past, (1, 1, 6.0, False, 6.5, 100.0))
    mine.billing[:] = 0
    found = contract_value.present_value(mine, POLICY)
    assert found.value[0] == pytest.approx(5.5 * 100), "from the day after the end"


def test_one_bill_counts_in_the_month_of_its_date():
    """Covers: ANA-07"""
    yearly = contracts((1, 1, 6.0, False, 12.0, 0.0))
    yearly.billing[0, 6] = 1200.0
    found = contract_value.present_value(yearly, POLICY._replace(yearly_rate=0.1))
    assert found.value[0] == pytest.approx(1200 * 1.1 ** (-7 / 12))


def test_without_an_end_each_bill_counts_with_the_chance_to_live_that_long():
    """Covers: ANA-07"""
    half = [(9, 1, 6.0, True, FOREVER, 0.0)] * 5
    rest = [(9, 1, 30.0, True, FOREVER, 0.0)] * 5
    mine = (1, 1, 0.5, False, FOREVER, 100.0)
    found = contract_value.present_value(contracts(*half, *rest, mine), POLICY)
    # five months for sure, then the half that goes on beyond six
    assert found.value[0] == pytest.approx(5 * 100 + 7 * 0.5 * 100)


def test_an_ended_contract_still_bills_what_it_owes():
    """Covers: ANA-07"""
    owed = contracts((1, 1, 12.0, True, FOREVER, 50.0))
    owed.billing[0, 0] = 50.0
    found = contract_value.present_value(owed, POLICY)
    assert (found.customer.tolist(), found.value.tolist()) == ([1], [50.0])
    assert found.report["running"] == 0


def test_one_old_contract_that_ended_says_nothing_about_renewal():
    """Covers: ANA-07"""
    young = [(9, 1, 3.0, False, FOREVER, 10.0)] * 10
    rows = contracts(*young, (8, 1, 12.0, True, FOREVER, 0.0), (1, 1, 9, False, 2, 50))
    found = contract_value.present_value(rows, POLICY)
    value = dict(zip(found.customer.tolist(), found.value.tolist(), strict=True))
    assert value[1] == 100.0, "what is agreed, and no guess"
    assert found.report["renewal_unknown"] == 1
    without_end = contracts(*young, (8, 1, 12.0, True, FOREVER, 0.0))
    found = contract_value.present_value(without_end, POLICY)
    assert found.value.tolist() == [1200.0], "goes on: nobody of that age is known"
