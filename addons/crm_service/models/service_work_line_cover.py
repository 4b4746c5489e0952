from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import work_coverage as kernel

#: Kind of work -> kind of entitlement that pays for it.
ENTITLEMENT_KINDS = {"hours": "hours", "part": "parts"}


class ServiceWorkLine(models.Model):
    """Who pays for work: asked before, and booked when it is confirmed."""

    _inherit = "service.work.line"

    @api.depends(
        "ticket_id.decision_id",
        "visit_id.contract_id",
        "kind",
        "goodwill",
        "product_id",
    )
    def _compute_cover(self):
        for line in self:
            if line.state != "draft" and line.coverage:
                continue
            cover, contract, _entitlement = line._get_cover()
            line.contract_id = contract
            line.coverage = (
                kernel.GOODWILL
                if line.goodwill
                else kernel.decide(line.kind, line.quantity or 1.0, cover)[0].coverage
            )

    def _get_cover(self):
        """Return (facts for the kernel, contract, entitlement that would pay)."""
        self.ensure_one()
        # What is owed is decided alike for everybody, whatever he may read.
        line = self.sudo()
        origin = line.visit_id or line.ticket_id
        outcome, payer, contract = origin._get_cover_facts()
        entitlement = line._find_entitlement(contract)
        left = None
        if entitlement:
            left = float("inf") if entitlement.unlimited else entitlement.remaining
        return kernel.Cover(outcome, payer, left), contract, entitlement

    def _find_entitlement(self, contract):
        """Return the entitlement of ``contract`` for this kind of work, or none."""
        origin = self.visit_id or self.ticket_id
        entitlements = self.env["service.entitlement"]
        if not contract:
            return entitlements
        found = entitlements._find_usable(
            self.partner_id,
            [ENTITLEMENT_KINDS[self.kind]],
            self.date or fields.Date.context_today(self),
            self.company_id,
        ).filtered(lambda e: e.contract_id == contract)
        products, site = origin._get_cover_scope()
        if self.kind == "part":
            products |= self.product_id
        fitting = found.filtered(
            lambda e: (
                any(e._covers(product, site) for product in products)
                if products
                else e._covers(None, site)
            )
        )
        return fitting.sorted(
            lambda e: (
                not (e.unlimited or e.remaining > 0),
                e.date_end or fields.Date.to_date("9999-12-31"),
                e.id,
            )
        )[:1]

    # -- confirmation --------------------------------------------------------------

    def action_confirm(self):
        """Decide who pays, take it from the entitlement, split what it cannot bear."""
        self.check_access("write")
        lines = self.filtered(lambda line: line.state == "draft")
        created = self.browse()
        for line in lines:
            created |= line._confirm()
        return created

    def _confirm(self):
        """Confirm one line; return it and the part of it that is charged."""
        self.ensure_one()
        if not self.product_id:
            raise UserError(
                self.env._(
                    "Choose a product for %(work)s: it gives price and cost.",
                    work=self.name or self.env._("this work"),
                )
            )
        entitlement = self._get_cover()[2]
        entitlement._lock()
        cover, contract, entitlement = self._get_cover()
        shares = (
            [kernel.Share(kernel.GOODWILL, self.quantity)]
            if self.goodwill
            else kernel.decide(self.kind, self.quantity, cover)
        )
        lines = self
        for _share in shares[1:]:
            lines |= self.copy({"state": "draft"})
        for line, share in zip(lines, shares, strict=True):
            pays = entitlement if share.from_ledger else entitlement.browse()
            # the system writes the outcome: a technician may not book what is owed
            line.sudo().with_context(confirming_work=True).write(
                {
                    "quantity": share.quantity,
                    "coverage": share.coverage,
                    "contract_id": contract.id,
                    "entitlement_id": pays.id,
                    "state": "confirmed",
                }
            )
            if pays:
                pays._consume(share.quantity, origin=line, note=line.name)
        return lines
