"""Ways to value customers, for ``bench_rfm``: ours, bare SQL, and loops of the ORM."""

import importlib
from collections import defaultdict
from datetime import date

import numpy as np
from ledger_data import AS_OF

from odoo.tools import SQL

TOOLS = "odoo.addons.crm_analytics.tools"  # found once the registry is loaded
TYPES = ("out_invoice", "out_refund", "out_receipt")


def tool(name):
    """A kernel of the addon."""
    return importlib.import_module(f"{TOOLS}.{name}")


def window_of(env, company):
    """The policy's windows at the day of the benchmark."""
    return env["crm.value.policy"].sudo()._get_current(company)._get_windows(AS_OF)


def spans(window):
    """The windows of revenue: now, before, last half year, the same a year before."""
    return (
        (window.start, AS_OF),
        (window.previous, window.start),
        (window.half, AS_OF),
        (window.half_before, window.half_before_end),
    )


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


def store(env, name, query):
    """Keep the result in a temporary table, as a run does."""
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
    env.cr.execute(SQL("CREATE TEMPORARY TABLE %s AS %s", SQL.identifier(name), query))


# --- ours -----------------------------------------------------------------------


def facts(env, company, _ids):
    """Ours: the facts of each customer"""
    query = tool("fact_sql").customer_facts(company.id, window_of(env, company))
    store(env, "bench_fact", query)


def values(env, company, ids):
    """Ours: facts, then scores, ABC, class and rule"""
    facts(env, company, ids)
    policy = env["crm.value.policy"].sudo()._get_current(company)
    query = tool("value_sql").customer_values(
        company.id, window_of(env, company), policy._get_limits()
    )
    store(env, "bench_value", query)


def month_query(env, company):
    """The statement of the monthly facts, as a full run has it."""
    policy = env["crm.value.policy"].sudo()._get_current(company)
    kinds, sources = env["crm.customer.cost"]._get_sources(policy)
    cost_sql = tool("cost_sql")
    condition = SQL("c.company_id = %s AND c.date <= %s", company.id, AS_OF)
    costs = cost_sql.by_month(sources, kinds, condition)
    return tool("month_sql").monthly_facts(company.id, costs, kinds)


def everything(env, company, ids):
    """Ours: facts, months from the lines, values"""
    values(env, company, ids)
    store(env, "bench_month", month_query(env, company))


def full_run(env, company, _ids):
    """Ours: a full run, all nine steps, proof and models included, merged"""
    env["crm.value.run"].sudo()._start(company, "full", AS_OF)


def incremental_run(env, company, _ids):
    """Ours: an incremental run"""
    env["crm.value.run"].sudo()._start(company, "incremental", AS_OF)


# --- bare SQL -------------------------------------------------------------------


def bare(env, company, _ids):
    """Bare GROUP BY of the same rows: documents, seven aggregates; months, two"""
    window = window_of(env, company)
    store(
        env,
        "bench_bare",
        SQL(
            """
            SELECT commercial_partner_id,
                   max(invoice_date) FILTER (WHERE move_type <> 'out_refund') AS a,
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
            year=window.start,
            before=window.previous,
            company=company.id,
        ),
    )
    store(
        env,
        "bench_bare_month",
        SQL(
            """
            SELECT partner_id, sum(contribution) FILTER (WHERE month >= %s) AS a,
                   sum(contribution) FILTER (WHERE month < %s) AS b
              FROM crm_customer_month
             WHERE company_id = %s AND month >= %s AND month <= %s GROUP BY 1""",
            window.start_month,
            window.start_month,
            company.id,
            window.previous_month,
            AS_OF,
        ),
    )


def bare_lines(env, company, ids):
    """Bare GROUP BY of the same rows, and of the lines by month, seven aggregates"""
    bare(env, company, ids)
    store(
        env,
        "bench_bare_line",
        SQL(
            """
            SELECT m.commercial_partner_id, date_trunc('month', m.invoice_date) AS a,
                   sum(-l.balance) AS b, sum(l.quantity) AS c,
                   sum(l.discount * l.balance) AS d,
                   sum(l.quantity * l.price_unit) AS e,
                   count(*), max(l.product_id) AS f, count(DISTINCT l.product_id) AS g
              FROM account_move m
              JOIN account_move_line l
                ON l.move_id = m.id AND l.display_type = 'product'
             WHERE m.state = 'posted' AND m.company_id = %s
               AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
          GROUP BY 1, 2""",
            company.id,
        ),
    )


def counted(env, company, _ids):
    """Count of the documents in the covering index"""
    env.cr.execute(
        "SELECT count(*) FROM account_move WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND company_id = %s AND invoice_date IS NOT NULL"
        " AND commercial_partner_id IS NOT NULL",
        [company.id],
    )
    env.cr.fetchall()


# --- the ORM --------------------------------------------------------------------


def _documents_of(env, company, partner):
    return env["account.move"].search(
        [
            ("commercial_partner_id", "=", partner.id),
            ("state", "=", "posted"),
            ("move_type", "in", TYPES),
            ("company_id", "=", company.id),
            ("invoice_date", "<=", AS_OF),
        ]
    )


def loop(env, company, ids):
    """A search and sums for each partner, as usual addons do; no cadence"""
    window = window_of(env, company)
    rows = []
    for partner in env["res.partner"].browse(ids):
        moves = _documents_of(env, company, partner)
        bought = moves.filtered(lambda move: move.move_type != "out_refund")
        days = {day for day in bought.mapped("invoice_date") if day > window.start}
        last = max(bought.mapped("invoice_date"), default=date.min)
        sums = [
            sum(m.amount_untaxed_signed for m in moves if low < m.invoice_date <= high)
            for low, high in spans(window)
        ]
        rows.append((last.toordinal(), len(days), *sums))
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
    scores(*columns[:3])
    env.invalidate_all()


def loop_lines(env, company, ids):
    """The same, and cost and discount of each line"""
    loop(env, company, ids)
    for partner in env["res.partner"].browse(ids):
        months = defaultdict(lambda: [0.0, 0.0, set()])
        for line in _documents_of(env, company, partner).invoice_line_ids:
            month = months[line.move_id.invoice_date.replace(day=1)]
            month[0] += line.price_unit * line.quantity - line.price_subtotal
            orders = line.sale_line_ids
            cost = orders[:1].purchase_price or line.product_id.standard_price
            month[1] += cost * line.quantity
            month[2].add(line.product_id.categ_id)
    env.invalidate_all()


def read_group(env, company, _ids):
    """Six calls of _read_group, scores in numpy; no cadence"""
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
