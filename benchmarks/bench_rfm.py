"""Recency, frequency, monetary and ABC of 10,000 customers, four ways, one table.

    python benchmarks/bench_rfm.py -c odoo.conf -d DATABASE [--customers N] [--loop N]

Documents are seeded by SQL into a company of their own and rolled back at the end.
The variants alternate; medians of the rounds are printed. The per-partner loop is
measured on ``--loop`` customers and scaled, which its row of the table says.

The variants do not do the same work: ours also gives cadence, the windows before, the
half-years, ABC of both windows and the class; the others only R, F, M (and ABC).
"""

import argparse
import importlib
import statistics
import sys
import time
from datetime import date

import pandas as pd

import odoo
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

ROUNDS = 5
TOOLS = "odoo.addons.crm_analytics.tools"  # found once the registry is loaded
AS_OF = date(2026, 6, 30)


def arguments():
    """Own arguments, and those that Odoo gets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--invoices", type=int, default=10, help="a customer, mean")
    parser.add_argument("--loop", type=int, default=300)
    return parser.parse_known_args()


def seed(env, customers, invoices):
    """Customers with documents over three years, skewed as real ones are."""
    company = env["res.company"].create({"name": "Benchmark"})
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
        SELECT 'B/' || p.id || '/' || i, 'posted',
               CASE WHEN random() < 0.04 THEN 'out_refund' ELSE 'out_invoice' END,
               %(company)s, %(journal)s, p.id, p.id, %(currency)s, d.day, d.day,
               round((random() * 900 + 100)::numeric, 2), 'no'
          FROM unnest(%(ids)s) AS p(id)
    CROSS JOIN LATERAL generate_series(1,
               1 + (-ln(1 - random()) * %(mean)s)::int + 0 * p.id) i
    CROSS JOIN LATERAL (SELECT %(as_of)s::date - (random() * 1095)::int + 0 * i) d(day)
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
    cr.execute("ANALYZE account_move")
    cr.execute("ANALYZE res_partner")
    return company, ids, count


def by_run(env, company, _ids, _loop):
    """Our full run: facts, months, features, values, proof, merged into the tables."""
    env["crm.value.run"].sudo()._start(company, "full", AS_OF)


def by_statements(env, company, _ids, _loop):
    """Our two statements alone: facts, then scores and classes, rows written."""
    fact_sql = importlib.import_module(f"{TOOLS}.fact_sql")
    value_sql = importlib.import_module(f"{TOOLS}.value_sql")
    policy = env["crm.value.policy"].sudo()._get_current(company)
    window = policy._get_windows(AS_OF)
    run = env["crm.value.run"].sudo()
    run._materialize("bench_fact", fact_sql.customer_facts(company.id, window))
    env.cr.execute(value_sql.customer_values(company.id, window, policy._get_limits()))
    env.cr.fetchall()


def by_loop(env, company, ids, loop):
    """A search and a sum for each partner, as usual addons do; scaled to all."""
    start = env["crm.value.policy"].sudo()._get_current(company)._get_windows(AS_OF)
    rows = []
    for partner in env["res.partner"].browse(ids[:loop]):
        moves = env["account.move"].search(
            [
                ("commercial_partner_id", "=", partner.id),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("company_id", "=", company.id),
                ("invoice_date", "<=", AS_OF),
            ]
        )
        bought = moves.filtered(lambda move: move.move_type == "out_invoice")
        days = [day for day in bought.mapped("invoice_date") if day > start.start]
        money = sum(
            moves.filtered(lambda move: move.invoice_date > start.start).mapped(
                "amount_untaxed_signed"
            )
        )
        last = max(bought.mapped("invoice_date"), default=None)
        rows.append((partner.id, last, len(set(days)), money))
    env.invalidate_all()
    return rows


def by_read_group(env, company, _ids, _loop):
    """Two _read_group calls, scores and letters in Python."""
    window = env["crm.value.policy"].sudo()._get_current(company)._get_windows(AS_OF)
    domain = [
        ("company_id", "=", company.id),
        ("state", "=", "posted"),
        ("move_type", "in", ("out_invoice", "out_refund")),
    ]
    Move = env["account.move"]
    until = ("invoice_date", "<=", AS_OF)
    last = dict(
        Move._read_group(
            [*domain, until, ("move_type", "=", "out_invoice")],
            ["commercial_partner_id"],
            ["invoice_date:max"],
        )
    )
    rows = [
        (partner, last.get(partner), days, money)
        for partner, days, money in Move._read_group(
            [*domain, until, ("invoice_date", ">", window.start)],
            ["commercial_partner_id"],
            ["invoice_date:count_distinct", "amount_untaxed_signed:sum"],
        )
    ]
    rows.sort(key=lambda row: -row[3])
    score(rows)
    env.invalidate_all()


def score(rows):
    """Quintiles and letters over a list of rows."""
    count, total, running = len(rows), sum(row[3] for row in rows), 0.0
    for key in (1, 2, 3):
        ordered = sorted(row[key] or date.min if key == 1 else row[key] for row in rows)
        {value: 1 + 5 * index // count for index, value in enumerate(ordered)}
    for row in rows:
        "A" if running < 0.8 * total else "B"
        running += row[3]


def by_pandas(env, company, _ids, _loop):
    """Fetch the documents into a frame, and compute there."""
    env.cr.execute(
        "SELECT commercial_partner_id, invoice_date, move_type,"
        " amount_untaxed_signed::float8 FROM account_move WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund') AND company_id = %s",
        [company.id],
    )
    frame = pd.DataFrame(env.cr.fetchall(), columns=["p", "d", "t", "a"])
    frame["d"] = pd.to_datetime(frame["d"])
    bought = frame[frame.t == "out_invoice"]
    start = pd.Timestamp(AS_OF) - pd.DateOffset(months=12)
    out = pd.DataFrame({"last": bought.groupby("p").d.max()})
    out["f"] = bought[bought.d > start].groupby("p").d.nunique()
    out["m"] = frame[frame.d > start].groupby("p").a.sum()
    out = out.fillna({"f": 0, "m": 0})
    for column in ("last", "f", "m"):
        rank = out[column].rank(method="min") - 1
        out[f"{column}_score"] = 1 + (5 * rank // len(out)).astype(int)
    out = out.sort_values("m", ascending=False)
    before = out.m.clip(lower=0).cumsum() - out.m
    out["abc"] = (before / out.m.clip(lower=0).sum()).map(
        lambda share: "A" if share < 0.8 else "B" if share < 0.95 else "C"
    )


def bare(env, company, _ids, _loop):
    """The group-by of the same rows that nothing can do without."""
    env.cr.execute(
        "SELECT commercial_partner_id, max(invoice_date), count(*),"
        " sum(amount_untaxed_signed) FROM account_move WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND company_id = %s GROUP BY 1",
        [company.id],
    )
    env.cr.fetchall()


VARIANTS = (by_statements, by_run, bare, by_pandas, by_read_group, by_loop)


def main():
    """Seed, measure, print, roll back."""
    own, rest = arguments()
    config.parse_config(rest)
    database = config["db_name"]
    database = database[0] if isinstance(database, list) else database
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        company, ids, count = seed(env, own.customers, own.invoices)
        times = {variant: [] for variant in VARIANTS}
        by_run(env, company, ids, own.loop)  # warm: tables filled, plans cached
        for _round in range(ROUNDS):
            for variant in VARIANTS:
                begin = time.perf_counter()
                variant(env, company, ids, own.loop)
                times[variant].append(time.perf_counter() - begin)
        cr.rollback()
    scale = own.customers / own.loop
    medians = {variant: statistics.median(times[variant]) for variant in VARIANTS}
    medians[by_loop] *= scale
    base = medians[by_statements]
    sys.stdout.write(
        f"{own.customers} customers, {count} documents, Odoo {odoo.release.version},"
        f" median of {ROUNDS} rounds\n\n"
        "| variant | seconds | times ours |\n|---|---|---|\n"
    )
    for variant in VARIANTS:
        note = f" (x {scale:.0f}, from {own.loop})" if variant is by_loop else ""
        sys.stdout.write(
            f"| {variant.__doc__.splitlines()[0]}{note} | {medians[variant]:.3f} |"
            f" {medians[variant] / base:.1f} |\n"
        )


if __name__ == "__main__":
    main()
