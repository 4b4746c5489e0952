"""SQL of the figures that alarms watch, one row a customer."""

from datetime import date

from odoo.tools import SQL

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


def figures(company_id: int, as_of: date, start_month: date, growth: float) -> SQL:
    """Figures of the customers of the last refresh, :data:`COLUMNS` in order.

    * ``forecast``: revenue of the last three months over the same months a year before,
      raised by the growth that makes a customer a growing one;
    * ``cost_share``: cost to serve over revenue of the window's months;
    * ``satisfaction``: mean rating 1..5 of 12 months;
    * ``overdue_share``: what is open after its due day over the revenue of the window.

    :param start_month: first month of the window
    :param growth: yearly growth that is expected of a growing customer, as a fraction
    """
    return SQL(
        """
        SELECT v.partner_id, v.value_class, coalesce(v.contribution, 0)::float8,
               v.churn_risk::float8,
               (d.recent / nullif(greatest(d.before, 0), 0))::float8
                   / (1 + %(growth)s),
               (c.cost / nullif(greatest(c.revenue, 0), 0))::float8, r.rating,
               (o.open / nullif(greatest(v.monetary, 0), 0))::float8
          FROM crm_customer_value v
     LEFT JOIN (SELECT m.commercial_partner_id AS partner_id,
                       coalesce(sum(m.amount_untaxed_signed)
                           FILTER (WHERE m.invoice_date > %(recent)s), 0) AS recent,
                       sum(m.amount_untaxed_signed) FILTER (
                           WHERE m.invoice_date <= %(as_of)s - interval '12 months')
                           AS before
                  %(moves)s GROUP BY m.commercial_partner_id) d
            ON d.partner_id = v.partner_id
     LEFT JOIN (SELECT partner_id, sum(cost_to_serve) AS cost, sum(revenue) AS revenue
                  FROM crm_customer_month
                 WHERE company_id = %(company)s AND month >= %(start)s
                   AND month <= %(as_of)s GROUP BY partner_id) c
            ON c.partner_id = v.partner_id
     LEFT JOIN (SELECT p.commercial_partner_id AS partner_id,
                       avg(g.rating)::float8 AS rating
                  FROM rating_rating g JOIN res_partner p ON p.id = g.partner_id
                 WHERE g.consumed AND g.rating >= 1
                   AND g.create_date > %(as_of)s - interval '12 months'
              GROUP BY p.commercial_partner_id) r ON r.partner_id = v.partner_id
     LEFT JOIN (SELECT commercial_partner_id AS partner_id,
                       sum(amount_residual_signed) AS open
                  FROM account_move
                 WHERE company_id = %(company)s AND state = 'posted'
                   AND move_type IN ('out_invoice', 'out_receipt')
                   AND payment_state IN ('not_paid', 'partial')
                   AND invoice_date_due < %(as_of)s
              GROUP BY commercial_partner_id) o ON o.partner_id = v.partner_id
         WHERE v.company_id = %(company)s""",
        company=company_id,
        as_of=as_of,
        start=start_month,
        growth=growth,
        recent=SQL("%s - interval '%s months'", as_of, FORECAST_MONTHS),
        moves=customer_moves(
            company_id,
            SQL(
                "(m.invoice_date > %(d)s - interval '%(n)s months'"
                " AND m.invoice_date <= %(d)s"
                " OR m.invoice_date > %(d)s - interval '%(y)s months'"
                " AND m.invoice_date <= %(d)s - interval '12 months')",
                d=as_of,
                n=FORECAST_MONTHS,
                y=FORECAST_MONTHS + 12,
            ),
        ),
    )
