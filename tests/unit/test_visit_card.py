"""Codes on badges and business cards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_marketing.tools import visit_card
from odoo.addons.crm_marketing.tools.visit_card import Card

JANE = Card("Jane Doe", "ACME; Coatings", "jane@acme.example", "+49 123", "Buyer")


@pytest.mark.parametrize(
    ("text", "card"),
    [
        (
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jane Doe\r\nN:Doe;Jane;;;\r\n"
            "ORG:ACME\\; Coatings;Sales\r\nTITLE:Buyer\r\nTEL;TYPE=work:+49 123\r\n"
            "item1.EMAIL;TYPE=INTERNET:jane@acme.\r\n example\r\nEND:VCARD",
            JANE,
        ),
        (
            "MECARD:N:Doe,Jane;ORG:ACME\\; Coatings;TEL:+49 123;"
            "EMAIL:jane@acme.example;TITLE:Buyer;;",
            JANE,
        ),
        (
            "BEGIN:VCARD\nN:Li;Wei;;;\nTEL;VALUE=uri:tel:+86-1\nEND:VCARD",
            Card("Wei Li", phone="+86-1"),
        ),
        ("0817263544", Card(code="0817263544")),
        ("", Card()),
    ],
)
def test_a_scanned_code_becomes_a_person(text, card):
    """Covers: MKT-07"""
    assert visit_card.read(text) == card


@given(st.text())
def test_any_text_is_read_without_fault(text):
    for start in ("", "MECARD:", "BEGIN:VCARD\n"):
        card = visit_card.read(start + text)
        assert all(isinstance(value, str) for value in card)


plain = st.text("abcdefgh äöü漢字;,:\\.-", min_size=1, max_size=30).map(str.strip)


@given(plain.filter(bool), plain)
def test_what_was_escaped_comes_back(name, company):
    def escape(value):
        return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")

    text = f"BEGIN:VCARD\nFN:{escape(name)}\nORG:{escape(company)}\nEND:VCARD"
    card = visit_card.read(text)
    assert card.name == name
