"""SQL of the facts for pivots: one row an event of sales, service or marketing.

Every statement gives the same dimensions: ``company_id``, ``partner_id`` (the
commercial entity), ``date``, ``user_id``, ``product_id``, and the customer's value
class, service tier, industry, country and territory as they are today, so that
measures of the three families can be laid side by side.
"""

from collections.abc import Sequence

from odoo.tools import SQL

from .month_sql import LIST_PRICE
from .moves_sql import CUSTOMER_MOVES
from .product_cost_sql import cost_on, history

MOST = 8  # kinds of event a number has room for


def dimensions(events: SQL) -> SQL:
    """The events ``e`` with what is known of their customer and product.

    A customer has one value a company, hence the join on both.
    """
    return SQL(
        """
        SELECT e.*, t.categ_id, p.industry_id, p.country_id, p.territory_id,
               v.value_class, v.tier, v.abc, v.lifecycle
          FROM (%s) e
     LEFT JOIN res_partner p ON p.id = e.partner_id
     LEFT JOIN crm_customer_value v ON v.partner_id = e.partner_id
           AND v.company_id = e.company_id
     LEFT JOIN product_product g ON g.id = e.product_id
     LEFT JOIN product_template t ON t.id = g.product_tmpl_id""",
        events,
    )


def together(sources: Sequence[SQL], empty: SQL) -> SQL:
    """All events; ``empty`` gives the columns where no source is installed."""
    return SQL(" UNION ALL ").join(sources or [empty])


def sales() -> SQL:
    """Lines of posted customer documents; refunds count negative.

    The cost of a line is that of the monthly facts: what was recorded on the invoiced
    order line, else the product's cost of today.
    """
    return SQL(
        """
        SELECT l.id, m.company_id, m.commercial_partner_id AS partner_id,
               m.invoice_date AS date, m.id AS move_id, m.invoice_user_id AS user_id,
               m.team_id, l.product_id,
               (CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                * l.quantity)::float8 AS quantity,
               -l.balance AS revenue,
               %(list_price)s AS list_revenue,
               %(list_price)s + l.balance AS discount_amount,
               c.cost, -l.balance - coalesce(c.cost, 0) AS margin
          FROM account_move m
          JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
     LEFT JOIN product_product v ON v.id = l.product_id
     LEFT JOIN product_template t ON t.id = v.product_tmpl_id
     LEFT JOIN (%(history)s) h ON h.product_id = l.product_id
           AND h.company_id = m.company_id
     LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
     LEFT JOIN uom_uom tu ON tu.id = t.uom_id
     LEFT JOIN LATERAL (
        SELECT avg(nullif(sol.purchase_price, 0)
                   / coalesce(nullif(so.currency_rate, 0), 1)
                   * coalesce(lu.factor / nullif(su.factor, 0), 1))::numeric AS cost
          FROM sale_order_line_invoice_rel rel
          JOIN sale_order_line sol ON sol.id = rel.order_line_id
          JOIN sale_order so ON so.id = sol.order_id
     LEFT JOIN uom_uom su ON su.id = sol.product_uom_id
         WHERE rel.invoice_line_id = l.id) o ON TRUE
    CROSS JOIN LATERAL (
        SELECT round((CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                      * l.quantity)::numeric
                     * coalesce(o.cost,
                           ((%(cost)s)
                            * coalesce(lu.factor / nullif(tu.factor, 0), 1))::numeric),
                     2) AS cost) c
         WHERE %(customer_moves)s""",
        history=history(),
        cost=cost_on(
            SQL("m.invoice_date"),
            SQL("h"),
            SQL("nullif((v.standard_price ->> m.company_id::text)::float8, 0)"),
        ),
        list_price=LIST_PRICE,
        customer_moves=CUSTOMER_MOVES,
    )


SERVICE_EMPTY = SQL(
    "SELECT NULL::bigint AS id, NULL::int AS company_id, NULL::int AS partner_id,"
    " NULL::date AS date, NULL::int AS user_id, NULL::int AS product_id,"
    " NULL::varchar AS kind, NULL::varchar AS res_model, NULL::int AS res_id,"
    " 0 AS request_count, 0 AS closed_count, 0 AS promise_count, 0 AS missed_count,"
    " NULL::float8 AS response_hours, NULL::float8 AS solution_hours,"
    " NULL::float8 AS rating, 0::float8 AS work_hours, 0::numeric AS cost,"
    " 0::numeric AS billed WHERE FALSE"
)


def requests(columns: Sequence[str], with_clocks: bool) -> SQL:
    """Requests: hours until answer and solution, promises kept, rating 1..5.

    :param columns: stored fields of the request; some addons bring more than others
    :param with_clocks: whether promises are followed by clocks
    """
    product = SQL("NULL::int")
    if "product_id" in columns:
        product = SQL("h.product_id")
    answer = SQL("h.assigned_date")
    if "first_response_date" in columns:
        answer = SQL("h.first_response_date")
    clocks = SQL("SELECT NULL::int AS ticket_id, 0 AS promised, 0 AS missed")
    if with_clocks:
        clocks = SQL(
            "SELECT ticket_id, count(*)::int AS promised,"
            " (count(*) FILTER (WHERE state = 'missed' OR state IN"
            " ('running', 'paused') AND deadline < now() AT TIME ZONE 'UTC'))::int"
            " AS missed FROM service_clock WHERE state <> 'void' GROUP BY ticket_id"
        )
    return SQL(
        """
        SELECT h.id::bigint * %(most)s + 1 AS id, h.company_id,
               coalesce(h.commercial_partner_id, a.commercial_partner_id) AS partner_id,
               h.create_date::date AS date, h.user_id, %(product)s AS product_id,
               'request' AS kind, 'helpdesk.ticket' AS res_model, h.id AS res_id,
               1 AS request_count, (h.closed_date IS NOT NULL)::int AS closed_count,
               coalesce(c.promised, 0) AS promise_count,
               coalesce(c.missed, 0) AS missed_count,
               (extract(epoch FROM %(answer)s - h.create_date) / 3600)::float8
                   AS response_hours,
               (extract(epoch FROM h.closed_date - h.create_date) / 3600)::float8
                   AS solution_hours,
               r.rating, 0::float8 AS work_hours, 0::numeric AS cost,
               0::numeric AS billed
          FROM helpdesk_ticket h
     LEFT JOIN res_partner a ON a.id = h.partner_id
     LEFT JOIN (%(clocks)s) c ON c.ticket_id = h.id
     LEFT JOIN (SELECT res_id, avg(rating)::float8 AS rating FROM rating_rating
                 WHERE res_model = 'helpdesk.ticket' AND consumed AND rating >= 1
              GROUP BY res_id) r ON r.res_id = h.id
         WHERE h.active""",
        most=MOST,
        product=product,
        answer=answer,
        clocks=clocks,
    )


def service_work() -> SQL:
    """Confirmed time and parts: hours, cost, and what is billed for them.

    What is billed is in the currency of the work's document; where that is not the
    company's, today's rates of the company turn it.
    """
    return SQL(
        """
        SELECT w.id::bigint * %s + 2, w.company_id, a.commercial_partner_id, w.date,
               w.user_id, w.product_id, 'work', 'service.work.line', w.id,
               0, 0, 0, 0, NULL::float8, NULL::float8, NULL::float8,
               CASE WHEN w.kind = 'hours' THEN w.quantity ELSE 0 END::float8,
               coalesce(w.cost, 0)::numeric,
               CASE WHEN w.coverage = 'billable'
                    THEN round((w.amount / coalesce(r.rate, 1))::numeric, 2)
                    ELSE 0 END
          FROM service_work_line w
          JOIN res_company k ON k.id = w.company_id
     LEFT JOIN res_partner a ON a.id = w.partner_id
     LEFT JOIN LATERAL (
        SELECT rate FROM res_currency_rate x
         WHERE x.currency_id = w.currency_id AND w.currency_id <> k.currency_id
           AND coalesce(x.company_id, w.company_id) = w.company_id
           AND x.name <= w.date
      ORDER BY x.name DESC LIMIT 1) r ON TRUE
         WHERE w.state = 'confirmed'""",
        MOST,
    )


def campaign_leads() -> SQL:
    """Leads that a campaign, source or medium brought, and how many were won."""
    return SQL(
        """
        SELECT o.id::bigint * %s + 1 AS id,
               coalesce(o.company_id, a.company_id, u.company_id) AS company_id,
               a.commercial_partner_id AS partner_id, o.create_date::date AS date,
               o.user_id, NULL::int AS product_id, 'lead' AS kind,
               'crm.lead' AS res_model, o.id AS res_id, o.campaign_id, o.source_id,
               o.medium_id, 0 AS sent_count, 0 AS opened_count, 0 AS clicked_count,
               0 AS replied_count, 0 AS failed_count, 1 AS lead_count,
               (o.won_status = 'won')::int AS won_count, 0 AS order_count,
               0::numeric AS ordered, 0::numeric AS invoiced
          FROM crm_lead o
     LEFT JOIN res_partner a ON a.id = o.partner_id
     LEFT JOIN res_users u ON u.id = coalesce(o.user_id, o.create_uid)
         WHERE coalesce(o.campaign_id, o.source_id, o.medium_id) IS NOT NULL""",
        MOST,
    )


def campaign_orders() -> SQL:
    """Confirmed orders of a campaign, source or medium, in company currency."""
    return SQL(
        """
        SELECT s.id::bigint * %s + 2, s.company_id, a.commercial_partner_id,
               s.date_order::date, s.user_id, NULL::int, 'order', 'sale.order', s.id,
               s.campaign_id, s.source_id, s.medium_id, 0, 0, 0, 0, 0, 0, 0, 1,
               round(s.amount_untaxed / coalesce(nullif(s.currency_rate, 0), 1), 2),
               0::numeric
          FROM sale_order s JOIN res_partner a ON a.id = s.partner_id
         WHERE s.state = 'sale'
           AND coalesce(s.campaign_id, s.source_id, s.medium_id) IS NOT NULL""",
        MOST,
    )


def campaign_invoices() -> SQL:
    """Posted customer documents of a campaign, source or medium."""
    return SQL(
        """
        SELECT m.id::bigint * %s + 3, m.company_id, m.commercial_partner_id,
               m.invoice_date, m.invoice_user_id, NULL::int, 'invoice',
               'account.move', m.id, m.campaign_id, m.source_id, m.medium_id,
               0, 0, 0, 0, 0, 0, 0, 0, 0::numeric, m.amount_untaxed_signed
          FROM account_move m
         WHERE %s AND coalesce(m.campaign_id, m.source_id, m.medium_id) IS NOT NULL""",
        MOST,
        CUSTOMER_MOVES,
    )


def mails() -> SQL:
    """Mails of mailings to customers, contacts and deals: what became of each."""
    return SQL(
        """
        SELECT t.id::bigint * %s + 4, u.company_id, a.commercial_partner_id,
               coalesce(t.sent_datetime, t.create_date)::date, g.user_id, NULL::int,
               'mail', 'mailing.mailing', g.id, g.campaign_id, g.source_id,
               g.medium_id,
               (t.sent_datetime IS NOT NULL)::int,
               (t.trace_status IN ('open', 'reply'))::int,
               (t.links_click_datetime IS NOT NULL)::int,
               (t.trace_status = 'reply')::int,
               (t.trace_status IN ('bounce', 'error', 'cancel'))::int,
               0, 0, 0, 0::numeric, 0::numeric
          FROM mailing_trace t
          JOIN mailing_mailing g ON g.id = t.mass_mailing_id
          JOIN res_users u ON u.id = g.user_id
     LEFT JOIN crm_lead o ON t.model = 'crm.lead' AND o.id = t.res_id
     LEFT JOIN sale_order s ON t.model = 'sale.order' AND s.id = t.res_id
     LEFT JOIN res_partner a ON a.id = coalesce(o.partner_id, s.partner_id,
               CASE WHEN t.model = 'res.partner' THEN t.res_id END)
         WHERE NOT coalesce(t.is_test_trace, FALSE)""",
        MOST,
    )
