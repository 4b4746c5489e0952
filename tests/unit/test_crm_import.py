"""The import kernels: profiles, CSV files, refusals and suggestions."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_b2b.tools import crm_import_match as match
from odoo.addons.crm_b2b.tools import crm_import_parse as parsing
from odoo.addons.crm_b2b.tools import crm_import_read as reading
from odoo.addons.crm_b2b.tools.crm_import_profile import ImportProblem, load_profile

ADDON = Path(parsing.__file__).parent.parent
SMALL = ADDON / "tests" / "data" / "small"
OTHER = ADDON / "tests" / "data" / "other"
SHIPPED = ADDON / "data" / "import_profiles" / "maven_crm_opportunities.yaml"
TODAY = date(2024, 1, 1)
COUNTRIES = {"country": ["Germany", "Philippines", "South Korea", "North Korea"]}
TINY = """
name: tiny
files:
  deals: {file: d.csv, columns: {id: i, stage: s, open_date: o, close_date: c,
          amount: a, account: k, product: p}}
stages: {W: {outcome: won}, O: {outcome: open, stage: New}}
"""
HEADER = "i,s,o,c,a,k,p\n"


def small():
    profile = load_profile(SHIPPED.read_text())
    files = {
        kind: (SMALL / spec.file).read_bytes() for kind, spec in profile.files.items()
    }
    return parsing.parse(profile, files, COUNTRIES, TODAY)


def tiny(body, header=HEADER, profile=TINY):
    data = (header + body).encode()
    return parsing.parse(load_profile(profile), {"deals": data}, {}, TODAY)


def test_each_bad_row_is_refused_with_its_line_column_and_reason():
    refused = [(i.line, i.column, i.value, i.reason) for i in small().rejected]
    assert refused == [
        (8, "account", "", "won_without_account"),
        (9, "sales_agent", "Nobody Known", "unknown_agent"),
        (10, "product", "MG Speciall", "unknown_product"),
        (11, "engage_date", "2020-13-12", "date"),
        (12, "close_value", "sixty", "amount"),
        (13, "close_date", "2020-03-05", "close_before_open"),
        (14, "opportunity_id", "W1", "duplicate"),
        (15, "deal_stage", "Wonn", "stage"),
        (16, "opportunity_id", "", "missing"),
        (17, "", "", "ragged"),
    ]


def test_good_rows_stay_when_others_are_refused():
    parsed = small()
    keys = [row.key for row in parsed.rows["deals"]]
    assert keys == ["W1", "W2", "W3", "L1", "O1", "O2"]
    assert parsed.read["deals"] == len(keys) + parsed.rejected_count("deals") == 16


def test_dirt_is_reported_with_a_suggestion_and_not_corrected():
    parsed = small()
    found = {i.value: (i.reason, i.suggestion) for i in parsed.warnings if i.value}
    assert found == {
        "technolgy": ("unknown_industry", "technology"),
        "Philipines": ("unknown_country", "Philippines"),
        "Korea": ("unknown_country", "North Korea / South Korea"),
        "Nowhere Inc": ("unknown_parent", ""),
        "GTXPro": ("alias", "GTX Pro"),
    }
    assert parsed.rows["accounts"][0].values["industry"] == "technolgy"
    assert parsed.rows["deals"][0].values["product"] == "GTX Pro"


def test_the_suggestion_for_an_unknown_product_is_the_known_one_near_it():
    (issue,) = [i for i in small().rejected if i.reason == "unknown_product"]
    assert issue.suggestion == "MG Special"


def test_another_system_needs_a_profile_and_no_code():
    profile = load_profile((OTHER / "profile.yaml").read_text())
    files = {"deals": (OTHER / "verkauf.csv").read_bytes()}
    parsed = parsing.parse(profile, files, {}, TODAY)
    assert not parsed.rejected
    first = parsed.rows["deals"][0].values
    assert first["amount"] == Decimal("1234.50")
    assert first["close_date"] == date(2021, 2, 15)
    assert [row.key for row in parsed.rows["accounts"]] == ["Müller AG"]
    assert [row.key for row in parsed.rows["products"]] == ["Lack"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xff\xfe\x00", "file_encoding"),
        (b"a;b;c\n1;2;3\n", "file_columns"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content, code):
    with pytest.raises(ImportProblem) as caught:
        parsing.parse(load_profile(TINY), {"deals": content}, {}, TODAY)
    assert caught.value.code == code


def test_a_broken_file_says_in_which_line_it_breaks():
    allowed = csv.field_size_limit(10)
    try:
        with pytest.raises(ImportProblem) as caught:
            tiny("1,O,,,,K,P\n2,O,,,,a value without end,P\n")
    finally:
        csv.field_size_limit(allowed)
    assert (caught.value.code, caught.value.params["line"]) == ("file_csv", 3)


def test_a_missing_file_is_named():
    with pytest.raises(ImportProblem) as caught:
        parsing.parse(load_profile(TINY), {}, {}, TODAY)
    assert (caught.value.code, caught.value.params) == (
        "file_missing",
        {"file": "d.csv"},
    )


def test_line_numbers_count_the_lines_inside_quoted_values():
    parsed = tiny('1,O,,,,"two\nlines",P\n2,O,,,x,K,P\n')
    assert [issue.line for issue in parsed.rejected] == [4]


def test_a_deal_won_in_the_future_is_refused():
    parsed = tiny("1,W,2020-01-01,2024-01-02,5,K,P\n")
    assert [issue.reason for issue in parsed.rejected] == ["future"]


def test_a_won_deal_without_account_is_kept_only_if_the_profile_says_so():
    row = "1,W,2020-01-01,2020-01-02,5,,P\n"
    assert tiny(row).rejected_count("deals") == 1
    kept = tiny(row, profile=TINY + "options: {won_without_account: keep}\n")
    assert [issue.reason for issue in kept.warnings] == ["no_account"]
    assert len(kept.rows["deals"]) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "profile_yaml"),
        ("[]", "profile_mapping"),
        ("!!python/object/apply:os.system ['true']", "profile_yaml"),
        ("name: Bad Name", "profile_name"),
        ("name: x", "profile_missing"),
        ("name: x\nwhat: 1", "profile_unknown_key"),
        (TINY.replace("id: i,", ""), "profile_missing"),
        (TINY.replace("outcome: won", "outcome: gained"), "profile_value"),
        (TINY.replace("stages:", "stage:"), "profile_unknown_key"),
        (TINY + "options: {unpaid_share: 1.5}", "profile_value"),
        (TINY + "options: {deal_name: '{account.__class__}'}", "profile_value"),
        (TINY + "options: {payment_delay_days: [5, 1]}", "profile_value"),
        (TINY + "csv: {encoding: klingon}", "profile_value"),
        (TINY + "csv: {delimiter: ';;'}", "profile_value"),
        (TINY + "known: {industry: retail}", "profile_value"),
    ],
)
def test_a_bad_profile_is_refused_with_its_reason(text, code):
    with pytest.raises(ImportProblem) as caught:
        load_profile(text)
    assert caught.value.code == code


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_a_value_error(text):
    try:
        amount = reading.parse_amount(text)
    except ValueError:
        return
    assert amount.is_finite()
    assert abs(amount) <= reading.MAX_AMOUNT


@given(st.decimals(-999999, 999999, places=2))
def test_an_amount_written_with_other_separators_is_the_same_amount(amount):
    written = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert reading.parse_amount(written, ",", ".") == amount


@given(st.lists(st.text(max_size=12), min_size=7, max_size=7))
def test_every_row_is_either_kept_or_refused_whatever_it_holds(cells):
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        parsed = tiny(quoted + "\n")
    except (ImportProblem, UnicodeEncodeError):
        return  # surrogates and bare control characters make no CSV file
    kept = len(parsed.rows["deals"])
    assert parsed.read["deals"] == kept + parsed.rejected_count("deals")


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_external_names_differ_when_keys_differ(one, other):
    names = match.external_name("deals", one), match.external_name("deals", other)
    assert (names[0] == names[1]) == (one == other)
    assert all(len(name) <= 80 and "." not in name for name in names)


def test_the_unpaid_share_is_kept_and_the_same_in_every_run():
    keys = [f"deal{number}" for number in range(10_000)]
    unpaid = [match.is_unpaid(7, key, 0.08) for key in keys]
    assert unpaid == [match.is_unpaid(7, key, 0.08) for key in keys]
    assert 0.07 < sum(unpaid) / len(keys) < 0.09
    assert not any(match.is_unpaid(7, key, 0) for key in keys)
    assert all(match.is_unpaid(7, key, 1) for key in keys)


@given(st.text(max_size=20), st.integers(-30, 0), st.integers(0, 30))
def test_a_payment_falls_within_the_delay_of_the_profile(key, first, last):
    day = match.payment_date(1, key, TODAY, [first, last])
    assert first <= (day - TODAY).days <= last
