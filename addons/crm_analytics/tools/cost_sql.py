"""SQL of the cost to serve: one row a record that cost something, with its document.

Every source gives the same columns: ``code`` (of the source), ``res_model``,
``res_id``, ``company_id``, ``partner_id`` (the commercial entity), ``date``, ``kind``,
``quantity`` (days late, hours, ...), ``rate``, ``amount`` (company currency, rounded to
the cent, so that the documents of a month add up to its fact). ``p`` is the row of the
policy whose rates apply.

What a source needs and is not installed is left to the caller to leave out: a kind
without a source is absent, not zero.
"""

from collections.abc import Sequence

from odoo.tools import SQL

LATE_PAYMENT = 1  # code of the source
KINDS = ("sales", "service", "logistics", "finance", "marketing")


def policies(policy_id: int | None = None) -> SQL:
    """Condition on the policy ``p``: a given one, or those in force."""
    if policy_id:
        return SQL("p.id = %s", policy_id)
    return SQL("p.state = 'current'")


def late_payments(policy: SQL) -> SQL:
    """Money that came after it was due: amount x days / 365 x the yearly rate.

    Refunds and exchange differences are no payments. The cost belongs to the day the
    money came; invoices that are still open have cost nothing yet.
    """
    return SQL(
        """
        SELECT 1 AS code, 'account.move' AS res_model, r.id AS source_id,
               m.id AS res_id, m.company_id,
               m.commercial_partner_id AS partner_id, r.max_date AS date,
               'finance' AS kind, (r.max_date - l.date_maturity)::float8 AS quantity,
               p.interest_rate::float8 AS rate,
               round(r.amount * (r.max_date - l.date_maturity)
                     / 365 * p.interest_rate::numeric, 2) AS amount
          FROM account_partial_reconcile r
          JOIN account_move_line l ON l.id = r.debit_move_id
          JOIN account_move m ON m.id = l.move_id AND m.company_id = r.company_id
          JOIN account_move_line c ON c.id = r.credit_move_id
          JOIN account_move s ON s.id = c.move_id
          JOIN crm_value_policy p ON p.company_id = m.company_id AND %s
         WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_receipt')
           AND m.commercial_partner_id IS NOT NULL
           AND r.max_date > l.date_maturity
           AND s.move_type NOT IN ('out_refund', 'out_invoice')
           AND NOT EXISTS (SELECT FROM account_partial_reconcile x
                            WHERE x.exchange_move_id = s.id)""",
        policy,
    )


def _hour(user: SQL, with_hourly_cost: bool) -> tuple[SQL, SQL]:
    """Cost of an hour of a ``user``, and the join it needs: the employee's, as it is
    today, else that of the policy."""
    if not with_hourly_cost:
        return SQL("p.sales_hour_cost::float8"), SQL()
    return (
        SQL("coalesce(nullif(h.cost, 0), p.sales_hour_cost)::float8"),
        SQL(
            """
     LEFT JOIN (SELECT user_id, company_id, max(hourly_cost) AS cost
                  FROM hr_employee WHERE active GROUP BY user_id, company_id) h
            ON h.user_id = %s AND h.company_id = p.company_id""",
            user,
        ),
    )


def meetings(policy: SQL, with_hourly_cost: bool) -> SQL:
    """Meetings on an opportunity or an account: hours of the organiser x their cost.

    The meeting of a visit is none: the visit itself is counted, once it is reported.
    """
    rate, employee = _hour(SQL("u.id"), with_hourly_cost)
    return SQL(
        """
        SELECT 2, 'calendar.event', e.id, e.id, p.company_id,
               a.commercial_partner_id, e.start::date, 'sales', e.duration::float8,
               %(rate)s, round((e.duration * %(rate)s)::numeric, 2)
          FROM calendar_event e
     LEFT JOIN crm_lead o ON o.id = e.opportunity_id
          JOIN res_partner b ON b.id = coalesce(o.partner_id,
               CASE WHEN e.res_model = 'res.partner' THEN e.res_id END)
          JOIN res_partner a ON a.id = b.commercial_partner_id
          JOIN res_users u ON u.id = e.user_id
          JOIN crm_value_policy p ON %(policy)s
           AND p.company_id = coalesce(o.company_id, a.company_id, u.company_id)
           %(employee)s
         WHERE e.active AND e.duration > 0
           AND NOT EXISTS (SELECT FROM crm_visit_report v WHERE v.event_id = e.id)""",
        rate=rate,
        employee=employee,
        policy=policy,
    )


def visits(policy: SQL, with_hourly_cost: bool) -> SQL:
    """Visits that were reported: hours of all of us who took part x their cost."""
    rate, employee = _hour(SQL("w.user_id"), with_hourly_cost)
    return SQL(
        """
        SELECT 9, 'crm.visit.report', v.id, v.id, p.company_id,
               a.commercial_partner_id, v.date::date, 'sales',
               sum(v.duration)::float8, avg(%(rate)s),
               sum(round((v.duration * %(rate)s)::numeric, 2))
          FROM crm_visit_report v
          JOIN (SELECT id, user_id FROM crm_visit_report
                 UNION
                SELECT crm_visit_report_id, res_users_id
                  FROM crm_visit_report_colleague_rel) w ON w.id = v.id
          JOIN res_partner b ON b.id = v.partner_id
          JOIN res_partner a ON a.id = b.commercial_partner_id
          JOIN crm_value_policy p ON p.company_id = v.company_id AND %(policy)s
           %(employee)s
         WHERE v.state = 'done' AND v.duration > 0
      GROUP BY v.id, p.company_id, a.commercial_partner_id""",
        rate=rate,
        employee=employee,
        policy=policy,
    )


def activities(policy: SQL) -> SQL:
    """Activities that were done, but for meetings: a fixed time x the hour."""
    return SQL(
        """
        SELECT 3, g.model, g.id, g.res_id, p.company_id, a.commercial_partner_id,
               g.date::date, 'sales', p.activity_minutes / 60.0::float8,
               p.sales_hour_cost::float8,
               round((p.activity_minutes / 60.0 * p.sales_hour_cost)::numeric, 2)
          FROM mail_message g
          JOIN mail_activity_type t ON t.id = g.mail_activity_type_id
     LEFT JOIN crm_lead o ON g.model = 'crm.lead' AND o.id = g.res_id
     LEFT JOIN sale_order q ON g.model = 'sale.order' AND q.id = g.res_id
          JOIN res_partner b ON b.id = coalesce(o.partner_id, q.partner_id,
               CASE WHEN g.model = 'res.partner' THEN g.res_id END)
          JOIN res_partner a ON a.id = b.commercial_partner_id
     LEFT JOIN res_users u ON u.partner_id = g.author_id AND u.active
          JOIN crm_value_policy p ON %s
           AND p.company_id = coalesce(o.company_id, q.company_id, a.company_id,
                                       u.company_id)
         WHERE g.model IN ('crm.lead', 'sale.order', 'res.partner')
           AND t.category IS DISTINCT FROM 'meeting'""",
        policy,
    )


def expenses(policy: SQL, with_orders: bool) -> SQL:
    """Approved expenses booked on a deal, an account or an order, without tax."""
    return SQL(
        """
        SELECT 4, 'hr.expense', e.id, e.id, e.company_id, a.commercial_partner_id,
               e.date, 'sales', e.quantity::float8, NULL::float8,
               round(e.untaxed_amount_currency
                     * e.total_amount / nullif(e.total_amount_currency, 0), 2)
          FROM hr_expense e
     LEFT JOIN crm_lead o ON o.id = e.crm_lead_id
     %(orders)s
          JOIN res_partner b
            ON b.id = coalesce(o.partner_id, e.crm_partner_id, %(customer)s)
          JOIN res_partner a ON a.id = b.commercial_partner_id
          JOIN crm_value_policy p ON p.company_id = e.company_id AND %(policy)s
         WHERE e.state IN ('approved', 'posted', 'in_payment', 'paid')""",
        orders=SQL("LEFT JOIN sale_order q ON q.id = e.sale_order_id")
        if with_orders
        else SQL(),
        customer=SQL("q.partner_id") if with_orders else SQL("NULL"),
        policy=policy,
    )


def freight(policy: SQL) -> SQL:
    """Freight that carriers charge for deliveries, as the deliveries say."""
    return SQL(
        """
        SELECT 5, 'stock.picking', k.id, k.id, k.company_id, a.commercial_partner_id,
               k.date_done::date, 'logistics', 1::float8, NULL::float8,
               round(k.carrier_price::numeric, 2)
          FROM stock_picking k
          JOIN res_partner b ON b.id = k.partner_id
          JOIN res_partner a ON a.id = b.commercial_partner_id
          JOIN crm_value_policy p ON p.company_id = k.company_id AND %s
         WHERE k.state = 'done' AND k.carrier_price > 0""",
        policy,
    )


def service_work(policy: SQL) -> SQL:
    """Confirmed work that nobody is billed for: covered by a contract, or goodwill.

    Hours without a cost of their own take that of the policy. Billed work is left out:
    it is a product like others, with its own cost of goods.
    """
    return SQL(
        """
        SELECT 6, 'service.work.line', w.id, w.id, w.company_id,
               a.commercial_partner_id, w.date, 'service', w.quantity::float8,
               NULL::float8,
               round((CASE WHEN w.kind = 'hours' AND coalesce(w.cost, 0) = 0
                           THEN w.quantity * p.service_hour_cost
                           ELSE coalesce(w.cost, 0) END)::numeric, 2)
          FROM service_work_line w
          JOIN res_partner b ON b.id = w.partner_id
          JOIN res_partner a ON a.id = b.commercial_partner_id
          JOIN crm_value_policy p ON p.company_id = w.company_id AND %s
         WHERE w.state = 'confirmed' AND w.coverage IN ('covered', 'goodwill')""",
        policy,
    )


def return_goods(policy: SQL) -> SQL:
    """Parts and goods that a return cost us; its hours are service work of their own.

    They belong to the day of the inspection, on which it was decided.
    """
    return SQL(
        """
        SELECT 7, 'service.return', v.id, v.id, v.company_id,
               v.commercial_partner_id, v.date_inspected::date, 'service',
               1::float8, NULL::float8,
               round((coalesce(v.cost_parts, 0) + coalesce(v.cost_goods, 0))::numeric,
                     2)
          FROM service_return v
          JOIN crm_value_policy p ON p.company_id = v.company_id AND %s
         WHERE v.state IN ('settling', 'done')
           AND coalesce(v.cost_parts, 0) + coalesce(v.cost_goods, 0) > 0""",
        policy,
    )


def return_freight(policy: SQL) -> SQL:
    """Freight of a return that no carrier tells on the transfer."""
    return SQL(
        """
        SELECT 8, 'service.return', v.id, v.id, v.company_id,
               v.commercial_partner_id, v.date_inspected::date, 'logistics',
               1::float8, NULL::float8, round(v.cost_freight::numeric, 2)
          FROM service_return v
          JOIN crm_value_policy p ON p.company_id = v.company_id AND %s
         WHERE v.state IN ('settling', 'done') AND v.cost_freight > 0""",
        policy,
    )


def together(sources: Sequence[SQL]) -> SQL:
    """All records, with a number of their own."""
    return SQL(
        "SELECT c.source_id::bigint * 16 + c.code AS id, c.* FROM (%s) c",
        SQL(" UNION ALL ").join(sources),
    )


def by_month(sources: Sequence[SQL], kinds: Sequence[str], condition: SQL) -> SQL:
    """One row per customer and month: a column a kind that has a source, else NULL.

    :param condition: on the columns of the source ``c``
    """
    columns = SQL(", ").join(
        SQL(
            "%s AS %s",
            SQL("coalesce(sum(c.amount) FILTER (WHERE c.kind = %s), 0)", kind)
            if kind in kinds
            else SQL("NULL::numeric"),
            SQL.identifier(f"cost_{kind}"),
        )
        for kind in KINDS
    )
    return SQL(
        """
        SELECT c.partner_id, date_trunc('month', c.date)::date AS month, %s
          FROM (%s) c WHERE %s
      GROUP BY c.partner_id, date_trunc('month', c.date)""",
        columns,
        SQL(" UNION ALL ").join(sources),
        condition,
    )
