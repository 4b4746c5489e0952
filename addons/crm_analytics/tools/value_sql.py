"""One statement: scores, cells, contribution curve and value class of a company.

It reads the facts, never documents. A score counts limits, letters come from the last
customer that has one: no customers are sorted. Rank and cumulative share are not kept:
one purchase moves those of everybody.
"""

from odoo.tools import SQL

from . import abc_sql, class_sql, rfm, score_sql
from .class_sql import Limits
from .windows import Windows

NEVER = 1_000_000  # days since the last purchase of a customer that never bought

VALUE_COLUMNS = (
    "first_date",
    "last_date",
    "recency",
    "frequency",
    "monetary",
    "monetary_previous",
    "invoice_count",
    "refund_amount",
    "revenue_change",
    "revenue_known",
    "r_score",
    "f_score",
    "m_score",
    "cell",
    "group_id",
    "contribution",
    "contribution_previous",
    "contribution_basis",
    "abc",
    "abc_before",
    "cadence",
    "loyalty",
    "churn_risk",
    "value_at_risk",
    "tier",
    "p_active",
    "lifetime_value",
    "contract_value",
    "lifecycle",
    "lifecycle_since",
    "value_class",
    "class_rule",
)

KNOWN_COLUMNS = (  # of the facts; the others would be copied along for nothing
    "partner_id",
    "frequency",
    "invoice_count",
    "tier",
    "first_date",
    "last_date",
    "has_cost",
    "monetary",
    "monetary_previous",
    "refund_amount",
    "contribution",
    "contribution_previous",
    "cadence",
    "loyalty",
    "churn_risk",
    "p_active",
    "lifetime_value",
    "contract_value",
    "lifecycle",
    "lifecycle_since",
)


def _scored(company_id: int, w: Windows, columns: SQL) -> SQL:
    """What the scores count, and ``columns``, of each customer that is scored."""
    return SQL(
        """
        SELECT %(money)s AS money,
               coalesce(%(as_of)s::date - f.last_date, %(never)s) AS recency_key,
               %(columns)s
          FROM crm_customer_fact f
         WHERE f.company_id = %(company)s
           AND (f.first_date IS NOT NULL OR f.revenue <> 0)""",
        columns=columns,
        money=abc_sql.units(SQL("f.monetary")),
        as_of=w.as_of,
        never=NEVER,
        company=company_id,
    )


def score_limits(company_id: int, w: Windows, limits: Limits) -> SQL:
    """One row: how many are scored, and the limits of their scores.

    See :func:`score_sql.found`.
    """
    return SQL(
        """
        WITH base AS MATERIALIZED (%(base)s),
        quintiles AS MATERIALIZED (%(quintiles)s
        ), t AS MATERIALIZED (SELECT n, %(limits)s FROM quintiles)
        %(found)s""",
        base=_scored(company_id, w, SQL("f.frequency")),
        quintiles=score_sql.quintiles(),
        limits=score_sql.limits(limits),
        found=score_sql.found(),
    )


def _base(company_id: int, w: Windows) -> SQL:
    """What is known of each customer that is scored.

    The whole numbers that are read over and over come first: what stands behind
    decimals is found by walking over them.
    """
    columns = SQL(
        """%(units)s AS units, %(units_before)s AS units_before, %(known)s,
               CASE WHEN f.revenue_half_before > 0 THEN f.revenue_half_before END
                   AS half_before,
               f.revenue_half - f.revenue_half_before AS half_change""",
        known=SQL(", ").join(SQL.identifier("f", name) for name in KNOWN_COLUMNS),
        units=abc_sql.units(SQL("f.contribution")),
        units_before=abc_sql.units(SQL("f.contribution_previous")),
    )
    return _scored(company_id, w, columns)


def _contract_only(company_id: int) -> SQL:
    """Customers with a contract but no document: neither scored nor ranked.

    What they have is said: the value of the contract, and that they are discovered.
    """
    zero = SQL("0")
    known = {
        "frequency": zero,
        "monetary": zero,
        "monetary_previous": zero,
        "invoice_count": zero,
        "refund_amount": zero,
        "revenue_known": SQL("FALSE"),
        "contribution": SQL("f.contribution"),
        "contribution_previous": zero,
        "lifetime_value": SQL("f.lifetime_value"),
        "contract_value": SQL("f.contract_value"),
        "lifecycle": SQL("'discovery'"),
        "value_class": SQL("%s", class_sql.CLASS_OF_RULE[class_sql.CONTRACT_ONLY]),
        "class_rule": SQL("%s", class_sql.CONTRACT_ONLY),
    }
    return SQL(
        """
        SELECT f.company_id, f.partner_id, %(columns)s
          FROM crm_customer_fact f
         WHERE f.company_id = %(company)s AND f.first_date IS NULL AND f.revenue = 0""",
        columns=SQL(", ").join(known.get(name, SQL("NULL")) for name in VALUE_COLUMNS),
        company=company_id,
    )


def class_changes() -> SQL:
    """Customers whose class will differ: from NULL when new, to NULL when gone.

    ``crm_an_change`` holds what differs, with partner and class of before.
    """
    return SQL(
        """
        SELECT coalesce(partner_id, partner_id_before) AS partner_id,
               value_class_before AS class_from, value_class AS class_to, monetary
          FROM crm_an_change WHERE value_class_before IS DISTINCT FROM value_class"""
    )


def _letters(limits: Limits) -> dict[str, SQL]:
    """Parts of the statement that give the letters of both windows."""
    parts = {
        "abc": abc_sql.letter("units", "a_now", "b_now"),
        "abc_before": abc_sql.letter("units_before", "a_before", "b_before"),
    }
    for window, rungs, amount in (
        ("now", "rungs", "units"),
        ("before", "rungs_before", "units_before"),
    ):
        parts[rungs] = abc_sql.ladder(amount)
        for letter, share in (("a", limits.abc_a), ("b", limits.abc_b)):
            last = abc_sql.last_with_letter(rungs, amount, share)
            parts[f"{letter}_{window}"] = last
    return parts


def customer_values(company_id: int, w: Windows, limits: Limits, cuts: rfm.Cuts) -> SQL:
    """One row per customer of the company with the columns of ``VALUE_COLUMNS``.

    :param cuts: limits of the scores, from the row of :func:`score_limits`

    What is used twice is computed once: a fence (``MATERIALIZED``, ``OFFSET 0``) keeps
    the planner from writing its expression wherever it is read.
    """
    return SQL(
        """
        WITH base AS MATERIALIZED (%(base)s),
        t AS MATERIALIZED (SELECT %(cuts)s
        ), rungs AS MATERIALIZED (%(rungs)s
        ), rungs_before AS MATERIALIZED (%(rungs_before)s
        ), a_now AS MATERIALIZED (%(a_now)s
        ), b_now AS MATERIALIZED (%(b_now)s
        ), a_before AS MATERIALIZED (%(a_before)s
        ), b_before AS MATERIALIZED (%(b_before)s
        ), scored AS (
            SELECT h.*, %(r_score)s AS r_score, %(f_score)s AS f_score,
                   %(m_score)s AS m_score, %(abc)s AS abc,
                   CASE WHEN units_before <> 0 THEN %(abc_before)s END
                       AS abc_before
              FROM base h CROSS JOIN t OFFSET 0
        ), ruled AS (
            SELECT s.*, 100 * r_score + 10 * f_score + m_score AS cell,
                   %(rule)s AS class_rule
              FROM scored s OFFSET 0
        )
        SELECT %(company)s AS company_id, f.partner_id, f.first_date,
               f.last_date, %(as_of)s::date - f.last_date AS recency,
               f.frequency, f.monetary, f.monetary_previous, f.invoice_count,
               f.refund_amount, half_change::float8 / half_before::float8
                   AS revenue_change,
               half_before IS NOT NULL AS revenue_known, f.r_score,
               f.f_score, f.m_score,
               f.cell::varchar AS cell, cells.group_id,
               contribution, contribution_previous,
               CASE WHEN f.has_cost THEN 'profit' ELSE 'revenue' END
                   AS contribution_basis,
               abc, abc_before, f.cadence, f.loyalty, f.churn_risk,
               round(greatest(contribution, 0) * f.churn_risk, 2) AS value_at_risk,
               f.tier::varchar AS tier, f.p_active, f.lifetime_value,
               f.contract_value, f.lifecycle, f.lifecycle_since,
               %(class)s AS value_class, class_rule
          FROM ruled f
     LEFT JOIN (SELECT 100 * r_score + 10 * f_score + m_score AS cell, group_id
                  FROM crm_rfm_cell) cells ON cells.cell = f.cell
         UNION ALL
        %(contract_only)s""",
        contract_only=_contract_only(company_id),
        base=_base(company_id, w),
        cuts=score_sql.constants(cuts),
        r_score=score_sql.score("recency_key", "<=", "r"),
        f_score=score_sql.score("frequency", ">=", "f"),
        m_score=score_sql.score("money", ">", "m"),
        **_letters(limits),
        rule=class_sql.rule(w, limits),
        company=company_id,
        as_of=w.as_of,
        **{"class": class_sql.value_class()},
    )
