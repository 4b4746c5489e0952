"""SQL of the figures that alarms watch, one row a customer."""

from collections.abc import Iterable, Sequence
from datetime import date

from odoo.tools import SQL

from . import rating_sql
from .alarms import BAD_SIDE, MARGIN, Rule
from .moves_sql import customer_moves

FORECAST_MONTHS = 3
COLUMNS = (
    "partner_id",
    "value_class",
    "weight",
    "churn_risk",
    "forecast",
    "cost_share",
    "satisfaction",
    "overdue_share",
)


def figures(
    company_id: int,
    as_of: date,
    growth: float,
    rules: Sequence[Rule],
    ratings: SQL,
) -> SQL:
    """Figures of customers that break a rule, or nearly: :data:`COLUMNS` in order.

    Each figure counts for the classes that a rule watches it in, and may be NULL in
    others.

    * ``forecast``: revenue of the last three months over the same months a year before,
      raised by the growth that makes a customer a growing one;
    * ``cost_share``: cost to serve over revenue of the window's months;
    * ``satisfaction``: mean of the ratings;
    * ``overdue_share``: what is open after its due day over the revenue of the window.

    :param growth: yearly growth that is expected of a growing customer, as a fraction
    :param rules: at least one; alarms that ring end by the same rules
    :param ratings: those of the company in 12 months, as :func:`rating_sql.given`
    """
    return SQL(
        """
        WITH v AS MATERIALIZED (
            SELECT partner_id, value_class, contribution, churn_risk, monetary
              FROM crm_customer_value
             WHERE company_id = %(company)s AND value_class IN %(classes)s
        ), figures AS (
            SELECT v.partner_id, v.value_class,
                   coalesce(v.contribution, 0)::float8 AS weight,
                   v.churn_risk::float8 AS churn_risk,
                   (d.recent / nullif(greatest(d.before, 0), 0))::float8
                       / (1 + %(growth)s) AS forecast,
                   (f.cost_to_serve / nullif(greatest(f.revenue_months, 0), 0))::float8
                       AS cost_share,
                   r.rating AS satisfaction,
                   (o.open / nullif(greatest(v.monetary, 0), 0))::float8
                       AS overdue_share
              FROM v
         LEFT JOIN (%(forecast)s) d ON d.partner_id = v.partner_id
         LEFT JOIN crm_customer_fact f
                ON f.company_id = %(company)s AND f.partner_id = v.partner_id
         LEFT JOIN (%(satisfaction)s) r ON r.partner_id = v.partner_id
         LEFT JOIN (%(overdue_share)s) o ON o.partner_id = v.partner_id
        )
        SELECT * FROM figures WHERE %(broken)s""",
        company=company_id,
        classes=tuple({rule.value_class for rule in rules}),
        growth=growth,
        forecast=_forecast(company_id, as_of, _watched(rules, "forecast")),
        satisfaction=rating_sql.by_customer(
            ratings,
            SQL("p.commercial_partner_id IN (%s)", _watched(rules, "satisfaction")),
        ),
        overdue_share=_overdue(company_id, as_of, _watched(rules, "overdue_share")),
        broken=SQL(" OR ").join(map(_breaks, rules)),
    )


def _watched(rules: Iterable[Rule], indicator: str) -> SQL:
    """The customers of the classes that an indicator is watched in."""
    classes = {rule.value_class for rule in rules if rule.indicator == indicator}
    return SQL("SELECT partner_id FROM v WHERE value_class = ANY(%s)", sorted(classes))


def _breaks(rule: Rule) -> SQL:
    """As :func:`alarms.breaks` at the limit that is set back; a hair is no matter."""
    side = BAD_SIDE[rule.indicator]
    return SQL(
        "(value_class = %s AND %s * %s >= %s)",
        rule.value_class,
        side,
        SQL.identifier(rule.indicator),
        side * rule.limit - (MARGIN + 1e-9) * abs(rule.limit),
    )


def _forecast(company_id: int, as_of: date, watched: SQL) -> SQL:
    return SQL(
        """
        SELECT m.commercial_partner_id AS partner_id,
               coalesce(sum(m.amount_untaxed_signed)
                   FILTER (WHERE m.invoice_date > %(recent)s), 0) AS recent,
               sum(m.amount_untaxed_signed) FILTER (
                   WHERE m.invoice_date <= %(as_of)s - interval '12 months') AS before
          %(moves)s GROUP BY m.commercial_partner_id""",
        as_of=as_of,
        recent=SQL("%s - interval '%s months'", as_of, FORECAST_MONTHS),
        moves=customer_moves(
            company_id,
            SQL(
                "m.commercial_partner_id IN (%(watched)s)"
                " AND (m.invoice_date > %(d)s - interval '%(n)s months'"
                " AND m.invoice_date <= %(d)s"
                " OR m.invoice_date > %(d)s - interval '%(y)s months'"
                " AND m.invoice_date <= %(d)s - interval '12 months')",
                watched=watched,
                d=as_of,
                n=FORECAST_MONTHS,
                y=FORECAST_MONTHS + 12,
            ),
        ),
    )


def _overdue(company_id: int, as_of: date, watched: SQL) -> SQL:
    return SQL(
        """
        SELECT commercial_partner_id AS partner_id,
               sum(amount_residual_signed) AS open
          FROM account_move
         WHERE company_id = %s AND state = 'posted'
           AND move_type IN ('out_invoice', 'out_receipt')
           AND payment_state IN ('not_paid', 'partial')
           AND invoice_date_due < %s AND commercial_partner_id IN (%s)
      GROUP BY commercial_partner_id""",
        company_id,
        as_of,
        watched,
    )
