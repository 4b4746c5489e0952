from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ServiceVisit(models.Model):
    """A visit is planned behind the credit gate, begins, or is called off."""

    _inherit = "service.visit"

    def action_plan(self):
        """Plan: ask the credit gate, then tell the technician."""
        self.check_access("write")
        for visit in self:
            if not visit.employee_id or not visit.date_start:
                raise UserError(
                    self.env._(
                        "Choose technician and time of %(visit)s, or let the free "
                        "slots be found.",
                        visit=visit.display_name,
                    )
                )
        checks = self._check_credit()
        blocked = [visit for visit, c in checks.items() if c.sudo().result == "block"]
        if blocked:
            every = self.env["crm.credit.check"].union(*checks.values())
            return self.env["crm.credit.hold"]._open_for(every, "action_plan")
        self.filtered(lambda visit: visit.state == "draft").state = "planned"
        for visit in self:
            visit._tell_technician()
        return True

    def _check_credit(self):
        """Return {visit: credit check} of those whose request has not passed today."""
        today = fields.Date.context_today(self)
        checks = {}
        to_ask = self.filtered(lambda visit: not visit._has_passed_credit(today))
        for company, visits in to_ask.grouped("company_id").items():
            checks |= (
                self.env["res.partner"]
                .with_company(company)
                ._credit_gate(
                    "service",
                    {
                        visit: (
                            visit.commercial_partner_id,
                            visit._get_expected_amount(),
                        )
                        for visit in visits
                    },
                )
            )
        return checks

    def _has_passed_credit(self, today):
        """The request passed the gate today, or a manager has let it pass."""
        decision = self.ticket_id.sudo().decision_id  # a yes or no only
        if not decision or decision.outcome == "blocked":
            return False
        if decision.trigger == "override":
            return True
        check = decision.credit_check_id
        return (
            check.result in ("allow", "warn")
            and fields.Datetime.context_timestamp(self, check.create_date).date()
            == today
            and not self._get_expected_amount()
        )

    def _get_expected_amount(self):
        """Return what will be charged: hours at the list price if nobody covers."""
        outcome = self._get_cover_facts()[0]
        if outcome in ("covered", "warranty"):
            return 0.0
        return self.duration * self.company_id.service_labour_product_id.lst_price

    def _tell_technician(self):
        partner = self.user_id.partner_id
        if partner and partner != self.env.user.partner_id:
            self.message_subscribe(partner.ids)
            self.message_notify(
                partner_ids=partner.ids,
                subject=self.env._("Visit %(visit)s", visit=self.display_name),
                body=self.env._(
                    "%(customer)s, %(address)s",
                    customer=self.partner_id.display_name,
                    address=self.site_address or "",
                ),
            )

    def action_start(self):
        self.check_access("write")
        for visit in self:
            if visit.state != "planned":
                raise UserError(
                    self.env._("Plan %(visit)s first.", visit=visit.display_name)
                )
        self.write({"state": "started", "started_on": fields.Datetime.now()})
        return True

    def action_draft(self):
        self.check_access("write")
        self.filtered(lambda v: v.state in ("planned", "cancelled")).state = "draft"
        return True

    def action_cancel(self):
        self.check_access("write")
        if any(visit.state == "done" for visit in self):
            raise UserError(self.env._("A confirmed visit cannot be cancelled."))
        self.work_line_ids.filtered(lambda w: w.state == "draft").action_cancel()
        self.state = "cancelled"
        return True

    def action_find_slots(self):
        self.ensure_one()
        wizard = self.env["service.visit.slots"].create({"visit_id": self.id})
        wizard._search_slots()
        return wizard._reopen()

    def action_view_invoices(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.sudo().work_line_ids.invoice_id.ids)],
        }

    def _get_portal_domain(self):
        """What a customer sees: what is agreed with him or was done."""
        return Domain("state", "in", ("planned", "started", "done"))
