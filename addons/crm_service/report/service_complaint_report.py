from odoo import fields, models
from odoo.tools import SQL

from ..models.choices import choices_of

#: measure -> (counted column, base column, complaints for each)
RATES = {
    "rate_lines": ("complaints", "delivered_lines", 1000),
    "rate_quantity": ("complaint_quantity", "delivered_quantity", 1_000_000),
}


class ServiceComplaintReport(models.Model):
    """Complaints beside what was delivered: no table, the documents themselves."""

    _name = "service.complaint.report"
    _description = "Complaint Rate"
    _auto = False
    _rec_name = "product_id"
    _order = "date desc, id desc"
    _depends = {
        "service.complaint": [
            "cancelled",
            "cause_id",
            "company_id",
            "commercial_partner_id",
            "date",
            "defect_id",
            "justified",
            "product_id",
            "quantity",
        ],
        "stock.move": ["date", "product_id", "state"],
        "stock.move.line": ["quantity_product_uom", "state"],
        "sale.order": ["partner_id"],
        "stock.picking": ["partner_id"],
    }

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        related="product_id.categ_id", string="Product line", readonly=True
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    complaint_id = fields.Many2one("service.complaint", readonly=True)
    defect_id = fields.Many2one("service.cause", readonly=True)
    cause_id = fields.Many2one("service.cause", "Root cause", readonly=True)
    justified = fields.Selection(
        choices_of("service.complaint", "justified"),
        readonly=True,
    )
    move_id = fields.Many2one("stock.move", "Delivery", readonly=True)
    complaints = fields.Integer(readonly=True)
    complaint_quantity = fields.Float("Quantity complained about", readonly=True)
    delivered_lines = fields.Integer("Lines delivered", readonly=True)
    delivered_quantity = fields.Float("Quantity delivered", readonly=True)
    rate_lines = fields.Float(
        "Complaints in 1,000 lines",
        readonly=True,
        aggregator="avg",
        help="Complaints for each thousand delivered order lines.",
    )
    rate_quantity = fields.Float(
        "PPM",
        readonly=True,
        aggregator="avg",
        help="Quantity complained about in each million delivered.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL("%s UNION ALL %s", self._get_complaints(), self._get_deliveries())

    def _get_complaints(self) -> SQL:
        return SQL(
            """
            SELECT c.id::bigint * 2 AS id, c.date, c.company_id, c.product_id,
                   c.commercial_partner_id AS partner_id, c.id AS complaint_id,
                   c.defect_id, c.cause_id, c.justified, NULL::int AS move_id,
                   1 AS complaints, c.quantity::float8 AS complaint_quantity,
                   0 AS delivered_lines, 0::float8 AS delivered_quantity,
                   NULL::float8 AS rate_lines, NULL::float8 AS rate_quantity
              FROM service_complaint c
             WHERE c.cancelled IS NOT TRUE AND c.active"""
        )

    def _get_deliveries(self) -> SQL:
        """Deliveries that were sold: what went back after a return counts once."""
        return SQL(
            """
            SELECT m.id::bigint * 2 + 1, m.date::date, m.company_id, m.product_id,
                   coalesce(sp.commercial_partner_id, pp.commercial_partner_id),
                   NULL::int, NULL::int, NULL::int, NULL::varchar, m.id,
                   0, 0::float8, 1, sum(l.quantity_product_uom)::float8,
                   NULL::float8, NULL::float8
              FROM stock_move m
              JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
              JOIN stock_location f ON f.id = l.location_id
              JOIN stock_location t ON t.id = l.location_dest_id
         LEFT JOIN stock_picking k ON k.id = m.picking_id
         LEFT JOIN res_partner pp ON pp.id = k.partner_id
         LEFT JOIN sale_order_line o ON o.id = m.sale_line_id
         LEFT JOIN sale_order s ON s.id = o.order_id
         LEFT JOIN res_partner sp ON sp.id = s.partner_id
             WHERE m.state = 'done' AND t.usage = 'customer' AND f.usage <> 'customer'
               AND m.service_return_line_id IS NULL
          GROUP BY m.id, sp.commercial_partner_id, pp.commercial_partner_id"""
        )

    def _read_group_select(self, aggregate_spec, query) -> SQL:
        """A rate of a group is its complaints over its deliveries, not an average."""
        name = aggregate_spec.partition(":")[0]
        if name not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        counted, base, per = RATES[name]
        return SQL(
            "SUM(%s)::float8 * %s / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, counted, query),
            per,
            self._field_to_sql(self._table, base, query),
        )

    def action_open_document(self):
        """Open the complaint or the delivery behind this row."""
        self.ensure_one()
        record = self.complaint_id or self.move_id.sudo().picking_id or self.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
