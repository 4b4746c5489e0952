from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date, groupby


class ServiceMaintenanceDue(models.Model):
    """One due date of one product: what was made of it, or why not. Never twice."""

    _name = "service.maintenance.due"
    _description = "Preventive Service"
    _order = "date desc, id desc"
    _rec_name = "asset_id"

    line_id = fields.Many2one(
        "service.maintenance.line",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    plan_id = fields.Many2one(related="line_id.plan_id", store=True, index=True)
    asset_id = fields.Many2one(related="line_id.asset_id", store=True, index=True)
    partner_id = fields.Many2one(related="line_id.partner_id", store=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    date = fields.Date("Due on", required=True, readonly=True, index=True)
    by_counter = fields.Boolean("Because of the counter", readonly=True)
    visit_id = fields.Many2one("service.visit", readonly=True, index="btree_not_null")
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Request", readonly=True, index="btree_not_null"
    )
    skipped = fields.Char("Why not made", readonly=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("skipped", "Skipped"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    done_on = fields.Date(compute="_compute_state", store=True)

    _once = models.Constraint(
        "UNIQUE (line_id, date)", "This due date has been settled already."
    )

    @api.depends(
        "skipped",
        "visit_id.state",
        "visit_id.confirmed_on",
        "ticket_id.stage_id",
        "ticket_id.closed_date",
    )
    def _compute_state(self):
        for due in self:
            due.state, done = due._get_state()
            due.done_on = (
                fields.Datetime.context_timestamp(due, done).date() if done else False
            )

    def _get_state(self):
        """Return (state, when it was done) from the visit or request behind it."""
        if self.skipped:
            return "skipped", None
        visit, ticket = self.visit_id, self.ticket_id
        if visit.state == "done":
            return "done", visit.confirmed_on or visit.date_end
        if visit.state == "cancelled":
            return "cancelled", None
        if ticket and ticket.stage_id.closed:
            void = ticket.stage_id.service_void
            return ("cancelled", None) if void else ("done", ticket.closed_date)
        return "open", None

    def action_open(self):
        """Open the visit or request."""
        self.ensure_one()
        record = self.visit_id or self.ticket_id or self.plan_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
        }

    def action_make_again(self):
        """Make it after all: it was skipped or its visit cancelled."""
        self.check_access("write")
        for due in self.filtered(lambda d: d.state in ("cancelled", "skipped")):
            due = due.sudo()  # kept by the system
            due.write({"skipped": False, "visit_id": False, "ticket_id": False})
            due.plan_id._make_jobs([due])
        return True

    @api.model
    def _drop_pointless(self, today):
        """Cancel what was made ahead and is no longer owed.

        The contract ended or the product is gone. A visit already agreed with the
        customer is asked about instead.
        """
        ahead = self.search(
            [
                ("state", "=", "open"),
                ("visit_id", "!=", False),
                ("date", ">", today),
                "|",
                ("line_id.is_running", "=", False),
                ("plan_id.contract_id", "!=", False),
            ]
        ).filtered(
            lambda due: not due.line_id.is_running or not due.plan_id._owes_on(due.date)
        )
        for visit, dues in ahead.grouped("visit_id").items():
            if visit.maintenance_due_ids != dues:
                continue  # other products are still to be served
            if visit.state == "draft":
                visit.action_cancel()
            elif not visit.activity_ids.filtered("automated"):
                visit.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=visit.env._("No longer owed: cancel it or charge it?"),
                    user_id=dues.plan_id[:1].user_id.id or self.env.uid,
                )


class ServiceMaintenancePlan(models.Model):
    _inherit = "service.maintenance.plan"

    def _make_jobs(self, dues):
        """Make one visit or request for each site and day; return the due records."""
        self.ensure_one()
        everything = self.env["service.maintenance.due"].sudo().union(*dues)
        site_of = {
            due: due.asset_id.site_id or due.asset_id.partner_id for due in everything
        }
        for (site, day), group in groupby(dues, lambda d: (site_of[d], d.date)):
            due = everything.browse().union(*group)
            if self.creates == "visit":
                due.visit_id = self.env["service.visit"].create(
                    self._prepare_visit(site, day, due.asset_id)
                )
            else:
                due.ticket_id = self.env["helpdesk.ticket"].create(
                    self._prepare_ticket(site, day, due.asset_id)
                )
        return everything

    def _prepare_visit(self, site, day, assets):
        template = self.template_id
        return {
            "summary": self.name,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "site_id": site.id,
            "asset_ids": [Command.set(assets.ids)],
            "contract_id": self.contract_id.id,
            "template_id": template.id,
            "duration": (template.duration or 1.0) * len(assets),
            "skill_ids": [Command.set(template.skill_ids.ids)],
            # anywhere between now and the week after the due date
            "window_end": fields.Datetime.add(fields.Datetime.to_datetime(day), days=8),
        }

    def _prepare_ticket(self, site, day, assets):
        date = format_date(self.env, day)
        return {
            "name": self.env._("%(plan)s, due %(date)s", plan=self.name, date=date),
            "description": self.note or self.name,
            "kind": "visit",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "asset_id": assets[:1].id,
            "contract_id": self.contract_id.id,
            "team_id": self.team_id.id,
            "user_id": False,
        }


class ServiceVisit(models.Model):
    _inherit = "service.visit"

    maintenance_due_ids = fields.One2many(
        "service.maintenance.due", "visit_id", "Preventive services"
    )
    reading_ids = fields.One2many("service.asset.reading", "visit_id", "Readings")
