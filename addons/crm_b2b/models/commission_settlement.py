from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    agent_type = fields.Selection(
        selection_add=[("salesperson", "Own salesperson")],
        ondelete={"salesperson": "set default"},
    )


class CommissionSettlement(models.Model):
    """A commission statement: checked and approved before any money moves."""

    _inherit = "commission.settlement"

    settlement_type = fields.Selection(
        selection_add=[("sale_order", "Sales Orders")],
        ondelete={"sale_order": "set default"},
    )
    state = fields.Selection(
        selection_add=[("payroll", "Handed to Payroll")],
        ondelete={"payroll": "set default"},
    )
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, tracking=True
    )
    approved_on = fields.Datetime(readonly=True, copy=False)

    def _compute_can_edit(self):
        orders = self.filtered(lambda item: item.settlement_type == "sale_order")
        orders.can_edit = False
        return super(CommissionSettlement, self - orders)._compute_can_edit()

    def action_approve(self):
        if self.filtered(lambda item: item.state != "settled"):
            raise UserError(self.env._("Only open statements can be approved."))
        own = self.filtered(lambda item: item.agent_id == self.env.user.partner_id)
        if own and not self.env.su:
            raise UserError(
                self.env._(
                    "%(statement)s is your own statement: somebody else approves it.",
                    statement=own[0].display_name,
                )
            )
        return self.write(
            {"approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()}
        )

    def action_withdraw_approval(self):
        if self.filtered(lambda item: item.state != "settled"):
            raise UserError(self.env._("A statement that was paid keeps its approval."))
        return self.write({"approved_by_id": False, "approved_on": False})

    def action_hand_to_payroll(self):
        """Close approved statements of own salespeople: the list is payroll's input."""
        self._check_approved()
        if self.filtered(lambda item: item.agent_type != "salesperson"):
            raise UserError(
                self.env._(
                    "Only statements of own salespeople go to payroll. An agent sends "
                    "an invoice: use “Make invoice”."
                )
            )
        return self.write({"state": "payroll"})

    def make_invoices(self, journal, product, date=False, grouped=False):
        self._check_approved()
        return super().make_invoices(journal, product, date=date, grouped=grouped)

    def _check_approved(self):
        missing = self.filtered(
            lambda item: item.state != "settled" or not item.approved_by_id
        )
        if missing:
            raise UserError(
                self.env._(
                    "Approve these statements first: %(statements)s.",
                    statements=", ".join(missing.mapped("display_name")),
                )
            )

    @api.depends("agent_id", "date_from", "date_to")
    def _compute_display_name(self):
        for item in self:
            item.display_name = self.env._(
                "%(agent)s %(start)s to %(end)s",
                agent=item.agent_id.display_name or "",
                start=item.date_from or "",
                end=item.date_to or "",
            )

    def write(self, values):
        """A statement whose lines change needs a new approval."""
        if "line_ids" in values and not self.env.su:
            approved = self.filtered("approved_by_id")
            if approved:
                raise UserError(
                    self.env._(
                        "%(statement)s is approved. Withdraw the approval before "
                        "you change its lines.",
                        statement=approved[0].display_name,
                    )
                )
        return super().write(values)


class CommissionSettlementLine(models.Model):
    _inherit = "commission.settlement.line"

    sale_agent_line_id = fields.Many2one(
        "sale.order.line.agent", "Source order line", index="btree_not_null"
    )
    sale_order_id = fields.Many2one(related="sale_agent_line_id.order_id")
