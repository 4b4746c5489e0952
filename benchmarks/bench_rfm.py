"""Recency, frequency, monetary, ABC and class of many customers, several ways.

    python benchmarks/bench_rfm.py -c odoo.conf -d DATABASE [--customers N] [--loop N]

Use a database that can be thrown away: documents are seeded by SQL into a company of
their own, committed, and vacuumed as autovacuum leaves tables in daily use. They stay.
The variants alternate; medians of the rounds are printed. The per-partner loop is
measured on ``--loop`` customers and scaled, which its row of the table says.

What each variant does stands in its row. *Statements* gives first and last purchase,
purchase days, revenue of five windows, active months and cadence, then scores, ABC of
two windows, class and rule, in temporary tables. *pandas* computes the same from the
same rows (its facts are compared with ours before the clock runs) and copies the
result back into a table. The other two leave the cadence out, for which one needs every
document.
*Bare* is a GROUP BY of the same rows with seven aggregates, into a temporary table.
"""

import argparse
import importlib
import statistics
import sys
import time
from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta
from psycopg2.extras import execute_values

import odoo
from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

ROUNDS = 5
TOOLS = "odoo.addons.crm_analytics.tools"  # found once the registry is loaded
AS_OF = date(2026, 6, 30)
TYPES = ("out_invoice", "out_refund", "out_receipt")


def arguments():
    """Own arguments, and those that Odoo gets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--invoices", type=int, default=10, help="a customer, mean")
    parser.add_argument("--loop", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_known_args()


def seed(env, customers, invoices):
    """Customers with documents over three years, skewed as real ones are."""
    company = env["res.company"].create({"name": f"Benchmark {time.time():.0f}"})
    journal = env["account.journal"].create(
        {"name": "B", "code": "BNCH", "type": "sale", "company_id": company.id}
    )
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT setseed(0.42)")
    cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, is_company, type,
                                 autopost_bills)
        SELECT 'Bench ' || i, 'Bench ' || i, TRUE, TRUE, 'contact', 'ask'
          FROM generate_series(1, %s) i RETURNING id""",
        [customers],
    )
    ids = [row[0] for row in cr.fetchall()]
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids]
    )
    cr.execute(
        """
        INSERT INTO account_move (name, state, move_type, company_id, journal_id,
            partner_id, commercial_partner_id, currency_id, date, invoice_date,
            amount_untaxed_signed, auto_post)
        SELECT 'B/' || d.partner || '/' || d.i, 'posted', d.move_type,
               %(company)s, %(journal)s, d.partner, d.partner, %(currency)s, d.day,
               d.day,
               CASE d.move_type WHEN 'out_refund' THEN -0.1 ELSE 1 END * d.amount, 'no'
          FROM (
            SELECT p.id AS partner, i,
                   CASE WHEN random() < 0.04 THEN 'out_refund' ELSE 'out_invoice' END
                       AS move_type,
                   %(as_of)s::date - (random() * 1095)::int AS day,
                   round((random() * 900 + 100)::numeric, 2) AS amount
              FROM unnest(%(ids)s) AS p(id)
        CROSS JOIN LATERAL generate_series(1,
                   1 + (-ln(1 - random()) * %(mean)s)::int + 0 * p.id) i
          ORDER BY 4
          ) d
        """,
        {
            "company": company.id,
            "journal": journal.id,
            "currency": company.currency_id.id,
            "ids": ids,
            "mean": invoices,
            "as_of": AS_OF,
        },
    )
    count = cr.rowcount
    env["crm.value.policy"].sudo()._get_current(company)
    return company.id, ids, count


def vacuum(database, *tables):
    """Leave the tables as autovacuum does, so that an index alone can answer."""
    connection = sql_db.db_connect(database)
    with connection.cursor() as cr:
        cr.connection.rollback()
        cr.connection.autocommit = True
        for table in tables:
            cr.connection.cursor().execute(f"VACUUM (ANALYZE) {table}")
        cr.connection.autocommit = False


def tool(name):
    """A kernel of the addon."""
    return importlib.import_module(f"{TOOLS}.{name}")


def window_of(env, company):
    """The policy's windows at the day of the benchmark."""
    return env["crm.value.policy"].sudo()._get_current(company)._get_windows(AS_OF)


def by_facts(env, company, _ids, _loop):
    """Our first statement alone: the facts of each customer"""
    run = env["crm.value.run"].sudo()
    query = tool("fact_sql").customer_facts(company.id, window_of(env, company))
    run._materialize("bench_fact", query)


def by_statements(env, company, ids, loop):
    """Our two statements: facts, then scores, ABC, class and rule"""
    by_facts(env, company, ids, loop)
    policy = env["crm.value.policy"].sudo()._get_current(company)
    run = env["crm.value.run"].sudo()
    run._materialize(
        "bench_value",
        tool("value_sql").customer_values(
            company.id, window_of(env, company), policy._get_limits()
        ),
    )


def by_run(env, company, _ids, _loop):
    """Our whole run: facts, months, features, models, values, proof, merged"""
    env["crm.value.run"].sudo()._start(company, "full", AS_OF)


def scores(last, frequency, money):
    """Quintiles of arrays with ties together, and letters by money."""
    result = []
    for values in (last, frequency, money):
        ordered = np.sort(values)
        below = np.searchsorted(ordered, values)
        result.append(1 + 5 * below // len(values))
    order = np.argsort(-money, kind="stable")
    gains = np.clip(money[order], 0, None)
    share = (np.cumsum(gains) - gains) / max(gains.sum(), 1)
    letters = np.empty(len(money), dtype="<U1")
    letters[order] = np.where(share < 0.8, "A", np.where(share < 0.95, "B", "C"))
    return (*result, letters)


def by_loop(env, company, ids, loop):
    """A search and sums for each partner, as usual addons do; no cadence"""
    window = window_of(env, company)
    rows = []
    for partner in env["res.partner"].browse(ids[:loop]):
        moves = env["account.move"].search(
            [
                ("commercial_partner_id", "=", partner.id),
                ("state", "=", "posted"),
                ("move_type", "in", TYPES),
                ("company_id", "=", company.id),
                ("invoice_date", "<=", AS_OF),
            ]
        )
        bought = moves.filtered(lambda move: move.move_type != "out_refund")
        days = {day for day in bought.mapped("invoice_date") if day > window.start}
        last = max(bought.mapped("invoice_date"), default=date.min)
        sums = [
            sum(m.amount_untaxed_signed for m in moves if low < m.invoice_date <= high)
            for low, high in spans(window)
        ]
        rows.append((last.toordinal(), len(days), *sums))
    scores(
        *(np.array(column, dtype=float) for column in list(zip(*rows, strict=True))[:3])
    )
    env.invalidate_all()


def spans(window):
    """The windows of revenue: now, before, last half year, the same a year before."""
    return (
        (window.start, AS_OF),
        (window.previous, window.start),
        (window.half, AS_OF),
        (window.half_before, window.half_before_end),
    )


def by_read_group(env, company, _ids, _loop):
    """Five _read_group calls, scores in numpy; no cadence"""
    window = window_of(env, company)
    base = [
        ("company_id", "=", company.id),
        ("state", "=", "posted"),
        ("move_type", "in", TYPES),
    ]
    Move = env["account.move"]
    rows = defaultdict(lambda: [0.0] * 6)
    purchase = ("move_type", "!=", "out_refund")
    for partner, last in Move._read_group(
        [*base, purchase, ("invoice_date", "<=", AS_OF)],
        ["commercial_partner_id"],
        ["invoice_date:max"],
    ):
        rows[partner.id][0] = last.toordinal()
    for partner, days in Move._read_group(
        [*base, purchase, ("invoice_date", ">", window.start)],
        ["commercial_partner_id"],
        ["invoice_date:count_distinct"],
    ):
        rows[partner.id][1] = days
    for index, (low, high) in enumerate(spans(window), 2):
        for partner, money in Move._read_group(
            [*base, ("invoice_date", ">", low), ("invoice_date", "<=", high)],
            ["commercial_partner_id"],
            ["amount_untaxed_signed:sum"],
        ):
            rows[partner.id][index] = money
    table = np.array(list(rows.values()))
    scores(table[:, 0], table[:, 1], table[:, 2])
    env.invalidate_all()


def by_pandas(env, company, _ids, _loop):
    """pandas: documents and months fetched, same figures, copied back to a table"""
    out = pandas_facts(env, company)
    window = window_of(env, company)
    env.cr.execute(
        "SELECT partner_id, month >= %s, contribution::float8 FROM crm_customer_month"
        " WHERE company_id = %s AND month >= %s AND month <= %s",
        [window.start_month, company.id, window.previous_month, AS_OF],
    )
    months = pd.DataFrame(env.cr.fetchall(), columns=["p", "now", "c"])
    for name, rows in (("now", months[months.now]), ("past", months[~months.now])):
        sums = rows.groupby("p").c.sum().reindex(out.index).fillna(0)
        out[f"contribution_{name}"] = sums
        out[f"abc_{name}"] = scores(sums, sums, sums.to_numpy())[3]
    columns = [name for name in out.columns if name not in ("first", "last")]
    values = list(zip(out.index, *(out[name] for name in columns), strict=True))
    env.cr.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS bench_pandas (p int, "
        + ", ".join(
            f"{name}_ " + ("text" if out[name].dtype == object else "float8")
            for name in columns
        )
        + "); TRUNCATE bench_pandas"
    )
    execute_values(
        env.cr._obj, "INSERT INTO bench_pandas VALUES %s", values, page_size=5000
    )


def pandas_facts(env, company):
    """The facts, scores and classes in a frame."""
    window = window_of(env, company)
    env.cr.execute(
        "SELECT commercial_partner_id, invoice_date, move_type <> 'out_refund',"
        " amount_untaxed_signed::float8 FROM account_move WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND company_id = %s AND invoice_date <= %s",
        [company.id, AS_OF],
    )
    frame = pd.DataFrame(env.cr.fetchall(), columns=["p", "d", "b", "a"])
    frame["d"] = pd.to_datetime(frame["d"])
    frame["p"] = frame["p"].astype("int64")
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


def bare(env, _company, _ids, _loop):
    """Bare GROUP BY of the same rows, seven aggregates"""
    year, before = AS_OF - relativedelta(years=1), AS_OF - relativedelta(years=2)
    env["crm.value.run"].sudo()._materialize(
        "bench_bare",
        SQL(
            """
            SELECT commercial_partner_id,
                   max(invoice_date) FILTER (WHERE move_type <> 'out_refund'),
                   min(invoice_date) FILTER (WHERE move_type <> 'out_refund') AS b,
                   count(*) FILTER (WHERE move_type <> 'out_refund'),
                   sum(amount_untaxed_signed) AS c,
                   sum(amount_untaxed_signed) FILTER (WHERE invoice_date > %(year)s)
                       AS d,
                   sum(amount_untaxed_signed) FILTER (
                       WHERE invoice_date > %(before)s AND invoice_date <= %(year)s)
                       AS e
              FROM account_move WHERE state = 'posted'
               AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND company_id = %(company)s GROUP BY 1""",
            year=year,
            before=before,
            company=_company.id,
        ),
    )


def counted(env, company, _ids, _loop):
    """Count of the same rows in the covering index"""
    env.cr.execute(
        "SELECT count(*) FROM account_move WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND company_id = %s AND invoice_date IS NOT NULL"
        " AND commercial_partner_id IS NOT NULL",
        [company.id],
    )
    env.cr.fetchall()


VARIANTS = (
    by_statements,
    by_facts,
    bare,
    counted,
    by_run,
    by_pandas,
    by_read_group,
    by_loop,
)


def compare(env, company, ids):
    """The facts of pandas are ours, or the comparison is worth nothing."""
    theirs = pandas_facts(env, company)
    by_facts(env, company, ids, 0)
    env.cr.execute(
        "SELECT partner_id, purchase_days, frequency, monetary, monetary_previous,"
        " revenue_half, revenue_half_before, invoice_count, refund_amount,"
        " active_months, cadence FROM bench_fact ORDER BY partner_id"
    )
    ours = pd.DataFrame(env.cr.fetchall()).astype(float).set_index(0)
    columns = "days frequency monetary previous half half_before invoices refund months"
    theirs = theirs.sort_index()[[*columns.split(), "cadence"]].astype(float)
    if not np.allclose(ours.to_numpy(), theirs.to_numpy(), equal_nan=True, atol=0.006):
        raise SystemExit("The figures of pandas differ from ours.")


def main():
    """Seed, measure, print."""
    own, rest = arguments()
    config.parse_config(rest)
    database = config["db_name"]
    database = database[0] if isinstance(database, list) else database
    registry = Registry(database)
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        company_id, ids, count = seed(env, own.customers, own.invoices)
    vacuum(database, "account_move", "res_partner")
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        company = env["res.company"].browse(company_id)
        compare(env, company, ids)
        times = {variant: [] for variant in VARIANTS}
        by_run(env, company, ids, own.loop)  # warm: tables filled, plans cached
        cr.commit()
        vacuum(database, "crm_customer_fact", "crm_customer_month")
        for _round in range(own.rounds):
            for variant in VARIANTS:
                begin = time.perf_counter()
                variant(env, company, ids, own.loop)
                times[variant].append(time.perf_counter() - begin)
        cr.rollback()
    report(own, count, times)


def report(own, count, times):
    """Print the table."""
    scale = own.customers / own.loop
    medians = {variant: statistics.median(times[variant]) for variant in VARIANTS}
    medians[by_loop] *= scale
    base = medians[by_statements]
    sys.stdout.write(
        f"{own.customers} customers, {count} documents, Odoo {odoo.release.version},"
        f" median of {own.rounds} rounds\n\n"
        "| variant | seconds | times ours |\n|---|---|---|\n"
    )
    for variant in VARIANTS:
        note = f" (x {scale:.0f}, from {own.loop})" if variant is by_loop else ""
        sys.stdout.write(
            f"| {variant.__doc__}{note} | {medians[variant]:.3f} |"
            f" {medians[variant] / base:.2f} |\n"
        )


if __name__ == "__main__":
    main()
