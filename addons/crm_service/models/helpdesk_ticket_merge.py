"""One matter, several requests: what belongs together becomes one."""

from odoo import models
from odoo.exceptions import UserError

#: What hangs on a request and goes along: model, field. A complaint stays where its
#: numbers and terms are; decision and clocks stay as the record of what was promised.
FOLLOWING = (
    ("service.visit", "ticket_id"),
    ("service.return", "ticket_id"),
    ("service.call", "ticket_id"),
    ("service.work.line", "ticket_id"),
    ("sale.order", "service_ticket_id"),
    ("crm.lead", "service_ticket_id"),
)


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _merge_into(self, kept):
        """Move everything of these requests to ``kept`` and close them as duplicates.

        The oldest answer counts as the first. Clocks of the duplicates become void, and
        requests they took from an entitlement are given back.

        :raise UserError: when they cannot be one
        """
        doubles = self - kept
        doubles._check_mergeable(kept)
        (doubles | kept).check_access("write")
        for double in doubles:
            double.sudo().message_change_thread(kept)  # all of it, also what is hidden
        doubles._move_what_follows(kept)
        answers = (doubles | kept).filtered("first_response_date")
        if answers:
            kept._merge_answer(min(answers.mapped("first_response_date")))
        kept.message_subscribe(doubles.message_partner_ids.ids)
        stage = self._get_duplicate_stage()
        doubles.write({"duplicate_id": kept.id, "stage_id": stage.id})
        for double in doubles:
            double._message_log(
                body=self.env._("Merged into %(request)s.", request=kept.number)
            )
        kept._message_log(
            body=self.env._(
                "%(requests)s: merged into this request.",
                requests=", ".join(
                    f"{double.number} {double.name}" for double in doubles
                ),
            )
        )
        return kept

    def _check_mergeable(self, kept):
        if not self:
            raise UserError(self.env._("Choose two requests or more."))
        every = self | kept
        if len(every.commercial_partner_id) > 1 or not all(
            ticket.commercial_partner_id for ticket in every
        ):
            raise UserError(
                self.env._("Only requests of one customer can be merged: they see it.")
            )
        if len(every.company_id) > 1:
            raise UserError(self.env._("These requests belong to several companies."))
        if kept.closed:
            raise UserError(
                self.env._(
                    "%(request)s is closed. Keep one that is open.", request=kept.number
                )
            )

    def _get_duplicate_stage(self):
        """Return the stage for duplicates: the company's, else a void one."""
        stage = self.env.company.helpdesk_mgmt_duplicate_ticket_stage_id
        if stage.closed and stage.service_void:
            return stage
        return self.env["helpdesk.ticket.stage"].search(
            [("closed", "=", True), ("service_void", "=", True)], limit=1
        )

    def _move_what_follows(self, kept):
        for model, field in FOLLOWING:
            # who may change the requests moves what hangs on them
            records = self.env[model].sudo().with_context(active_test=False)
            records.search([(field, "in", self.ids)]).with_context(
                confirming_work=True
            ).write({field: kept.id})
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).write({"res_id": kept.id})
        self.activity_ids.write({"res_id": kept.id})
        kept.article_ids |= self.article_ids

    def _merge_answer(self, moment):
        """The customer was answered once, in whichever of the requests."""
        self.ensure_one()
        if self.first_response_date != moment:
            self.first_response_date = moment
        clocks = self.sudo().clock_ids  # agents read clocks only
        clocks.filtered(lambda clock: clock.kind == "response")._stop(
            at=max(moment, self.create_date)
        )
