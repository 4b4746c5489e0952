from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

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
        contracts = self.env["contract.contract"].search_fetch(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("contract_type", "=", "sale"),
            ],
            ["commercial_partner_id", "company_id", "name", "date_end"],
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
            credit_hold=credit["hold"],
        )

    def _register_decisions(self, trigger):
        """Check these requests and store what was found, in this transaction."""
        if not self:
            return self.env["service.decision"]
        # The check reads contracts and receivables that the creator of the request
        # (an agent, a portal user, the mail gateway) may not read.
        tickets = self.sudo().with_context(lang=None)
        contracts = tickets._get_contracts()
        credits = tickets.commercial_partner_id._get_service_credits(tickets.company_id)
        vals_list = [
            ticket._prepare_decision(
                trigger,
                ticket._get_request_contracts(contracts),
                credits.get((ticket.commercial_partner_id, ticket.company_id)),
            )
            for ticket in tickets
        ]
        decisions = self.env["service.decision"].sudo().create(vals_list)  # as above
        for ticket, decision in zip(tickets, decisions, strict=True):
            ticket.with_context(tracking_disable=True).write(
                {
                    "decision_id": decision.id,
                    "service_level_id": decision.level_id.id,
                }
            )
        return decisions

    def _prepare_decision(self, trigger, contracts, credit):
        credit = credit or self.env["res.partner"]._get_no_credit()
        entitlements = contracts._get_service_entitlements(self)
        facts = self._prepare_facts(contracts, entitlements.values(), credit)
        verdict = kernel.decide(facts)
        contract, line, entitlement_vals = contracts._get_payer_values(verdict)
        level = (
            contract.service_level_id
            or self.team_id.service_level_id
            or self.company_id.service_level_id
        )
        response, resolution = level._get_promise(self.kind, self.priority)
        return {
            "ticket_id": self.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "trigger": trigger,
            "outcome": verdict.outcome,
            "rule": verdict.rule,
            "partner_id": self.partner_id.id,
            "asset_id": self.asset_id.id,
            "kind": self.kind,
            "priority": self.priority,
            "warranty_until": facts.warranty_until,
            "contract_id": contract.id,
            "contract_line_id": line.id,
            "credit_hold": credit["hold"],
            "credit_exposure": credit["exposure"],
            "credit_limit": credit["limit"],
            "currency_id": credit["currency"].id or self.company_id.currency_id.id,
            "level_id": level.id,
            "response_hours": response,
            "resolution_hours": resolution,
            "previous_id": self.decision_id.id,
            "documents": self._prepare_documents(contract, credit),
            **entitlement_vals,
        }

    def _prepare_documents(self, contract, credit):
        """Return what the decision rests on, for the list behind "Details"."""
        _ = self.env._
        documents = [
            {
                "label": label,
                "model": record._name,
                "id": record.id,
                "name": record.display_name,
            }
            for label, record in (
                (_("Installed product"), self.asset_id),
                (_("Contract"), contract),
            )
            if record
        ]
        return documents + [
            {
                "label": _("Open invoice"),
                "model": "account.move",
                "id": move_id,
                "name": name,
                "detail": detail,
            }
            for move_id, name, detail in credit["invoices"]
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


class ContractContract(models.Model):
    """What the check asks of contracts."""

    _inherit = "contract.contract"

    def _get_service_state(self):
        """Return ``active``, ``suspended`` or ``ended`` as of today."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return "ended" if self.date_end and self.date_end < today else "active"

    def _get_service_entitlements(self, ticket):
        """Return {key: kernel entitlement} of what these contracts owe ``ticket``.

        A running contract with a service level and no counted quantities covers its
        requests without limit.
        """
        return {
            contract: kernel.Entitlement(contract, None, contract.date_end or None)
            for contract in self
            if contract.service_level_id and contract._get_service_state() == "active"
        }

    def _get_payer_values(self, verdict):
        """Return (contract, contract line, more values) for the decision."""
        contract, line = self.browse(), self.env["contract.line"]
        if verdict.payer:
            contract = verdict.payer
        elif verdict.rule in ("suspended", "ended"):
            contract = self.filtered(lambda c: c._get_service_state() == verdict.rule)
        return (
            contract[:1],
            line,
            {
                "remainder": verdict.remainder or 0.0,
                "unlimited": bool(verdict.payer) and verdict.remainder is None,
                "entitlement_name": self.env._("Service") if verdict.payer else False,
            },
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_no_credit(self):
        return {
            "hold": False,
            "exposure": 0.0,
            "limit": 0.0,
            "currency": self.env["res.currency"],
            "invoices": [],
        }

    def _get_service_credits(self, companies):
        """Return {(partner, company): credit} for partners that have any limit.

        The definition of exposure and of "exceeded" is that of
        account_financial_risk; nothing is computed for customers without a limit.
        """
        result = {}
        for company in companies:
            # Receivables and limits are finance's; the answer goes into a decision.
            partners = (
                self.sudo()
                .with_company(company)
                .with_context(allowed_company_ids=company.ids)
            )
            for partner in partners.filtered(lambda p: p._has_credit_limit()):
                result[partner, company] = partner._get_service_credit(company)
        return result

    def _has_credit_limit(self):
        limits = [row[1] for row in self._risk_field_list()]
        return bool(self.credit_limit) or any(self[limit] for limit in limits)

    def _get_service_credit(self, company):
        self.ensure_one()
        currency = self.risk_currency_id or company.currency_id
        return {
            "hold": self.risk_exception,
            "exposure": self.risk_total,
            "limit": self.credit_limit,
            "currency": currency,
            "invoices": self._get_open_invoices(company),
        }

    def _get_open_invoices(self, company, limit=20):
        """Return [(invoice id, number, what is open and since when)], oldest first."""
        lines = self.env["account.move.line"].search(
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "=", company.id)
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
