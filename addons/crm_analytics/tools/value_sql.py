"""One statement: scores, cells, contribution curve and value class of a company.

It reads the fact tables, never documents. R and F scores come from histograms
(equal values share a score, customers need no sort); the two sorts left are those
of revenue and of contribution.
"""

from typing import NamedTuple

from odoo.tools import SQL

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
    "rank",
    "cum_share",
    "abc",
    "abc_before",
    "cadence",
    "loyalty",
    "loyalty_parts",
    "churn_risk",
    "risk_reasons",
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


def _letter(amount: SQL, before: SQL, total: SQL, limits: Limits) -> SQL:
    """A, B, C or D from the running sum ``before`` a customer's own contribution."""
    return SQL(
        "CASE WHEN %(amount)s < 0 THEN 'D' WHEN %(amount)s = 0 THEN 'C'"
        " WHEN %(before)s < round(%(a)s * %(total)s, 2) THEN 'A'"
        " WHEN %(before)s < round(%(b)s * %(total)s, 2) THEN 'B' ELSE 'C' END",
        amount=amount,
        before=before,
        total=total,
        a=limits.abc_a,
        b=limits.abc_b,
    )


def _rule(w: Windows, limits: Limits) -> SQL:
    """The first rule that fits; unknown values fire none (see ``value_class``)."""
    return SQL(
        """CASE
        WHEN last_date IS NULL THEN 'never_bought'
        WHEN last_date <= %(dormant)s THEN 'no_purchase'
        WHEN first_date > %(new)s THEN 'first_purchase'
        WHEN abc_before IN ('A', 'B') AND churn_risk >= %(churn)s THEN 'churn_risk'
        WHEN abc_before IN ('A', 'B') AND revenue_change <= -%(decline)s::numeric
             THEN 'revenue_down'
        WHEN abc = 'A' AND loyalty >= %(loyalty)s THEN 'valuable_and_loyal'
        WHEN loyalty >= %(loyalty)s THEN 'loyal'
        WHEN revenue_change >= %(growth)s AND frequency >= %(days)s THEN 'revenue_up'
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
    """What decides of each customer, with the contribution of the two windows.

    Narrow rows: they are sorted three times. What is only shown comes at the end.
    """
    return SQL(
        """
        SELECT f.partner_id, f.first_date, f.last_date, f.frequency, f.monetary,
               f.loyalty, f.churn_risk,
               coalesce(%(as_of)s::date - f.last_date, %(never)s) AS recency_key,
               CASE WHEN f.revenue_half_before > 0
                    THEN (f.revenue_half - f.revenue_half_before)
                         / f.revenue_half_before
                END AS revenue_change,
               f.revenue_half_before > 0 AS revenue_known,
               coalesce(c.contribution, 0) AS contribution,
               coalesce(c.contribution_previous, 0) AS contribution_previous,
               CASE WHEN c.has_cost THEN 'profit' ELSE 'revenue' END
                   AS contribution_basis
          FROM crm_customer_fact f
     LEFT JOIN (
            SELECT partner_id,
                   sum(contribution)
                       FILTER (WHERE month >= %(start)s) AS contribution,
                   sum(contribution)
                       FILTER (WHERE month < %(start)s) AS contribution_previous,
                   bool_or(cost_of_goods IS NOT NULL AND month >= %(start)s)
                       AS has_cost
              FROM crm_customer_month
             WHERE company_id = %(company)s
               AND month >= %(previous)s AND month <= %(as_of)s
          GROUP BY partner_id) c ON c.partner_id = f.partner_id
         WHERE f.company_id = %(company)s
           AND (f.first_date IS NOT NULL OR f.revenue <> 0)""",
        as_of=w.as_of,
        never=NEVER,
        start=w.start_month,
        previous=w.previous_month,
        company=company_id,
    )


def _contract_only(company_id: int, w: Windows) -> SQL:
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
        "contribution": SQL("coalesce(c.contribution, 0)"),
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
     LEFT JOIN (SELECT partner_id, sum(contribution) AS contribution
                  FROM crm_customer_month
                 WHERE company_id = %(company)s AND month >= %(start)s
                   AND month <= %(as_of)s
              GROUP BY partner_id) c ON c.partner_id = f.partner_id
         WHERE f.company_id = %(company)s AND f.first_date IS NULL AND f.revenue = 0""",
        columns=SQL(", ").join(known.get(name, SQL("NULL")) for name in VALUE_COLUMNS),
        company=company_id,
        start=w.start_month,
        as_of=w.as_of,
    )


def customer_values(company_id: int, w: Windows, limits: Limits) -> SQL:
    """One row per customer of the company with the columns of ``VALUE_COLUMNS``."""
    quintile = SQL("1 + floor(5.0 * h.better / t.n)::int")
    reversed_days = tuple(reversed(limits.r_days))
    return SQL(
        """
        WITH base AS MATERIALIZED (%(base)s),
        t AS (
            SELECT count(*)::int AS n,
                   sum(greatest(contribution, 0)) AS positive,
                   sum(greatest(contribution_previous, 0)) AS positive_before
              FROM base
        ), recencies AS (
            SELECT h.recency_key AS key, %(r_score)s AS score
              FROM (SELECT recency_key,
                           coalesce(sum(count(*)) OVER (ORDER BY recency_key DESC
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                               AS better
                      FROM base GROUP BY recency_key) h CROSS JOIN t
        ), frequencies AS (
            SELECT h.frequency AS key, %(f_score)s AS score
              FROM (SELECT frequency,
                           coalesce(sum(count(*)) OVER (ORDER BY frequency
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                               AS better
                      FROM base GROUP BY frequency) h CROSS JOIN t
        ), ranked AS (
            SELECT h.*, t.n, t.positive, t.positive_before,
                   sum(contribution) OVER by_value AS cum,
                   row_number() OVER by_value AS rank,
                   sum(contribution_previous) OVER (
                       ORDER BY contribution_previous DESC, partner_id
                       ROWS UNBOUNDED PRECEDING) - contribution_previous AS cum_before,
                   %(m_score)s AS m_score
              FROM (SELECT base.*, rank() OVER (ORDER BY monetary) - 1 AS better
                      FROM base) h CROSS JOIN t
            WINDOW by_value AS (ORDER BY contribution DESC, partner_id
                                ROWS UNBOUNDED PRECEDING)
        ), scored AS (
            SELECT r.*, recencies.score AS r_score, frequencies.score AS f_score,
                   round(cum / nullif(positive, 0), 6) AS cum_share,
                   %(abc)s AS abc,
                   CASE WHEN contribution_previous <> 0 THEN %(abc_before)s END
                       AS abc_before
              FROM ranked r
              JOIN recencies ON recencies.key = r.recency_key
              JOIN frequencies ON frequencies.key = r.frequency
        ), ruled AS (SELECT s.*, %(rule)s AS class_rule FROM scored s)
        SELECT %(company)s AS company_id, ruled.partner_id, ruled.first_date,
               ruled.last_date, %(as_of)s::date - ruled.last_date AS recency,
               ruled.frequency, ruled.monetary, f.monetary_previous, f.invoice_count,
               f.refund_amount, revenue_change, revenue_known, ruled.r_score,
               ruled.f_score, ruled.m_score,
               concat(ruled.r_score, ruled.f_score, ruled.m_score) AS cell,
               cells.group_id, contribution, contribution_previous,
               contribution_basis, rank::int, cum_share, abc, abc_before, f.cadence,
               ruled.loyalty, f.loyalty_parts, ruled.churn_risk, f.risk_reasons,
               round(greatest(contribution, 0) * ruled.churn_risk::numeric, 2)
                   AS value_at_risk,
               f.tier::varchar AS tier, f.p_active,
               f.lifetime_value::numeric AS lifetime_value,
               f.contract_value::numeric AS contract_value, f.lifecycle,
               f.lifecycle_since, %(class)s AS value_class, class_rule
          FROM ruled
          JOIN crm_customer_fact f
            ON f.company_id = %(company)s AND f.partner_id = ruled.partner_id
     LEFT JOIN crm_rfm_cell cells
            ON cells.r_score = ruled.r_score AND cells.f_score = ruled.f_score
           AND cells.m_score = ruled.m_score
         UNION ALL
        %(contract_only)s""",
        contract_only=_contract_only(company_id, w),
        base=_base(company_id, w),
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
            quintile,
            _steps(SQL("h.monetary"), limits.m_amounts, SQL(">=")),
            limits.quintile_minimum,
        ),
        abc=_letter(
            SQL("contribution"), SQL("(cum - contribution)"), SQL("positive"), limits
        ),
        abc_before=_letter(
            SQL("contribution_previous"),
            SQL("cum_before"),
            SQL("positive_before"),
            limits,
        ),
        rule=_rule(w, limits),
        company=company_id,
        as_of=w.as_of,
        **{"class": _class()},
    )
