from odoo import api, fields, models


class ServiceVisit(models.Model):
    """Which contract pays for a visit, and what of it is covered."""

    _inherit = "service.visit"

    @api.depends("ticket_id.decision_id", "asset_ids", "partner_id")
    def _compute_contract_id(self):
        for visit in self:
            if visit.ticket_id:
                # which contract pays is shown, though not every user may open it
                visit.contract_id = visit.ticket_id.sudo().decision_id.contract_id
            elif not visit.contract_id:
                visit.contract_id = visit.sudo()._find_contract()  # as above

    @api.depends_context("lang")
    @api.depends("ticket_id.decision_id", "contract_id", "asset_ids")
    def _compute_coverage(self):
        for visit in self:
            decision = visit.sudo().ticket_id.decision_id  # one word, for the agenda
            if decision:
                labels = dict(
                    decision._fields["outcome"]._description_selection(self.env)
                )
                outcome = labels[decision.outcome]
                visit.coverage = f"{outcome}. {decision.explanation}"
                continue
            outcome, _payer, contract = visit._get_cover_facts()
            labels = dict(
                self.env["service.decision"]
                ._fields["outcome"]
                ._description_selection(self.env)
            )
            names = [labels[outcome], contract.sudo().display_name]
            visit.coverage = ": ".join(filter(None, names))

    def _find_contract(self):
        """Return the running contract of the customer that owes visits, or any."""
        today = fields.Date.context_today(self)
        found = self.env["service.entitlement"]._find_usable(
            self.partner_id, ["visits", "hours"], today, self.company_id
        )
        products, site = self._get_cover_scope()
        found = found.filtered(
            lambda e: any(e._covers(product, site) for product in products or [None])
        )
        best = found.sorted(lambda e: (e.kind != "visits", e.remaining <= 0, e.id))
        if best:
            return best[0].contract_id
        return self.env["contract.contract"].search(
            [
                (
                    "commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
                ("company_id", "=", self.company_id.id),
                ("contract_type", "=", "sale"),
                ("state", "=", "active"),
                ("service_level_id", "!=", False),
                ("entitlement_ids", "=", False),
            ],
            limit=1,
        )

    def _get_cover_scope(self):
        """Return (products, site) that an entitlement has to cover."""
        return self.asset_ids.product_id, self.site_id

    def _get_visit_entitlement(self):
        """Return the entitlement that pays this visit as a visit, or none."""
        contract = self.contract_id.sudo()  # what is owed, whoever asks
        if not contract:
            return self.env["service.entitlement"]
        date = fields.Date.to_date(self.date_start) or fields.Date.context_today(self)
        products, site = self._get_cover_scope()
        return (
            self.env["service.entitlement"]
            .sudo()  # as above
            ._find_usable(self.partner_id, ["visits"], date, self.company_id)
            .filtered(
                lambda e: (
                    e.contract_id == contract
                    and any(e._covers(product, site) for product in products or [None])
                    and (e.unlimited or e.remaining >= 1)
                )
            )[:1]
        )

    def _get_taken_visit(self):
        """Return the ledger move by which this visit was paid, if it was."""
        moves = self.env["service.entitlement.move"].sudo()  # whoever asks
        return moves.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self._origin.id),
                ("kind", "=", "consume"),
            ],
            limit=1,
        )

    def _get_cover_facts(self):
        """Return (outcome, kind of the payer, contract) for work on this visit."""
        self.ensure_one()
        if self.ticket_id.decision_id:
            return self.ticket_id._get_cover_facts()
        today = fields.Date.context_today(self)
        contract = self.contract_id.sudo()  # as in _get_visit_entitlement
        ends = [asset.warranty_end for asset in self.asset_ids]
        if ends and all(end and end >= today for end in ends):
            return "warranty", None, contract
        if not contract or contract._get_service_state() != "active":
            return "not_covered", None, contract.browse()
        if not contract.entitlement_ids:
            return "covered", None, contract
        if self._get_taken_visit() or self._get_visit_entitlement():
            return "covered", "visits", contract
        kinds = set(contract.entitlement_ids.mapped("kind"))
        if "hours" in kinds:
            return "covered", "hours", contract
        return ("exhausted" if "visits" in kinds else "not_covered"), None, contract
