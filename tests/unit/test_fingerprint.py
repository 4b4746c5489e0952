"""Equal figures, equal number; any other figure, another number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import fingerprint

figures = st.floats(allow_infinity=False) | st.just(float("nan"))
tables = st.lists(st.lists(figures, min_size=3, max_size=3), min_size=1, max_size=8)


@given(tables)
def test_a_row_has_the_same_number_among_whatever_others(rows):
    """Covers: ANA-07"""
    table = np.array(rows).T
    numbers = fingerprint.keys(table, 5)
    for place, row in enumerate(rows):
        alone = fingerprint.keys([[value] for value in row], 5)
        assert alone[0] == numbers[place]
        assert 0 <= numbers[place] < 2**52
        assert numbers[place] % 1 == 0


@given(tables, st.integers(0, 2), st.floats(-1e9, 1e9))
def test_a_changed_figure_changes_the_number_of_its_row_alone(rows, column, value):
    """Covers: ANA-07"""
    table = np.array(rows, dtype=float).T.copy()
    before = fingerprint.keys(table)
    old = table[column, 0]
    table[column, 0] = value
    after = fingerprint.keys(table)
    assert (before[0] == after[0]) == (old == value)
    assert (before[1:] == after[1:]).all()


def test_what_all_share_changes_every_number():
    table = [[1.0, 2.0, 3.0]]
    one = fingerprint.keys(table, fingerprint.seed("2026-06-30", 1))
    other = fingerprint.keys(table, fingerprint.seed("2026-07-01", 1))
    assert (one != other).all()
    assert fingerprint.seed("a", 1) == fingerprint.seed("a", 1)


def test_a_known_figure_is_not_an_unknown_one():
    known, unknown = fingerprint.keys([[0.0, float("nan")]])
    assert known != unknown
    assert fingerprint.keys([[0.0]]) == fingerprint.keys([[-0.0]])
