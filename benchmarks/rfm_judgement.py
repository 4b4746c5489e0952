"""Scores, letters and class from a frame of facts, for the peers of ``bench_rfm``.

The same judgement as ours, in numpy: a comparison is fair when all give the same
columns. Money is counted in cents, so that running sums are exact.
"""

import io

import numpy as np
import pandas as pd

COLUMNS = (  # of ours that every variant delivers, in this order
    "recency",
    "frequency",
    "monetary",
    "monetary_previous",
    "invoice_count",
    "refund_amount",
    "revenue_change",
    "cadence",
    "r_score",
    "f_score",
    "m_score",
    "contribution",
    "contribution_previous",
    "abc",
    "abc_before",
    "class_rule",
)


def judged(facts, window, limits):
    """The columns of ``COLUMNS`` of each customer.

    :param facts: frame by customer: ``first``, ``last`` (days), ``frequency``,
        ``monetary``, ``previous``, ``half``, ``half_before``, ``invoices``, ``refund``,
        ``cadence``, ``contribution_now``, ``contribution_past``, ``loyalty``, ``risk``
    """
    out = pd.DataFrame(index=facts.index)
    day = pd.Timestamp(window.as_of)
    out["recency"] = (day - facts["last"]).dt.days
    for ours, theirs in (
        ("frequency", "frequency"),
        ("monetary", "monetary"),
        ("monetary_previous", "previous"),
        ("invoice_count", "invoices"),
        ("refund_amount", "refund"),
    ):
        out[ours] = facts[theirs]
    before = facts.half_before.where(facts.half_before > 0)
    out["revenue_change"] = (facts.half - before) / before
    out["cadence"] = facts.cadence
    out["r_score"] = _quintile(-out.recency.fillna(1e6).to_numpy())
    out["f_score"] = _quintile(out.frequency.to_numpy())
    out["m_score"] = _quintile(out.monetary.to_numpy())
    _contribution(out, facts, limits)
    out["class_rule"] = _rules(out, facts, window, limits)
    return out[list(COLUMNS)]


def _quintile(values):
    """1..5, equal values alike: the share of customers that are worse."""
    below = np.searchsorted(np.sort(values), values)
    return 1 + 5 * below // len(values)


def _contribution(out, facts, limits):
    """Contribution and letters of the two windows."""
    for name, source, letter in (
        ("contribution", "contribution_now", "abc"),
        ("contribution_previous", "contribution_past", "abc_before"),
    ):
        out[name] = facts[source]
        cents = np.rint(facts[source].to_numpy() * 100).astype(np.int64)
        order = np.lexsort((facts.index, -cents))
        running = np.cumsum(cents[order])
        letters = np.empty(len(cents), dtype="<U1")
        total = np.clip(cents, 0, None).sum()
        until = [np.rint(limit * total) for limit in (limits.abc_a, limits.abc_b)]
        ordered = cents[order]
        letters[order] = np.select(
            [ordered < 0, ordered == 0]
            + [running - ordered < limit for limit in until],
            ["D", "C", "A", "B"],
            "C",
        )
        out[letter] = letters
    out["abc_before"] = out.abc_before.where(out.contribution_previous != 0)


def _rules(out, facts, window, limits):
    """The first rule that fits."""
    was_good = out.abc_before.isin(("A", "B"))
    return np.select(
        [
            facts["last"].isna(),
            facts["last"] <= pd.Timestamp(window.dormant_since),
            facts["first"] > pd.Timestamp(window.new_since),
            was_good & (facts.risk >= limits.churn_risk),
            was_good & (out.revenue_change <= -limits.decline),
            (out.abc == "A") & (facts.loyalty >= limits.loyalty),
            facts.loyalty >= limits.loyalty,
            (out.revenue_change >= limits.growth)
            & (out.frequency >= limits.growth_days),
        ],
        [
            "never_bought",
            "no_purchase",
            "first_purchase",
            "churn_risk",
            "revenue_down",
            "valuable_and_loyal",
            "loyal",
            "revenue_up",
        ],
        "no_other_rule",
    )


def write(env, table, frame):
    """Copy a frame into a temporary table."""
    kinds = {"O": "text", "M": "date"}
    columns = ", ".join(
        f'"{name}" {kinds.get(kind.kind, "float8")}'
        for name, kind in frame.dtypes.items()
    )
    env.cr.execute(f"DROP TABLE IF EXISTS {table}")
    env.cr.execute(f"CREATE TEMPORARY TABLE {table} ({columns})")
    file = io.StringIO(frame.to_csv(index=False, header=False))
    env.cr.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", file)


def compare(ours, theirs, name):
    """End the benchmark unless both give the same for every customer."""
    if len(ours) != len(theirs):
        raise SystemExit(f"{name} has {len(theirs)} customers, we {len(ours)}.")
    for column in COLUMNS:
        left, right = ours[column], theirs[column]
        if left.dtype.kind == "O" and isinstance(left.dropna().iloc[0], str):
            same = left.fillna("") == right.fillna("")
        else:
            left, right = left.astype(float), right.astype(float)
            close = np.isclose(left, right, rtol=1e-9, atol=0.000_001)
            same = close | (left.isna() & right.isna())
        if not same.all():
            wrong = np.flatnonzero(~np.asarray(same))[:5]
            told = [(left.iloc[place], right.iloc[place]) for place in wrong]
            raise SystemExit(f"{name} differs from ours in {column}: {told}")
