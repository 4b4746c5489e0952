"""What contracts are worth: remaining billing, then survival of their level."""

import numpy as np
import pytest

from odoo.addons.crm_analytics.tools import clv, contract_value

POLICY = clv.Policy(months=12, yearly_rate=0.0)
FOREVER = float("inf")


def contracts(*rows):
    kinds = (np.int64, np.int64, float, bool, float, float)
    columns = zip(*rows, strict=True) if rows else [[]] * 6
    return contract_value.Contracts(
        *(np.array(list(c), dtype=k) for c, k in zip(columns, kinds, strict=True))
    )


# customer, level, age, ended, remaining, monthly
PAST = [(9, 1, 12.0, number < 5, FOREVER, 0.0) for number in range(9)]


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
    bad = contracts((1, 1, 1.0, False, 2.0, 10.0))._replace(age=np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="differ in length"):
        contract_value.present_value(bad, POLICY)
