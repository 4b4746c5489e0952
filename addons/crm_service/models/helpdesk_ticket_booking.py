from odoo import models


class HelpdeskTicket(models.Model):
    """A request takes one from the entitlement that pays, and gives it back."""

    _inherit = "helpdesk.ticket"

    def _get_booked_requests(self):
        """Return {entitlement: requests} that are booked for this request now."""
        if not self.decision_id:
            return {}  # just created
        rows = self.env["service.entitlement.move"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("entitlement_kind", "=", "requests"),
                ("kind", "in", ("consume", "return")),
            ],
            ["entitlement_id"],
            ["quantity:sum"],
        )
        return {entitlement: -total for entitlement, total in rows if total < 0}

    def _give_back_requests(self):
        """A cancelled request uses up nothing."""
        for entitlement, quantity in self._get_booked_requests().items():
            entitlement._return(quantity, origin=self)

    def _book_request(self, decision):
        """Take one request from the entitlement that pays, give back another."""
        payer = decision.entitlement_id
        pays = decision.outcome == "covered" and payer.kind == "requests"
        wanted = payer if pays else payer.browse()
        booked = {} if not decision.previous_id else self._get_booked_requests()
        for entitlement, quantity in booked.items():
            if entitlement != wanted:
                entitlement._return(quantity, origin=self)
        if wanted and wanted not in booked:
            wanted._consume(1.0, origin=self)
