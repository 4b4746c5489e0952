from odoo import models


class CrmCreditDocument(models.AbstractModel):
    """Something that goes on only if the credit gate lets it pass."""

    _name = "crm.credit.document"
    _description = "Document Behind the Credit Gate"

    _credit_stage = None  # one of crm.credit.check's stages

    def _get_credit_requests(self):
        """Return ``{document: (account, amount)}`` of those that have to ask.

        The amount is what the document adds to the exposure, in its company's currency.
        """
        raise NotImplementedError

    def _check_credit(self):
        """Return ``{document: decision}``."""
        checks = {}
        requests = self._get_credit_requests()
        documents = self.filtered(lambda document: document in requests)
        for company, asked in documents.grouped("company_id").items():
            gate = self.env["res.partner"].with_company(company)
            part = {document: requests[document] for document in asked}
            checks.update(gate._credit_gate(self._credit_stage, part))
        return checks

    def _go_through_credit_gate(self, method, proceed):
        """Go on with what the gate lets pass; show why the rest was stopped.

        :param method: name of the method to call again after a release
        :param proceed: called with the documents that pass
        """
        if self.env.su and self.env.context.get("bypass_risk"):
            # data loads, and orders that were paid in advance
            return proceed(self)
        checks = self._check_credit()
        # sudo: who asks may know the answer
        blocked = self.filtered(
            lambda document: (
                document in checks and checks[document].sudo().result == "block"
            )
        )
        passing = self - blocked
        result = proceed(passing) if passing else True
        if not blocked:
            return result
        for document in blocked:
            document.message_post(
                body=self.env._(
                    "Stopped by the credit gate: %(reason)s",
                    reason=checks[document].sudo().reason,
                )
            )
        stopped = self.env["crm.credit.check"].union(*(checks[d] for d in blocked))
        return self.env["crm.credit.hold"]._open_for(stopped, method)
