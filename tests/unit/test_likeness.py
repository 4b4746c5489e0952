"""Words of two languages, spelled so that any database can compare them."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import likeness

TEXT = likeness.searchable("液压泵漏油: replace the shaft seal of the pump")


def test_the_examples_in_the_documentation_are_true():
    assert not doctest.testmod(likeness).failed


def test_a_chinese_word_inside_a_sentence_is_found():
    """Covers: SRV-11"""
    assert likeness.likeness(likeness.searchable("漏油"), TEXT) == 1.0
    assert likeness.likeness(likeness.searchable("电机"), TEXT) == 0.0


def test_the_order_of_words_and_their_case_do_not_matter():
    query = likeness.searchable("PUMP seal")
    assert likeness.likeness(query, TEXT) == 1.0


def test_a_word_that_is_still_being_typed_counts_half():
    assert likeness.likeness(likeness.searchable("repl"), TEXT) == 0.5


@given(st.text(max_size=60))
def test_what_is_stored_is_ascii_and_stays_the_same_when_read_again(text):
    stored = likeness.searchable(text)
    assert stored.isascii()
    assert likeness.searchable(stored) == stored


def test_product_and_success_decide_between_texts_that_are_alike():
    same = likeness.score(0.5, True, 0, 0, 0)
    proven = likeness.score(0.5, False, 20, 10, 0)
    refuted = likeness.score(0.5, False, 0, 0, 10)
    assert same > proven > refuted
    assert likeness.score(1.0, False, 0, 0, 5) > likeness.score(0.5, True, 20, 9, 0)
