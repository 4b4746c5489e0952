"""Numbers parsed as PostgreSQL copies them out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import number_rows

NUMBER = st.floats(allow_infinity=False, width=64)


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER)), st.integers(1, 40))
def test_rows_may_be_cut_anywhere(rows, size):
    text = "".join(
        " ".join("nan" if v != v else repr(v) for v in row) + "\n" for row in rows
    ).encode()
    sink = number_rows.NumberRows(3)
    for start in range(0, len(text), size):
        assert sink.write(text[start : start + size])
    found = sink.array()
    assert found.shape == (len(rows), 3)
    np.testing.assert_array_equal(found, np.array(rows).reshape(-1, 3))


def test_large_copies_are_parsed_on_the_way(monkeypatch):
    monkeypatch.setattr(number_rows, "_ENOUGH", 10)
    sink = number_rows.NumberRows(2)
    for number in range(100):
        sink.write(f"{number} {number / 2}".encode())
        sink.write(b"\n")
    assert sink.array()[:, 1].sum() == sum(range(100)) / 2
    assert len(sink._parts) > 10
