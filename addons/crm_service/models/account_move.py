from psycopg2.errors import OperationalError

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post_contract_invoices(self):
        """Post new contract invoices where the company wants it.

        Those over the credit limit, and those that cannot be posted, stay drafts with
        an activity; the others are posted all the same.
        """
        for company, moves in self.grouped("company_id").items():
            if company.service_contract_post:
                ignore = company.service_contract_credit == "ignore"
                moves.with_context(bypass_risk=ignore)._post_checked()

    def _post_checked(self):
        by_partner = self.grouped("commercial_partner_id")
        first_of_each = self.browse().concat(*(m[:1] for m in by_partner.values()))
        first_of_each._post_or_explain()
        for move in self - first_of_each:
            move._post_or_explain()  # the one before counts for its credit

    def _post_or_explain(self):
        held = {
            move: message for move in self if (message := move._get_credit_objection())
        }
        for move, message in held.items():
            move._explain_draft(message)
        free = self - self.browse().concat(*held)
        if not free:
            return
        try:
            with self.env.cr.savepoint():
                free._post(soft=False)
        except OperationalError:
            raise
        except Exception as error:  # one bad invoice: post the others, one by one
            if len(free) > 1:
                for move in free:
                    move._post_or_explain()
            else:
                free._explain_draft(str(error))

    def _get_credit_objection(self):
        """What the risk figures say against posting; nothing without a credit limit."""
        self.ensure_one()
        limit = self.commercial_partner_id.sudo().credit_limit  # for finance's eyes
        if self.env.context.get("bypass_risk") or self.move_type != "out_invoice":
            return ""
        return self.risk_exception_msg() if limit else ""

    def _explain_draft(self, reason):
        """Leave the invoice as a draft and tell who has to look at it."""
        self.ensure_one()
        user = self.invoice_line_ids.contract_line_id.contract_id.user_id[:1]
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Contract invoice not posted"),
            note=reason,
            user_id=(user or self.env.user).id,
        )
