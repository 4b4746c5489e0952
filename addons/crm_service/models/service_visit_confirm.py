from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class ServiceVisit(models.Model):
    """Confirmation: what was done updates request, entitlement and invoice."""

    _inherit = "service.visit"

    def action_confirm(self):
        self.check_access("write")
        for visit in self:
            visit._check_confirmable()
            visit._take_visit()
            visit.work_line_ids.action_confirm()
            visit._create_draft_invoice()
            visit.write(
                {
                    "state": "done",
                    "confirmed_on": fields.Datetime.now(),
                    "started_on": visit.started_on or visit.date_start,
                }
            )
            visit._update_ticket()
        # the report is printed and mailed behind the technician's back
        self.env.ref("crm_service.ir_cron_visit_report")._trigger()
        return True

    def _check_confirmable(self):
        self.ensure_one()
        if self.state not in ("planned", "started"):
            raise UserError(
                self.env._("Plan %(visit)s first.", visit=self.display_name)
            )
        open_checks = self.checklist_ids.filtered(lambda c: c.mandatory and not c.done)
        if open_checks:
            raise UserError(
                self.env._(
                    "Still to be checked: %(checks)s.",
                    checks=", ".join(open_checks.mapped("name")),
                )
            )
        if is_html_empty(self.report):
            raise UserError(
                self.env._("Write what was done; the customer reads it in the report.")
            )
        if not self.signature and not self.unsigned_reason:
            raise UserError(
                self.env._("Let the customer sign, or write why there is no signature.")
            )

    def _take_visit(self):
        """Take one visit from the entitlement that pays by visits."""
        outcome, payer, _contract = self._get_cover_facts()
        if outcome != "covered" or payer != "visits" or self._get_taken_visit():
            return
        entitlement = self._get_visit_entitlement()
        if entitlement:
            entitlement._consume(1.0, origin=self, note=self.summary)

    def _create_draft_invoice(self):
        """Prepare the invoice for what is not covered."""
        moves = self.work_line_ids._create_invoices()
        if moves:
            self._message_log(
                body=self.env._(
                    "Draft invoice of %(lines)s line(s) prepared.",
                    lines=len(
                        self.work_line_ids.filtered(
                            lambda w: w.invoice_status == "invoiced"
                        )
                    ),
                )
            )

    def _update_ticket(self):
        """Tell the request what was done, and close it if that solved it."""
        # the technician's right ends at his visits, the request may be an agent's
        ticket = self.ticket_id.sudo()
        if not ticket:
            return
        ticket.message_post(
            body=Markup("<p>%s</p>%s")
            % (
                self.env._(
                    "Visit %(visit)s by %(technician)s",
                    visit=self.name,
                    technician=self.employee_id.name,
                ),
                self.report,
            ),
            author_id=self.env.user.partner_id.id,
        )
        if is_html_empty(ticket.resolution):
            ticket.resolution = self.report
        stage = ticket.team_id._get_applicable_stages() if ticket.team_id else None
        if stage is None:
            stage = self.env["helpdesk.ticket.stage"].sudo().search([])  # as above  # pylint: disable=no-search-all
        done = stage.filtered(lambda s: s.closed and not s.service_void)[:1]
        if self.solved and not ticket.closed and done:
            ticket.stage_id = done

    # -- report ------------------------------------------------------------------------

    def action_send_report(self):
        """Mail the report now."""
        self.check_access("read")
        template = self.env.ref("crm_service.mail_template_visit_report")
        for visit in self:
            if not visit.partner_id.email:
                raise UserError(
                    self.env._(
                        "%(customer)s has no e-mail address.",
                        customer=visit.partner_id.display_name,
                    )
                )
            template.send_mail(visit.id)
        self.sudo().report_sent = True  # kept by the system
        return True

    @api.model
    def _cron_send_reports(self):
        """Mail the report of each confirmed visit, once."""
        commit = self.env["ir.cron"]._commit_progress
        visits = self.search(
            [
                ("state", "=", "done"),
                ("report_sent", "=", False),
                ("partner_id.email", "!=", False),
            ],
            order="confirmed_on",
        )
        commit(remaining=len(visits))
        for visit in visits:
            locked = visit.try_lock_for_update()
            if locked and not locked.report_sent:
                locked.action_send_report()
            if not commit(1):
                break

    def _get_report_base_filename(self):
        """Name of the file in the portal."""
        self.ensure_one()
        return self.env._("Service report %(visit)s", visit=self.name)
