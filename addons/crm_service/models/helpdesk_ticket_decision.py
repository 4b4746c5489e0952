from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.crm_credit.models.append_rows import append_rows

from ..tools import decision as kernel


class HelpdeskTicket(models.Model):
    """The check at registration: facts from the ERP, verdict from the kernel."""

    _inherit = "helpdesk.ticket"

    decision_ids = fields.One2many("service.decision", "ticket_id", "Decisions")
    decision_id = fields.Many2one(
        "service.decision", "Current decision", readonly=True, copy=False
    )
    decision_count = fields.Integer(compute="_compute_decision_count")
    service_outcome = fields.Selection(
        related="decision_id.outcome", string="Coverage", store=True, index=True
    )

    def _compute_decision_count(self):
        counts = dict(
            self.env["service.decision"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.decision_count = counts.get(ticket, 0)

    # -- facts -------------------------------------------------------------------

    def _get_contracts(self):
        """Return {commercial partner: its sales contracts} of these requests."""
        contracts = self.env["contract.contract"]._fetch_for_requests(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("contract_type", "=", "sale"),
            ]
        )
        return contracts.grouped("commercial_partner_id")

    def _get_request_contracts(self, contracts):
        """Return the contracts that could pay: the one chosen, else all that fit."""
        mine = contracts.get(self.commercial_partner_id, self.env["contract.contract"])
        mine = mine.filtered(lambda contract: contract.company_id == self.company_id)
        return mine & self.contract_id if self.contract_id else mine

    def _get_needed(self):
        """Return the units that must be left for a request; any rest is enough."""
        return 0.0

    def _prepare_facts(self, contracts, entitlements, credit):
        self.ensure_one()
        states = {contract._get_service_state() for contract in contracts}
        asset = self.asset_id
        return kernel.Facts(
            today=fields.Date.context_today(self),
            kind=self.kind,
            customer=bool(self.partner_id),
            warranty_until=asset.warranty_end or None,
            entitlements=tuple(entitlements),
            needed=self._get_needed(),
            suspended="suspended" in states,
            ended="ended" in states,
            credit_hold=credit.result == "block",
        )

    def _register_decisions(self, trigger):
        """Check these requests and store what was found, in this transaction."""
        if not self:
            return self.env["service.decision"]
        # The check reads contracts and receivables that the creator of the request
        # (an agent, a portal user, the mail gateway) may not read.
        tickets = self.sudo().with_context(lang=None)
        contracts = tickets._get_contracts()
        credits = tickets._check_credit(new=trigger == "registered")
        vals_list = [
            ticket._prepare_decision(
                trigger,
                ticket._get_request_contracts(contracts),
                credits.get(ticket, self.env["crm.credit.check"]),
            )
            for ticket in tickets
        ]
        decisions = append_rows(
            self.env["service.decision"].sudo(),  # as above
            vals_list,
            ["ticket_id"],
        )
        for ticket, decision in zip(tickets, decisions, strict=True):
            ticket._book_request(decision)
            ticket.with_context(tracking_disable=True).write(
                {
                    "decision_id": decision.id,
                    "service_level_id": decision.level_id.id,
                }
            )
        return decisions

    def _check_credit(self, new=False):
        """Return {request: crm.credit.check}: the shared gate, company by company."""
        checks = {}
        known = self.filtered("partner_id")
        for company, tickets in known.grouped("company_id").items():
            checks |= (
                self.env["res.partner"]
                .with_company(company)
                ._credit_gate(
                    "service",
                    {ticket: (ticket.commercial_partner_id, 0.0) for ticket in tickets},
                    new=new,
                )
            )
        return checks

    def _prepare_decision(self, trigger, contracts, credit):
        entitlements = contracts._get_service_entitlements(self)
        facts = self._prepare_facts(contracts, entitlements.values(), credit)
        verdict = kernel.decide(facts)
        contract, payer_vals = contracts._get_payer_values(verdict)
        level = self._choose_level(contract if verdict.payer else contract.browse())
        response, resolution = level._get_promise(self.kind, self.priority)
        return {
            "ticket_id": self.id,
            "company_id": self.company_id.id,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "trigger": trigger,
            "outcome": verdict.outcome,
            "rule": verdict.rule,
            "partner_id": self.partner_id.id,
            "asset_id": self.asset_id.id,
            "kind": self.kind,
            "priority": self.priority,
            "warranty_until": facts.warranty_until or None,
            "unlimited": False,
            "remainder": 0.0,
            "contract_id": contract.id,
            "credit_check_id": credit.id,
            "level_id": level.id,
            "response_hours": response,
            "resolution_hours": resolution,
            "previous_id": self.decision_id.id,
            "documents": self._prepare_documents(contract, credit),
            **payer_vals,
        }

    def _prepare_documents(self, contract, credit):
        """Return what the decision rests on, for the list behind "Details"."""
        documents = [
            {
                "label": label,
                "model": record._name,
                "id": record.id,
                "name": name,
            }
            for label, record, name in (
                (
                    self.env._("Installed product"),
                    self.asset_id,
                    self.asset_id.display_name,
                ),
                (self.env._("Contract"), contract, contract.display_name),
                (self.env._("Credit decision"), credit, credit.partner_id.name),
            )
            if record
        ]
        return documents + [
            {
                "label": self.env._("Open invoice"),
                "model": "account.move",
                "id": move_id,
                "name": name,
                "detail": detail,
            }
            for move_id, name, detail in self._get_open_invoices(credit)
        ]

    def _get_open_invoices(self, credit, limit=20):
        """Return [(invoice id, number, what is open and since when)], oldest first.

        Looked up only where credit blocks: there they are the reason.
        """
        if credit.result != "block":
            return []
        lines = self.env["account.move.line"].search(
            Domain("move_id.commercial_partner_id", "=", credit.partner_id.id)
            & Domain("company_id", "=", credit.company_id.id)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False),
            order="date_maturity, id",
            limit=limit,
        )
        return [
            (
                line.move_id.id,
                line.move_id.name,
                f"{line.company_currency_id.format(line.amount_residual)}, "
                f"{line.date_maturity or line.date}",
            )
            for line in lines
        ]

    # -- actions -----------------------------------------------------------------

    def action_check_again(self):
        self.check_access("write")
        self._register_decisions("checked")
        self._retarget_clocks(self.env._("Checked again"))
        return True

    def action_override_decision(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override the decision"),
            "res_model": "service.decision.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def action_view_decisions(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decisions"),
            "res_model": "service.decision",
            "view_mode": "list,form",
            "domain": [("ticket_id", "=", self.id)],
        }

    def _override_decision(self, outcome, reason):
        """Store a manager's decision in place of the computed one."""
        self.ensure_one()
        if not self.env.user.has_group("crm_service.group_service_manager"):
            raise AccessError(
                self.env._("Only a service manager can override a decision.")
            )
        self.check_access("write")
        old = self.decision_id.sudo()  # copied as a whole; managers may read all
        [vals] = old.copy_data(
            {
                "trigger": "override",
                "rule": "manager",
                "outcome": outcome,
                "override_reason": reason,
                "previous_id": old.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
            }
        )
        decision = self.env["service.decision"].sudo().create(vals)  # agents read only
        self.decision_id = decision
        self.sudo()._book_request(decision)  # the ledger is booked by the system
        labels = dict(decision._fields["outcome"]._description_selection(self.env))
        self._message_log(
            body=self.env._(
                "Decision overridden: %(old)s became %(new)s. Reason: %(reason)s",
                old=labels[old.outcome],
                new=labels[outcome],
                reason=reason,
            )
        )
        return decision
