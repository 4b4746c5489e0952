from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

LATE = 30  # days after the date in which a missed reminder still makes sense
BATCH = 500


class CrmCareReminder(models.Model):
    """A care date of which the owner was told; keeps reminders from coming twice."""

    _name = "crm.care.reminder"
    _description = "Sent Reminder"
    _log_access = False
    _rec_name = "code"

    code = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Date(required=True, readonly=True)

    _once_uniq = models.Constraint(
        "UNIQUE (code, res_id, partner_id, date)", "A date is reminded of once."
    )

    @api.model
    def _cron_remind(self):
        """Give the owners a task for each date that comes near; safe to repeat."""
        today = fields.Date.context_today(self)
        while due := self._find_due(today):
            self._remind(due)
            if not self.env["ir.cron"]._commit_progress(len(due)):
                break

    @api.model
    def _find_due(self, today):
        """Care dates whose notice begins and of which nobody was told."""
        dates = self.env["crm.care.date"]
        query = dates._search(
            [
                ("is_reminded", "=", True),
                ("user_id", "!=", False),
                ("date", ">=", today - relativedelta(days=LATE)),
                ("notice_date", "<=", today),
            ],
            order="date, id",
            limit=BATCH,
        )
        query.add_where(
            SQL(
                "NOT EXISTS (SELECT FROM crm_care_reminder r WHERE r.code = %s"
                " AND r.res_id = %s AND r.partner_id = %s AND r.date = %s)",
                *(
                    dates._field_to_sql(query.table, name, query)
                    for name in ("code", "res_id", "partner_id", "date")
                ),
            )
        )
        self.flush_model()
        return dates.browse(query)

    @api.model
    def _remind(self, dates):
        self.create(
            [
                {
                    "code": date.code,
                    "res_id": date.res_id,
                    "partner_id": date.partner_id.id,
                    "date": date.date,
                }
                for date in dates
            ]
        )
        for date in dates:
            date.partner_id.activity_schedule(
                "crm_marketing.activity_care",
                date_deadline=max(date.date, fields.Date.context_today(self)),
                summary=self.env._(
                    "%(kind)s: %(name)s", kind=date.kind_id.name, name=date.title
                ),
                note=date.kind_id.advice,
                user_id=date.user_id.id,
            )
