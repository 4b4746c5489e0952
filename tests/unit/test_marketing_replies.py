"""Machines are never answered, and rules read only the sender's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_marketing.tools.auto_reply import (
    automatic_reason,
    matches,
    own_reason,
    own_words,
)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Auto-Submitted": "no"}, None),
        ({"Auto-Submitted": "auto-replied"}, "auto-submitted"),
        ({"AUTO-SUBMITTED": "Auto-Generated; owner=x"}, "auto-submitted"),
        ({"Precedence": "bulk"}, "precedence"),
        ({"precedence": "Auto_Reply"}, "precedence"),
        ({"Precedence": "first-class"}, None),
        ({"Return-Path": "<>"}, "return-path"),
        ({"Return-Path": "<a@b.example>"}, None),
        ({"X-Auto-Response-Suppress": "All"}, "x-auto-response-suppress"),
        ({"List-Id": "<news.example>"}, "list-id"),
        ({"Subject": "Out of office"}, None),
    ],
)
def test_a_machine_is_known_by_its_headers(headers, expected):
    """Covers: MKT-02"""
    assert automatic_reason(headers) == expected


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8)))
def test_what_we_send_ourselves_is_always_automatic(others):
    """An answer of ours that comes back is never answered again."""
    headers = {
        key: value
        for key, value in others.items()
        if key.lower() not in ("auto-submitted", "precedence")
    }
    assert automatic_reason({**headers, "Auto-Submitted": "auto-replied"})


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("", "sender"),
        (None, "sender"),
        ("Sales@ours.example", "own"),
        ("a@customer.example", None),
    ],
)
def test_mail_of_our_own_is_not_answered(sender, expected):
    assert own_reason(sender, ["sales@OURS.example"]) == expected


@pytest.mark.parametrize(
    ("keywords", "text", "expected"),
    [
        (None, "anything", True),
        (" , ", "anything", True),
        ("sample, specimen", "Please send a Sample!", True),
        ("sample", "for example", False),
        ("price list", "your price list please", True),
        ("样品", "请寄样品给我", True),
        ("stop", "unstoppable", False),
        ("stop", None, False),
        ("a+b", "we need a+b", True),
    ],
)
def test_a_rule_fits_by_whole_words(keywords, text, expected):
    """Covers: MKT-02"""
    assert matches(keywords, text) is expected


def test_the_quote_of_our_mail_does_not_count():
    text = "Thank you\n> write STOP to stop\nOn Monday Anna wrote:\nSTOP"
    assert own_words(text) == "Thank you"
    assert own_words(None) == ""
