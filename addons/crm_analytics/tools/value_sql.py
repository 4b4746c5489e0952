"""One statement: scores, cells, contribution curve and value class of a company.

It reads the facts, never documents. R and F scores come from histograms (equal values
share a score, customers need no sort), M scores from four limits, letters from the last
customer that has one: three sorts of a figure or two, none of whole customers. Rank and
cumulative share are not kept: one purchase moves those of everybody.
"""

from typing import NamedTuple

from odoo.tools import SQL

from . import abc_sql
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


class Limits(NamedTuple):
    """Numbers of the policy that the statement compares with; shares are fractions."""

    quintile_minimum: int
    r_days: tuple[int, int, int, int]
    f_days: tuple[int, int, int, int]
    m_amounts: tuple[float, float, float, float]
    abc_a: float
    abc_b: float
    churn_risk: float
    decline: float
    loyalty: float
    growth: float
    growth_days: int


def _steps(value: SQL, limits, comparison: SQL) -> SQL:
    """1 plus the number of limits that the value reaches."""
    return SQL(
        "1 + %s",
        SQL(" + ").join(
            SQL("(%s %s %s)::int", value, comparison, limit) for limit in limits
        ),
    )


def _score(quintile: SQL, fixed: SQL, minimum: int) -> SQL:
    return SQL("CASE WHEN t.n >= %s THEN %s ELSE %s END", minimum, quintile, fixed)


def _rule(w: Windows, limits: Limits) -> SQL:
    """The first rule that fits; unknown values fire none (see ``value_class``)."""
    return SQL(
        """CASE
        WHEN last_date IS NULL THEN 'never_bought'
        WHEN last_date <= %(dormant)s THEN 'no_purchase'
        WHEN first_date > %(new)s THEN 'first_purchase'
        WHEN abc_before IN ('A', 'B') AND churn_risk >= %(churn)s THEN 'churn_risk'
        WHEN abc_before IN ('A', 'B')
             AND half_change <= -%(decline)s::numeric * half_before
             THEN 'revenue_down'
        WHEN abc = 'A' AND loyalty >= %(loyalty)s THEN 'valuable_and_loyal'
        WHEN loyalty >= %(loyalty)s THEN 'loyal'
        WHEN half_change >= %(growth)s::numeric * half_before AND frequency >= %(days)s
             THEN 'revenue_up'
        ELSE 'no_other_rule' END""",
        dormant=w.dormant_since,
        new=w.new_since,
        churn=limits.churn_risk,
        decline=limits.decline,
        loyalty=limits.loyalty,
        growth=limits.growth,
        days=limits.growth_days,
    )


CONTRACT_ONLY = "contract_only"
CLASS_OF_RULE = {
    CONTRACT_ONLY: "new",
    "never_bought": "dormant",
    "no_purchase": "dormant",
    "first_purchase": "new",
    "churn_risk": "being_lost",
    "revenue_down": "being_lost",
    "valuable_and_loyal": "most_valuable",
    "loyal": "growth",
    "revenue_up": "growth",
    "no_other_rule": "transactional",
}


def _class() -> SQL:
    return SQL(
        "CASE class_rule %s END",
        SQL(" ").join(
            SQL("WHEN %s THEN %s", rule, name) for rule, name in CLASS_OF_RULE.items()
        ),
    )


def _base(company_id: int, w: Windows) -> SQL:
    """What is known of each customer that is scored."""
    return SQL(
        """
        SELECT f.*,
               coalesce(%(as_of)s::date - f.last_date, %(never)s) AS recency_key,
               CASE WHEN f.revenue_half_before > 0 THEN f.revenue_half_before END
                   AS half_before,
               f.revenue_half - f.revenue_half_before AS half_change
          FROM crm_customer_fact f
         WHERE f.company_id = %(company)s
           AND (f.first_date IS NOT NULL OR f.revenue <> 0)""",
        as_of=w.as_of,
        never=NEVER,
        company=company_id,
    )


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
        "lifetime_value": SQL("f.lifetime_value::numeric"),
        "contract_value": SQL("f.contract_value::numeric"),
        "lifecycle": SQL("'discovery'"),
        "value_class": SQL("%s", CLASS_OF_RULE[CONTRACT_ONLY]),
        "class_rule": SQL("%s", CONTRACT_ONLY),
    }
    return SQL(
        """
        SELECT f.company_id, f.partner_id, %(columns)s
          FROM crm_customer_fact f
         WHERE f.company_id = %(company)s AND f.first_date IS NULL AND f.revenue = 0""",
        columns=SQL(", ").join(known.get(name, SQL("NULL")) for name in VALUE_COLUMNS),
        company=company_id,
    )


def class_changes(company_id: int) -> SQL:
    """Customers whose class will differ: from NULL when new, to NULL when gone.

    ``crm_an_source`` holds the rows of :func:`customer_values`.
    """
    return SQL(
        """
        SELECT coalesce(s.partner_id, v.partner_id) AS partner_id,
               v.value_class AS class_from, s.value_class AS class_to, s.monetary
          FROM crm_an_source s
     FULL JOIN (SELECT partner_id, value_class FROM crm_customer_value
                 WHERE company_id = %s) v ON v.partner_id = s.partner_id
         WHERE v.value_class IS DISTINCT FROM s.value_class""",
        company_id,
    )


def customer_values(company_id: int, w: Windows, limits: Limits) -> SQL:
    """One row per customer of the company with the columns of ``VALUE_COLUMNS``.

    What is used twice is computed once: a fence (``MATERIALIZED``, ``OFFSET 0``) keeps
    the planner from writing its expression wherever it is read.
    """
    quintile = SQL("1 + 5 * h.better / t.n")
    reversed_days = tuple(reversed(limits.r_days))
    return SQL(
        """
        WITH base AS MATERIALIZED (%(base)s),
        t AS MATERIALIZED (
            SELECT n, scores_of_money,
                   round(%(a)s * positive, 2) AS until_a,
                   round(%(b)s * positive, 2) AS until_b,
                   round(%(a)s * positive_before, 2) AS until_a_before,
                   round(%(b)s * positive_before, 2) AS until_b_before
              FROM (SELECT count(*) AS n,
                           sum(greatest(contribution, 0)) AS positive,
                           sum(greatest(contribution_previous, 0)) AS positive_before
                      FROM base) sums
        CROSS JOIN LATERAL (
            SELECT percentile_disc(ARRAY(
                       SELECT (ceil(n * k / 5.0) - 0.5) / greatest(n, 1)
                         FROM generate_series(1, 4) k)::float8[])
                       WITHIN GROUP (ORDER BY monetary) AS scores_of_money
              FROM base) quintiles
        ), recencies AS MATERIALIZED (
            SELECT h.recency_key AS key, (%(r_score)s)::int AS score
              FROM (SELECT recency_key,
                           coalesce(sum(count(*)) OVER (ORDER BY recency_key DESC
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                               ::bigint AS better
                      FROM base GROUP BY recency_key) h CROSS JOIN t
        ), frequencies AS MATERIALIZED (
            SELECT h.frequency AS key, (%(f_score)s)::int AS score
              FROM (SELECT frequency,
                           coalesce(sum(count(*)) OVER (ORDER BY frequency
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                               ::bigint AS better
                      FROM base GROUP BY frequency) h CROSS JOIN t
        ), sums AS MATERIALIZED (%(sums)s
        ), sums_before AS MATERIALIZED (%(sums_before)s
        ), scored AS (
            SELECT h.*, recencies.score AS r_score, frequencies.score AS f_score,
                   (%(m_score)s)::int AS m_score,
                   %(abc)s AS abc,
                   CASE WHEN contribution_previous <> 0 THEN %(abc_before)s END
                       AS abc_before
              FROM base h CROSS JOIN t
              LEFT JOIN (%(a_now)s) a_now ON TRUE
              LEFT JOIN (%(b_now)s) b_now ON TRUE
              LEFT JOIN (%(a_before)s) a_before ON TRUE
              LEFT JOIN (%(b_before)s) b_before ON TRUE
              JOIN recencies ON recencies.key = h.recency_key
              JOIN frequencies ON frequencies.key = h.frequency
            OFFSET 0
        ), ruled AS (SELECT s.*, %(rule)s AS class_rule FROM scored s OFFSET 0)
        SELECT %(company)s AS company_id, f.partner_id, f.first_date,
               f.last_date, %(as_of)s::date - f.last_date AS recency,
               f.frequency, f.monetary, f.monetary_previous, f.invoice_count,
               f.refund_amount, half_change::float8 / half_before::float8
                   AS revenue_change,
               half_before IS NOT NULL AS revenue_known, f.r_score,
               f.f_score, f.m_score,
               coalesce(cells.cell, concat(f.r_score, f.f_score, f.m_score)) AS cell,
               cells.group_id, contribution, contribution_previous,
               CASE WHEN f.has_cost THEN 'profit' ELSE 'revenue' END
                   AS contribution_basis,
               abc, abc_before, f.cadence, f.loyalty, f.churn_risk,
               round(greatest(contribution, 0) * f.churn_risk::numeric, 2)
                   AS value_at_risk,
               f.tier::varchar AS tier, f.p_active,
               f.lifetime_value::numeric AS lifetime_value,
               f.contract_value::numeric AS contract_value, f.lifecycle,
               f.lifecycle_since, %(class)s AS value_class, class_rule
          FROM ruled f
     LEFT JOIN (SELECT r_score, f_score, m_score, group_id,
                       concat(r_score, f_score, m_score) AS cell
                  FROM crm_rfm_cell) cells
            ON cells.r_score = f.r_score AND cells.f_score = f.f_score
           AND cells.m_score = f.m_score
         UNION ALL
        %(contract_only)s""",
        contract_only=_contract_only(company_id),
        base=_base(company_id, w),
        a=limits.abc_a,
        b=limits.abc_b,
        r_score=_score(
            quintile,
            _steps(SQL("h.recency_key"), reversed_days, SQL("<=")),
            limits.quintile_minimum,
        ),
        f_score=_score(
            quintile,
            _steps(SQL("h.frequency"), limits.f_days, SQL(">=")),
            limits.quintile_minimum,
        ),
        m_score=_score(
            SQL(
                "1 + %s",
                SQL(" + ").join(
                    SQL("(h.monetary > t.scores_of_money[%s])::int", place)
                    for place in range(1, 5)
                ),
            ),
            _steps(SQL("h.monetary"), limits.m_amounts, SQL(">=")),
            limits.quintile_minimum,
        ),
        sums=abc_sql.running_sum("contribution"),
        sums_before=abc_sql.running_sum("contribution_previous"),
        a_now=abc_sql.last_with_letter("contribution", "sums", "until_a"),
        b_now=abc_sql.last_with_letter("contribution", "sums", "until_b"),
        a_before=abc_sql.last_with_letter(
            "contribution_previous", "sums_before", "until_a_before"
        ),
        b_before=abc_sql.last_with_letter(
            "contribution_previous", "sums_before", "until_b_before"
        ),
        abc=abc_sql.letter("contribution", "now"),
        abc_before=abc_sql.letter("contribution_previous", "before"),
        rule=_rule(w, limits),
        company=company_id,
        as_of=w.as_of,
        **{"class": _class()},
    )
