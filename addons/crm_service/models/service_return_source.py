"""Where returns start and where they are seen."""

from odoo import api, fields, models


class ServiceReturn(models.Model):
    _inherit = "service.return"

    receipt_count = fields.Integer(compute="_compute_documents")
    delivery_count = fields.Integer(compute="_compute_documents")
    repair_count = fields.Integer(compute="_compute_documents")
    credit_count = fields.Integer(compute="_compute_documents")
    quotation_count = fields.Integer(compute="_compute_documents")

    def _get_pickings(self, *roles):
        moves = self.line_ids.move_ids
        return moves.filtered(lambda m: m.service_return_role in roles).picking_id

    def _get_credit_notes(self):
        return self.line_ids.credit_line_ids.move_id

    @api.depends("state")
    def _compute_documents(self):
        for case in self:
            docs = case.sudo()  # counted for everybody, opened by who may
            case.receipt_count = len(docs._get_pickings("receipt"))
            case.delivery_count = len(docs._get_pickings("back", "replacement"))
            case.repair_count = len(docs.line_ids.repair_ids)
            case.credit_count = len(docs._get_credit_notes())
            case.quotation_count = len(docs.charge_order_ids)

    @api.model
    def _get_action(self, domain, context=None):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service.service_return_action"
        )
        return action | {"domain": domain, "context": context or {}}

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_view_receipts(self):
        # ids only: the window itself asks for the rights of the user
        pickings = self.sudo()._get_pickings("receipt")
        return self._get_document_action(pickings, self.env._("Receipts"))

    def action_view_deliveries(self):
        # as above
        pickings = self.sudo()._get_pickings("back", "replacement")
        return self._get_document_action(pickings, self.env._("Deliveries"))

    def action_view_repairs(self):
        # as above
        repairs = self.sudo().line_ids.repair_ids
        return self._get_document_action(repairs, self.env._("Repairs"))

    def action_view_credit_notes(self):
        # as above
        notes = self.sudo()._get_credit_notes()
        return self._get_document_action(notes, self.env._("Credit notes"))

    def action_view_quotations(self):
        # as above
        orders = self.sudo().charge_order_ids
        return self._get_document_action(orders, self.env._("Quotations"))

    def action_add_lines(self):
        """Choose from what was delivered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What comes back?"),
            "res_model": "service.return.select",
            "view_mode": "form",
            "target": "new",
            "context": {"default_return_id": self.id},
        }

    def action_send(self):
        """Open the mail with the return slip."""
        self.ensure_one()
        return self._open_composer(
            self.env._("Send the return slip"), "crm_service.mail_template_return"
        )

    @api.model
    def _open_new(self, **values):
        """Open the choice of what comes back; the return is made from it."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New return"),
            "res_model": "service.return.select",
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    return_ids = fields.One2many("service.return", "ticket_id", "Returns")
    return_count = fields.Integer(compute="_compute_return_count")

    def _compute_return_count(self):
        counts = dict(
            self.env["service.return"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.return_count = counts.get(ticket, 0)

    def action_new_return(self):
        self.ensure_one()
        return self.env["service.return"]._open_new(
            ticket_id=self.id,
            partner_id=self.commercial_partner_id.id,
            company_id=self.company_id.id,
            asset_id=self.asset_id.id,
            product_id=self.product_id.id,
        )

    def action_view_returns(self):
        self.ensure_one()
        return self.env["service.return"]._get_action(
            [("ticket_id", "=", self.id)], {"default_ticket_id": self.id}
        )


class ServiceAsset(models.Model):
    _inherit = "service.asset"

    return_line_ids = fields.One2many("service.return.line", "asset_id", "Returns")
    return_count = fields.Integer(compute="_compute_return_count")

    def _compute_return_count(self):
        counts = dict(
            self.env["service.return.line"]._read_group(
                [("asset_id", "in", self.ids)], ["asset_id"], ["__count"]
            )
        )
        for asset in self:
            asset.return_count = counts.get(asset, 0)

    def action_new_return(self):
        self.ensure_one()
        return self.env["service.return"]._open_new(
            partner_id=self.commercial_partner_id.id,
            company_id=self.company_id.id,
            asset_id=self.id,
            product_id=self.product_id.id,
        )

    def action_view_returns(self):
        self.ensure_one()
        return self.env["service.return"]._get_action(
            [("line_ids.asset_id", "in", self.ids)]
        )

    def _get_events(self):
        """Add the returns to what happened to the product."""
        events = super()._get_events()
        if not self.env["service.return"].has_access("read"):
            return events
        states = dict(
            self.env["service.return"]._fields["state"]._description_selection(self.env)
        )
        returns = self.return_line_ids.return_id
        return events + [
            (case.date, "fa-reply", case, case.name, states[case.state])
            for case in returns
        ]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_return_count = fields.Integer(compute="_compute_service_return_count")

    def _compute_service_return_count(self):
        # who sells sees that goods came back, and opens it with the right to
        groups = (
            self.env["service.return.line"]
            .sudo()
            ._read_group(
                [("order_id", "in", self.ids)],
                ["order_id"],
                ["return_id:count_distinct"],
            )
        )
        counts = dict(groups)
        for order in self:
            order.service_return_count = counts.get(order, 0)

    def action_new_service_return(self):
        self.ensure_one()
        return self.env["service.return"]._open_new(
            partner_id=self.partner_id.commercial_partner_id.id,
            company_id=self.company_id.id,
            order_id=self.id,
        )

    def action_view_service_returns(self):
        self.ensure_one()
        return self.env["service.return"]._get_action(
            [("line_ids.order_id", "=", self.id)]
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_return_count = fields.Integer(compute="_compute_service_return_count")

    def _compute_service_return_count(self):
        counts = dict(
            self.env["service.return"]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.service_return_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_service_returns(self):
        self.ensure_one()
        return self.env["service.return"]._get_action(
            [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            {"default_partner_id": self.id},
        )
