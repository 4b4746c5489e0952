"""Ways to value customers, for ``bench_rfm``: ours, and bare SQL."""

import importlib

from ledger_data import AS_OF
from rfm_judgement import COLUMNS

from odoo.tools import SQL

TOOLS = "odoo.addons.crm_analytics.tools"  # found once the registry is loaded
TYPES = ("out_invoice", "out_refund", "out_receipt")


def tool(name):
    """A kernel of the addon."""
    return importlib.import_module(f"{TOOLS}.{name}")


def policy_of(env, company):
    """The policy in force."""
    return env["crm.value.policy"].sudo()._get_current(company)


def window_of(env, company):
    """The policy's windows at the day of the benchmark."""
    return policy_of(env, company)._get_windows(AS_OF)


def spans(window):
    """The windows of revenue: now, before, last half year, the same a year before."""
    return (
        (window.start, AS_OF),
        (window.previous, window.start),
        (window.half, AS_OF),
        (window.half_before, window.half_before_end),
    )


def store(env, name, query):
    """Keep the result in a temporary table, as a run does."""
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
    env.cr.execute(SQL("CREATE TEMPORARY TABLE %s AS %s", SQL.identifier(name), query))


# --- ours -----------------------------------------------------------------------


def facts(env, company, _ids=None):
    """Ours: the facts of each customer"""
    query = tool("fact_sql").customer_facts(company.id, window_of(env, company))
    store(env, "bench_fact", query)


def sums(env, company):
    """What the months of each customer add up to."""
    query = tool("month_sum_sql").month_sums(company.id, window_of(env, company))
    wanted = SQL("partner_id, contribution, contribution_previous, has_cost")
    env.cr.execute(tool("merge_sql").IN_ORDER)
    store(env, "bench_sum", SQL("SELECT %s FROM (%s) s", wanted, query))
    env.cr.execute(tool("merge_sql").IN_ANY_ORDER)


def values(env, company, ids):
    """Ours: facts, sums of months, then scores, ABC, class and rule"""
    facts(env, company, ids)
    sums(env, company)
    store(
        env,
        "bench_value",
        SQL(
            "SELECT partner_id, %s FROM (%s) v",
            SQL(", ").join(map(SQL.identifier, COLUMNS)),
            value_query(env, company),
        ),
    )


def value_query(env, company):
    """The statement of a run, with all columns."""
    given = (
        company.id,
        window_of(env, company),
        policy_of(env, company)._get_limits(),
    )
    [row] = env.execute_query(tool("value_sql").score_limits(*given))
    cuts = tool("score_sql").cuts(given[-1], *row)
    return tool("value_sql").customer_values(*given, cuts)


def judge(env, company):
    """Scores, letters and class, with all columns."""
    store(env, "bench_judged", value_query(env, company))


STEPS = {"facts": facts, "sums of months": sums, "scores, letters, class": judge}


def stored(env, company, ids):
    """Ours with all columns, each customer's row changed where screens read it"""
    facts(env, company, ids)
    sums(env, company)
    columns = tool("value_sql").VALUE_COLUMNS
    merge(env, company, value_query(env, company), columns)


def merge(env, company, query, columns):
    """Bring the stored values to those of a statement, as a run does."""
    env["crm.value.run"].sudo()._get_last(company)._merge(
        "crm_customer_value",
        query,
        ("company_id", "partner_id"),
        columns,
        SQL("t.company_id = %s", company.id),
    )


def change(env, company_id, amount):
    """Make the stored values of all customers differ from what they should be.

    To be committed: foreign keys of rows that the same transaction changed before are
    checked again, which no run has to pay for.
    """
    env.cr.execute(
        "UPDATE crm_customer_value SET monetary = monetary + %s WHERE company_id = %s",
        [amount, company_id],
    )


def month_query(env, company):
    """The statement of the monthly facts, as a full run has it."""
    policy = policy_of(env, company)
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
    """Ours: a full run, all steps, proof and models included, merged"""
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
            SELECT partner_id, sum(contribution) FILTER (WHERE month >= %(start)s) AS a,
                   sum(contribution) FILTER (
                       WHERE month >= %(before)s AND month < %(start)s) AS b
              FROM crm_customer_month
             WHERE company_id = %(company)s AND month <= %(as_of)s GROUP BY 1""",
            start=window.start_month,
            before=window.previous_month,
            company=company.id,
            as_of=AS_OF,
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
    """Count of the same rows in their indexes: documents; months"""
    env.cr.execute(
        "SELECT count(*) FROM account_move WHERE state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
        " AND company_id = %s AND invoice_date IS NOT NULL"
        " AND commercial_partner_id IS NOT NULL",
        [company.id],
    )
    env.cr.fetchall()
    env.cr.execute(
        "SELECT count(*) FROM crm_customer_month WHERE company_id = %s AND month <= %s",
        [company.id, AS_OF],
    )
    env.cr.fetchall()
