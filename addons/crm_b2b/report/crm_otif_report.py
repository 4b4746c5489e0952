from odoo import fields, models
from odoo.tools import SQL

STATES = [
    ("otif", "On time in full"),
    ("late", "In full, but late"),
    ("short", "Not in full"),
    ("open", "Not due yet"),
]


class CrmOtifReport(models.Model):
    """On time in full: one row for each order line with goods.

    The promise is the delivery date of the order, without one the order date plus the
    lead time of the line. Days are those of the company's time zone: delivered on the
    promised day is on time. Returns do not undo a delivery.
    """

    _name = "crm.otif.report"
    _inherit = "crm.sales.report.mixin"
    _description = "On Time In Full"
    _auto = False
    _rec_name = "order_id"
    _order = "promised_date desc, id desc"
    _depends = {
        "sale.order": ["state", "commitment_date", "date_order", "partner_id"],
        "sale.order.line": ["product_uom_qty", "product_uom_id", "customer_lead"],
        "stock.move": ["state", "date", "quantity", "sale_line_id", "product_uom"],
        "res.partner": ["commercial_partner_id", "tz"],
    }

    line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Family", readonly=True)
    date_order = fields.Datetime("Order Date", readonly=True)
    promised_date = fields.Date("Promised For", readonly=True)
    delivered_date = fields.Date("Last Delivery", readonly=True)
    ordered = fields.Float(readonly=True, digits="Product Unit")
    delivered = fields.Float(readonly=True, digits="Product Unit")
    delivered_in_time = fields.Float(
        "Delivered in Time", readonly=True, digits="Product Unit"
    )
    state = fields.Selection(STATES, "Result", readonly=True)
    otif_rate = fields.Float("On Time In Full (%)", readonly=True, aggregator="avg")
    on_time_rate = fields.Float("On Time (%)", readonly=True, aggregator="avg")
    in_full_rate = fields.Float("In Full (%)", readonly=True, aggregator="avg")
    days_late = fields.Integer(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT f.*,
                   100.0 * (state = 'otif')::int / measured AS otif_rate,
                   100.0 * (delivered > 0 AND delivered_date <= promised_date)::int
                       / measured AS on_time_rate,
                   100.0 * complete::int / measured AS in_full_rate,
                   GREATEST(0, CASE WHEN complete THEN delivered_date ELSE %(today)s END
                       - promised_date) / measured AS days_late
              FROM (
                SELECT g.*, CASE
                         WHEN NOT complete AND promised_date >= %(today)s THEN 'open'
                         WHEN delivered_in_time >= ordered * 0.999999 THEN 'otif'
                         WHEN complete THEN 'late' ELSE 'short'
                       END AS state,
                       CASE WHEN complete OR promised_date < %(today)s THEN 1 END
                           AS measured
                  FROM (%(lines)s) g
              ) f
            """,
            today=fields.Date.context_today(self),
            lines=self._get_query(),
        )

    def _select(self):
        return super()._select() | {
            "id": SQL("l.id"),
            "line_id": SQL("l.id"),
            "product_id": SQL("l.product_id"),
            "categ_id": SQL("t.categ_id"),
            "date_order": SQL("o.date_order"),
            "promised_date": SQL("promise.day"),
            "delivered_date": SQL("done.last_day"),
            "ordered": SQL("l.product_uom_qty * lu.factor / pu.factor"),
            "delivered": SQL("COALESCE(done.quantity, 0)"),
            "delivered_in_time": SQL("COALESCE(done.in_time, 0)"),
            "complete": SQL(
                "COALESCE(done.quantity, 0) >= "
                "l.product_uom_qty * lu.factor / pu.factor * 0.999999"
            ),
        }

    def _from(self):
        return SQL(
            """
            %s
            JOIN uom_uom lu ON lu.id = l.product_uom_id
            JOIN uom_uom pu ON pu.id = t.uom_id
            JOIN res_company c ON c.id = o.company_id
            JOIN res_partner cp ON cp.id = c.partner_id
            CROSS JOIN LATERAL (
                SELECT (COALESCE(
                    o.commitment_date,
                    o.date_order + make_interval(days => l.customer_lead::int)
                ) AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(cp.tz, 'UTC'))::date AS day
            ) promise
            LEFT JOIN LATERAL (
                SELECT SUM(d.quantity) AS quantity, MAX(d.day) AS last_day,
                       SUM(d.quantity) FILTER (WHERE d.day <= promise.day) AS in_time
                  FROM (
                    SELECT m.quantity * mu.factor / pu.factor AS quantity,
                           (m.date AT TIME ZONE 'UTC'
                               AT TIME ZONE COALESCE(cp.tz, 'UTC'))::date AS day
                      FROM stock_move m
                      JOIN uom_uom mu ON mu.id = m.product_uom
                      JOIN stock_location s ON s.id = m.location_id
                      JOIN stock_location d ON d.id = m.location_dest_id
                     WHERE m.sale_line_id = l.id AND m.state = 'done'
                       AND d.usage = 'customer' AND s.usage != 'customer'
                       AND m.quantity > 0
                  ) d
            ) done ON TRUE
            """,
            super()._from(),
        )

    def _where(self):
        return SQL("%s AND t.type = 'consu'", super()._where())
