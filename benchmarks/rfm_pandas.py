"""The same figures by pandas, for ``bench_rfm``: rows copied out, results back in."""

import io

import numpy as np
import pandas as pd
from ledger_data import AS_OF
from rfm_variants import scores, spans, window_of

MOVES = """
    SELECT id AS move, commercial_partner_id AS p, invoice_date AS d,
           (move_type <> 'out_refund')::int AS b, amount_untaxed_signed AS a
      FROM account_move WHERE state = 'posted'
       AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
       AND company_id = %(company)s AND invoice_date <= %(as_of)s"""
LINES = """
    SELECT l.id AS line, l.move_id AS move, l.product_id AS product, l.quantity AS q,
           l.discount, -l.balance AS amount
      FROM account_move_line l WHERE l.display_type = 'product'
       AND l.company_id = %(company)s"""
PRODUCTS = """
    SELECT v.id AS product, t.categ_id AS family,
           (v.standard_price ->> %(key)s)::float8 AS cost
      FROM product_product v JOIN product_template t ON t.id = v.product_tmpl_id"""
ORDERED = """
    SELECT r.invoice_line_id AS line, s.purchase_price / o.currency_rate AS order_cost
      FROM sale_order_line_invoice_rel r
      JOIN sale_order_line s ON s.id = r.order_line_id
      JOIN sale_order o ON o.id = s.order_id WHERE o.company_id = %(company)s"""


CONTRIBUTIONS = """
    SELECT partner_id AS p, month, contribution AS c FROM crm_customer_month
     WHERE company_id = %(company)s AND month <= %(as_of)s"""


def read(env, company, query, **options):
    """A frame of the rows: COPY and the parser of pandas, the fastest way there is."""
    given = {"company": company.id, "as_of": AS_OF, "key": str(company.id)}
    text, file = env.cr.mogrify(query, given).decode(), io.BytesIO()
    env.cr.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT csv, HEADER)", file)
    file.seek(0)
    return pd.read_csv(file, **options)


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


def documents(env, company):
    """The documents in a frame."""
    frame = read(env, company, MOVES, parse_dates=["d"])
    return frame.assign(b=frame.b.astype(bool))


def facts(env, company, frame):
    """The facts, scores and classes of each customer."""
    window = window_of(env, company)
    days = frame[frame.b].drop_duplicates(["p", "d"]).sort_values(["p", "d"])
    stamp = {name: pd.Timestamp(day) for name, day in window._asdict().items()}
    grouped = days.groupby("p").d
    out = pd.DataFrame(
        {"first": grouped.min(), "last": grouped.max(), "days": grouped.count()}
    ).reindex(frame.p.unique())
    out["revenue"] = frame.groupby("p").a.sum()
    out["frequency"] = days[days.d > stamp["start"]].groupby("p").d.count()
    for name, (low, high) in zip(
        ("monetary", "previous", "half", "half_before"), spans(window), strict=True
    ):
        inside = (frame.d > pd.Timestamp(low)) & (frame.d <= pd.Timestamp(high))
        out[name] = frame[inside].groupby("p").a.sum()
    inside = frame[frame.d > stamp["start"]]
    out["invoices"] = inside[inside.b].groupby("p").d.count()
    out["refund"] = -inside[~inside.b].groupby("p").a.sum()
    year = days[days.d > stamp["year"]]
    month = year.d.dt.year * 12 + year.d.dt.month
    out["months"] = month.groupby(year.p).nunique()
    recent = days[days.d > stamp["two_years"]]
    out["cadence"] = recent.groupby("p").d.diff().dt.days.groupby(recent.p).median()
    empty = ("cadence", "first", "last")
    out = out.fillna({name: 0 for name in out.columns if name not in empty})
    last = out["last"].astype("int64").to_numpy(dtype=float)
    out["r"], out["f"], out["m"], out["abc"] = scores(
        last, out.frequency.to_numpy(dtype=float), out.monetary.to_numpy()
    )
    change = (out.half - out.half_before) / out.half_before.where(out.half_before > 0)
    out["class"] = np.select(
        [
            out["last"] <= stamp["dormant_since"],
            out["first"] > stamp["new_since"],
            change <= -0.3,
            (change >= 0.2) & (out.frequency >= 3),
        ],
        ["dormant", "new", "being_lost", "growth"],
        "transactional",
    )
    return out


def contributions(env, company, out):
    """Contribution and letter of the two windows added to the facts."""
    window = window_of(env, company)
    rows = read(env, company, CONTRIBUTIONS, parse_dates=["month"])
    rows = rows[rows.month >= pd.Timestamp(window.previous_month)]
    now = rows.month >= pd.Timestamp(window.start_month)
    for name, part in (("now", rows[now]), ("past", rows[~now])):
        sums = part.groupby("p").c.sum().reindex(out.index).fillna(0)
        out[f"contribution_{name}"] = sums
        out[f"abc_{name}"] = scores(sums, sums, sums.to_numpy())[3]
    return out


def months(env, company, frame):
    """Figures of each customer and month from the lines."""
    lines = read(env, company, LINES)
    lines = lines.merge(read(env, company, PRODUCTS), on="product", how="left")
    lines = lines.merge(read(env, company, ORDERED), on="line", how="left")
    frame = frame.assign(month=frame.d.values.astype("datetime64[M]"))
    lines = lines.merge(frame[["move", "p", "month", "b"]], on="move")
    quantity = np.where(lines.b, lines.q, -lines.q)
    lines["list"] = lines.amount / (1 - lines.discount / 100)
    lines["goods"] = quantity * lines.order_cost.fillna(lines.cost)
    lines["ordered"] = quantity * lines.order_cost
    grouped = lines.groupby(["p", "month"])
    out = grouped[["list", "goods", "ordered"]].sum()
    out["products"] = grouped["product"].nunique()
    out["families"] = grouped["family"].nunique()
    documents = frame.groupby(["p", "month"])
    out["revenue"] = documents.a.sum()
    out["invoices"] = frame[frame.b].groupby(["p", "month"]).a.count()
    return out.fillna({"invoices": 0}).reset_index()


def by_pandas(env, company, _ids):
    """pandas: documents and months copied out, facts to class copied back"""
    out = facts(env, company, documents(env, company))
    write(env, "bench_pandas", contributions(env, company, out))


def by_pandas_lines(env, company, _ids):
    """pandas: the same, and the lines copied out, months copied back"""
    frame = documents(env, company)
    out = facts(env, company, frame)
    write(env, "bench_pandas", contributions(env, company, out))
    write(env, "bench_pandas_month", months(env, company, frame))


def _fetched(env, query):
    env.cr.execute(query)
    return pd.DataFrame(env.cr.fetchall()).set_index(0)


def compare(env, company):
    """Their figures are ours, or the comparison is worth nothing.

    ``bench_fact`` and ``bench_month`` hold ours.
    """
    frame = documents(env, company)
    theirs = facts(env, company, frame).sort_index()
    ours = _fetched(
        env,
        "SELECT partner_id, purchase_days, frequency, monetary, monetary_previous,"
        " revenue_half, revenue_half_before, invoice_count, refund_amount,"
        " active_months, cadence FROM bench_fact ORDER BY partner_id",
    )
    names = "days frequency monetary previous half half_before invoices refund months"
    _same(ours, theirs[[*names.split(), "cadence"]])
    theirs = months(env, company, frame).sort_values(["p", "month"]).set_index("p")
    ours = _fetched(
        env,
        "SELECT partner_id, list_revenue, cost_of_goods, cost_from_orders,"
        " product_count, family_count, revenue, invoice_count"
        " FROM bench_month ORDER BY partner_id, month",
    )
    _same(ours, theirs.drop(columns="month"))


def _same(ours, theirs):
    ours, theirs = (table.astype(float).to_numpy() for table in (ours, theirs))
    if ours.shape != theirs.shape or not np.allclose(
        ours, theirs, equal_nan=True, atol=0.011, rtol=1e-9
    ):
        raise SystemExit("The figures of pandas differ from ours.")
