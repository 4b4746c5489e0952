"""The same figures by pandas, for ``bench_rfm``: rows copied out, results back in."""

import io
import warnings

import numpy as np
import pandas as pd
from ledger_data import AS_OF
from rfm_judgement import COLUMNS, judged, write
from rfm_variants import merge, policy_of, spans, window_of

from odoo.tools import SQL

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
     WHERE company_id = %(company)s AND month >= %(previous)s AND month <= %(as_of)s"""
KNOWN = """
    SELECT partner_id AS p, loyalty, churn_risk AS risk FROM crm_customer_fact
     WHERE company_id = %(company)s"""


def _given(env, company):
    return {
        "company": company.id,
        "as_of": AS_OF,
        "key": str(company.id),
        "previous": window_of(env, company).previous_month,
    }


def by_copy(env, company, query, **options):
    """A frame of the rows: COPY and the parser of pandas, the fastest way there is."""
    text = env.cr.mogrify(query, _given(env, company)).decode()
    file = io.BytesIO()
    env.cr.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT csv, HEADER)", file)
    file.seek(0)
    return pd.read_csv(file, **options)


def by_cursor(env, company, query, **options):
    """A frame of the rows by ``read_sql``, as it is usually done."""
    with warnings.catch_warnings(action="ignore"):  # it would like SQLAlchemy
        return pd.read_sql(query, env.cr._cnx, params=_given(env, company), **options)


def documents(env, company, read=by_copy):
    """The documents in a frame."""
    frame = read(env, company, MOVES, parse_dates=["d"])
    return frame.assign(b=frame.b.astype(bool))


def facts(env, company, frame):
    """The facts of each customer."""
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
    return out


def with_months(env, company, out, read):
    """Contribution of the two windows, loyalty and risk added to the facts."""
    window = window_of(env, company)
    rows = read(env, company, CONTRIBUTIONS, parse_dates=["month"])
    now = rows.month >= pd.Timestamp(window.start_month)
    for name, part in (("now", rows[now]), ("past", rows[~now])):
        sums = part.groupby("p").c.sum().reindex(out.index).fillna(0)
        out[f"contribution_{name}"] = sums
    return out.join(read(env, company, KNOWN).set_index("p"))


def judgements(env, company, read=by_copy):
    """All columns of each customer, from the documents."""
    out = facts(env, company, documents(env, company, read))
    out = with_months(env, company, out, read)
    return judged(out, window_of(env, company), policy_of(env, company)._get_limits())


def months(env, company, frame):
    """Figures of each customer and month from the lines."""
    lines = by_copy(env, company, LINES)
    lines = lines.merge(by_copy(env, company, PRODUCTS), on="product", how="left")
    lines = lines.merge(by_copy(env, company, ORDERED), on="line", how="left")
    frame = frame.assign(month=frame.d.values.astype("datetime64[M]"))
    lines = lines.merge(frame[["move", "p", "month", "b"]], on="move")
    quantity = np.where(lines.b, lines.q, -lines.q)
    lines["list"] = (lines.amount / (1 - lines.discount / 100)).round(2)
    lines["goods"] = (quantity * lines.order_cost.fillna(lines.cost)).round(2)
    lines["ordered"] = (quantity * lines.order_cost).round(2)
    grouped = lines.groupby(["p", "month"])
    out = grouped[["list", "goods", "ordered"]].sum()
    out["products"] = grouped["product"].nunique()
    out["families"] = grouped["family"].nunique()
    documents = frame.groupby(["p", "month"])
    out["revenue"] = documents.a.sum()
    out["invoices"] = frame[frame.b].groupby(["p", "month"]).a.count()
    return out.fillna({"invoices": 0}).reset_index()


def by_pandas(env, company, _ids):
    """pandas: documents and months copied out (COPY), all columns copied back"""
    write(env, "bench_pandas", judgements(env, company).reset_index())


def by_read_sql(env, company, _ids):
    """pandas: the same by read_sql"""
    write(env, "bench_pandas", judgements(env, company, by_cursor).reset_index())


def stored(env, company, _ids):
    """pandas by read_sql, and each customer's row changed by our merge"""
    found = judgements(env, company, by_cursor)
    found = found.rename_axis("partner_id").reset_index()
    write(env, "bench_pandas", found.assign(company_id=company.id))
    merge(env, company, SQL("SELECT * FROM bench_pandas"), COLUMNS)


def by_pandas_lines(env, company, _ids):
    """pandas: the same, and the lines copied out, months copied back"""
    by_pandas(env, company, _ids)
    write(env, "bench_pandas_month", months(env, company, documents(env, company)))


def compare_months(env, company):
    """The months of pandas are ours; ``bench_month`` holds them.

    Some lines of a month lie between two cents: floats round them otherwise.
    """
    theirs = months(env, company, documents(env, company))
    theirs = theirs.sort_values(["p", "month"]).drop(columns=["p", "month"])
    ours = fetched(
        env,
        "SELECT list_revenue, cost_of_goods, cost_from_orders, product_count,"
        " family_count, revenue, invoice_count"
        " FROM bench_month ORDER BY partner_id, month",
    )
    ours, theirs = (table.astype(float).to_numpy() for table in (ours, theirs))
    if ours.shape != theirs.shape or not np.allclose(
        ours, theirs, equal_nan=True, atol=0.101, rtol=1e-9
    ):
        raise SystemExit("The months of pandas differ from ours.")


def fetched(env, query):
    """A frame of the rows of a query."""
    env.cr.execute(query)
    names = [column.name for column in env.cr.description]
    return pd.DataFrame(env.cr.fetchall(), columns=names)
