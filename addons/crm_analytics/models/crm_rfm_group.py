from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmRfmGroup(models.Model):
    _name = "crm.rfm.group"
    _description = "RFM Group"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(
        string="What It Means", translate=True, help="Who is in it, and what helps."
    )
    cell_ids = fields.One2many("crm.rfm.cell", "group_id", string="Cells")
    cell_count = fields.Integer(compute="_compute_cell_count", string="Number of Cells")

    _code_uniq = models.Constraint("UNIQUE (code)", "Each RFM group has its own code.")

    def _compute_cell_count(self):
        counts = dict(
            self.env["crm.rfm.cell"]._read_group(
                [("group_id", "in", self.ids)], ["group_id"], ["__count"]
            )
        )
        for group in self:
            group.cell_count = counts.get(group, 0)

    # A key that restricts would also keep the addon from being uninstalled.
    @api.ondelete(at_uninstall=False)
    def _unlink_without_cells(self):
        full = self.filtered("cell_ids")
        if full:
            raise UserError(
                self.env._(
                    "%(groups)s still has cells: give them another group first.",
                    groups=", ".join(full.mapped("name")),
                )
            )

    def unlink(self):
        """Customers judged before its cells moved still name the group."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_value SET group_id = NULL"
                " WHERE group_id = ANY(%s)",
                self.ids,
            )
        )
        self.env["crm.customer.value"].invalidate_model(["group_id"])
        return super().unlink()

    def action_open_customers(self):
        """Open the customers that fall into the group."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_customer_value_action"
        )
        return action | {"domain": [("group_id", "=", self.id)], "context": {}}
