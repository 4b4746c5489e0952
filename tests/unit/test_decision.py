"""The decision table of registration, row by row and as a whole."""

from datetime import date
from itertools import product

import pytest

from odoo.addons.crm_service.tools import decision
from odoo.addons.crm_service.tools.decision import Conditions, Entitlement, Facts

TODAY = date(2026, 5, 4)
SOME = (Entitlement("hours", 6.5),)
NONE_LEFT = (Entitlement("hours", 0.0),)


@pytest.mark.parametrize(
    ("facts", "rule", "outcome"),
    [
        ({"customer": False, "warranty_until": TODAY}, "no_customer", "not_covered"),
        ({"warranty_until": TODAY}, "warranty", "warranty"),
        ({"warranty_until": TODAY, "credit_hold": True}, "warranty", "warranty"),
        ({"warranty_until": date(2026, 5, 3)}, "no_contract", "not_covered"),
        ({"entitlements": SOME, "credit_hold": True}, "credit", "blocked"),
        (
            {"entitlements": SOME, "credit_hold": True, "credit_released": True},
            "covered",
            "covered",
        ),
        (
            {"entitlements": SOME, "credit_hold": True, "kind": "complaint"},
            "covered",
            "covered",
        ),
        ({"entitlements": SOME}, "covered", "covered"),
        ({"entitlements": (Entitlement("all", None),)}, "covered", "covered"),
        ({"entitlements": SOME, "needed": 7.0}, "exhausted", "exhausted"),
        ({"entitlements": NONE_LEFT}, "exhausted", "exhausted"),
        ({"entitlements": NONE_LEFT, "needed": 0.0}, "exhausted", "exhausted"),
        ({"suspended": True, "ended": True}, "suspended", "not_covered"),
        ({"ended": True}, "ended", "not_covered"),
        ({}, "no_contract", "not_covered"),
    ],
)
def test_each_row_decides_its_case(facts, rule, outcome):
    """Covers: SRV-03, SRV-05"""
    verdict = decision.decide(Facts(TODAY, **facts))
    assert (verdict.rule, verdict.outcome) == (rule, outcome)


def test_every_combination_of_answers_meets_one_row_and_every_row_is_reached():
    """Covers: SRV-03"""
    answers = product((True, False), repeat=len(Conditions._fields))
    hit = {decision.match(Conditions(*answer)).code for answer in answers}
    assert hit == {rule.code for rule in decision.TABLE}


def test_a_table_with_a_hole_is_refused():
    with pytest.raises(ValueError):
        decision.match(Conditions(*[False] * 8), decision.TABLE[1:3])


def test_the_entitlement_with_enough_left_pays_then_the_specific_then_the_older():
    choices = (
        Entitlement("empty, for this asset", 0.0, specific=2),
        Entitlement("general", 5.0, date(2026, 6, 1)),
        Entitlement("asset, long", 5.0, date(2027, 6, 1), specific=2),
        Entitlement("asset, short", 5.0, date(2026, 7, 1), specific=2),
    )
    verdict = decision.decide(Facts(TODAY, entitlements=choices))
    assert (verdict.payer, verdict.remainder) == ("asset, short", 5.0)


def test_what_is_exhausted_names_the_contract_line():
    verdict = decision.decide(Facts(TODAY, entitlements=NONE_LEFT))
    assert (verdict.payer, verdict.remainder) == ("hours", 0.0)
