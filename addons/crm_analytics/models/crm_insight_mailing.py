import base64
import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import workbook_pipeline

_logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUPS = {
    "customer_value": "crm_analytics.group_analyst",
    "pipeline": "sales_team.group_sale_salesman",
}
STEPS = {
    "daily": relativedelta(days=1),
    "weekly": relativedelta(weeks=1),
    "monthly": relativedelta(months=1),
}


class CrmInsightMailing(models.Model):
    """A workbook that goes out by itself; each recipient gets what they may see."""

    _name = "crm.insight.mailing"
    _description = "Scheduled Workbook"
    _inherit = ["mail.thread"]
    _order = "next_date, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    workbook = fields.Selection(
        [
            ("customer_value", "Customer Value"),
            ("pipeline", "Pipeline and Forecast"),
            ("contracts", "Service Contracts"),
        ],
        required=True,
        default="customer_value",
    )
    user_ids = fields.Many2many("res.users", string="Recipients", required=True)
    interval = fields.Selection(
        [("daily", "Every Day"), ("weekly", "Every Week"), ("monthly", "Every Month")],
        required=True,
        default="weekly",
    )
    next_date = fields.Date("Next On", required=True, default=fields.Date.context_today)
    last_date = fields.Date("Last Sent On", readonly=True, copy=False)
    failure = fields.Text(
        "Not Sent",
        readonly=True,
        copy=False,
        help="Who got no workbook the last time, and why. They are tried again the"
        " next time.",
    )

    @api.constrains("user_ids", "workbook", "company_id")
    def _check_recipients(self):
        for mailing in self:
            group = self._get_groups().get(mailing.workbook)
            if not group:
                raise UserError(
                    self.env._("There are no service contracts: install B2B Service.")
                )
            for user in mailing.user_ids:
                mailing._check_recipient(user, group)

    def _check_recipient(self, user, group):
        """Refuse who could not get the workbook; rights may be lost later, too."""
        if not user.has_group(group):
            raise UserError(
                self.env._(
                    "%(user)s may not see the workbook %(workbook)s.",
                    user=user.name,
                    workbook=self.name,
                )
            )
        if self.company_id not in user.company_ids:
            raise UserError(
                self.env._(
                    "%(user)s does not work for %(company)s, whose workbook this is.",
                    user=user.name,
                    company=self.company_id.name,
                )
            )
        if not user.email:
            raise UserError(
                self.env._("%(user)s has no email address.", user=user.name)
            )

    @api.model
    def _get_groups(self):
        """Who may get which workbook; another addon adds its own."""
        groups = dict(GROUPS)
        if self.env["crm.contract.workbook"]._is_installed():
            groups["contracts"] = "crm_service.group_service_manager"
        return groups

    @api.model
    def _cron_send(self):
        """Send what is due; one mailing that fails leaves the others alone."""
        today = fields.Date.context_today(self)
        due = self.search([("next_date", "<=", today)])
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for mailing in due:
            try:
                with self.env.cr.savepoint():
                    mailing._send(today)
            except Exception:
                _logger.exception("Scheduled workbook %s was not sent", mailing.id)
                mailing._plan_next(today)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _send(self, today):
        """Mail the workbook, and plan the next time after today."""
        self.ensure_one()
        self._send_to_all(today)
        self._plan_next(today)

    def _plan_next(self, today):
        date = self.next_date
        while date <= today:
            date += STEPS[self.interval]
        self.next_date = date

    def _send_to_all(self, today):
        """Mail it to each recipient by itself, and tell of those who got nothing.

        :return: the users who got it
        """
        self.ensure_one()
        own = self.with_context(lang=self.create_uid.lang)
        failures, served = [], self.env["res.users"]
        for user in self.user_ids.filtered("active"):
            try:
                with self.env.cr.savepoint():
                    own._check_recipient(user, self._get_groups().get(self.workbook))
                    self._send_to(user, today)
            except Exception as error:
                _logger.info("Workbook %s not sent to %s: %s", self.id, user.id, error)
                failures.append(own._get_failure_words(user, error))
            else:
                served |= user
        self.failure = "\n".join(failures)
        if served:
            self.last_date = today
        if failures:
            own._tell_failures()
        return served

    def _get_failure_words(self, user, error):
        """Who got nothing and why; of an error without words only its kind."""
        why = f"{type(error).__name__}: {error}"
        return self.env._(
            "Not sent to %(user)s: %(why)s",
            user=user.name,
            why=str(error) if isinstance(error, UserError) else why,
        )

    def _tell_failures(self):
        """Tell who follows the mailing; who set it up follows it."""
        retry = self.env._("It is tried again the next time.")
        self.message_post(
            body=self.failure + "\n" + retry, subtype_xmlid="mail.mt_comment"
        )

    def _send_to(self, user, today):
        own = self.with_user(user).with_company(self.company_id)
        own = own.with_context(lang=user.lang)
        with own._get_book() as book:
            content = book.read()
        name = f"{self.workbook}_{today}.xlsx"
        mail = self.env["mail.mail"].create(
            {
                "subject": own.env._("%(name)s, %(date)s", name=self.name, date=today),
                "body_html": own.env._(
                    "The workbook of %(company)s is attached.",
                    company=self.company_id.name,
                ),
                "email_to": user.email_formatted,
                "auto_delete": True,
                "attachment_ids": [
                    fields.Command.create(
                        {
                            "name": name,
                            "datas": base64.b64encode(content),
                            "mimetype": XLSX,
                        }
                    )
                ],
            }
        )
        mail.send(raise_exception=True)

    def _get_book(self):
        """The open file of the workbook with what the user may see."""
        if self.workbook == "contracts":
            return self.env["crm.contract.workbook"]._get_workbook(self.company_id)
        if self.workbook == "pipeline":
            return self.env["crm.lead"]._get_pipeline_workbook(self.company_id)
        return self.env["crm.customer.value"]._get_workbook(self.company_id)

    def action_send(self):
        """Send it now, besides its schedule."""
        today = fields.Date.context_today(self)
        sent = sum(len(mailing._send_to_all(today)) for mailing in self)
        failures = "\n".join(self.filtered("failure").mapped("failure"))
        message = self.env._("Sent to %(count)s recipients.", count=sent)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": f"{message}\n{failures}" if failures else message,
                "type": "warning" if failures else "success",
                "sticky": bool(failures),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_pipeline_workbook(self, company):
        """Open file with the open deals and forecasts that the user may see."""
        self.check_access("read")
        today = fields.Date.context_today(self)
        deals = self.search(
            [
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("company_id", "in", (company.id, False)),
            ],
            order="expected_revenue desc, id",
        )
        return workbook_pipeline.pipeline(
            deals._get_pipeline_rows(today),
            self._get_accuracy_rows(company),
            company.name,
            today,
            self.env["crm.workbook.words"]._translate(workbook_pipeline.LABELS),
        )

    def _get_pipeline_rows(self, today):
        categories = dict(
            self._fields["forecast_category"]._description_selection(self.env)
        )
        for deal in self:
            yield workbook_pipeline.Deal(
                deal.name,
                deal.partner_id.commercial_partner_id.display_name or None,
                deal.user_id.name or None,
                deal.team_id.name or None,
                deal.stage_id.name or "",
                categories.get(deal.forecast_category),
                deal.date_deadline or None,
                (today - deal.create_date.date()).days,
                deal.expected_revenue,
                deal.probability / 100,
            )

    @api.model
    def _get_accuracy_rows(self, company):
        if not self.env["crm.forecast.accuracy"].has_access("read"):
            return []
        rows = self.env["crm.forecast.accuracy"]._read_group(
            [("company_id", "=", company.id), ("complete", "=", True)],
            ["month:month", "horizon"],
            ["forecast:sum", "ordered:sum"],
            order="month:month desc, horizon",
        )
        return [workbook_pipeline.Accuracy(*row) for row in rows]
