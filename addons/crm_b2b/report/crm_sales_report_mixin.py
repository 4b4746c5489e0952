from odoo import fields, models
from odoo.tools import SQL


class CrmSalesReportMixin(models.AbstractModel):
    """Columns in one dict, so that SELECT is said once and can be extended."""

    _name = "crm.sales.report.mixin"
    _description = "Sales Report"

    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    def _select(self):
        return {
            "order_id": SQL("o.id"),
            "partner_id": SQL("p.commercial_partner_id"),
            "user_id": SQL("o.user_id"),
            "team_id": SQL("o.team_id"),
            "company_id": SQL("o.company_id"),
        }

    def _from(self):
        return SQL(
            """
            sale_order o
            JOIN res_partner p ON p.id = o.partner_id
            JOIN sale_order_line l ON l.order_id = o.id
            JOIN product_product pp ON pp.id = l.product_id
            JOIN product_template t ON t.id = pp.product_tmpl_id
            """
        )

    def _where(self):
        return SQL(
            """
            o.state = 'sale' AND l.display_type IS NULL
            AND l.is_downpayment IS NOT TRUE AND l.product_uom_qty > 0
            """
        )

    def _get_query(self):
        columns = SQL(", ").join(
            SQL("%s AS %s", expression, SQL.identifier(name))
            for name, expression in self._select().items()
        )
        return SQL("SELECT %s FROM %s WHERE %s", columns, self._from(), self._where())

    def action_open_document(self):
        """Open the document behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [[False, "form"]],
        }
