from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmVisitReport(models.Model):
    """A visit from planning to report; agreed next steps become activities."""

    _name = "crm.visit.report"
    _description = "Visit report"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Account",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        domain="[('is_company', '=', True)]",
    )
    attendee_ids = fields.Many2many(
        "res.partner",
        "crm_visit_report_attendee_rel",
        string="Customer's Attendees",
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
    )
    colleague_ids = fields.Many2many(
        "res.users",
        "crm_visit_report_colleague_rel",
        string="Our Colleagues",
        domain="[('share', '=', False)]",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        index="btree_not_null",
        check_company=True,
        domain="[('type', '=', 'opportunity'), ('partner_id', 'child_of', partner_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        "Visitor",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        check_company=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("visit", "Visit"),
            ("ours", "Customer visits us"),
            ("online", "Online meeting"),
            ("call", "Phone call"),
            ("fair", "Trade fair"),
        ],
        required=True,
        default="visit",
    )
    date = fields.Datetime(
        "When", required=True, default=fields.Datetime.now, index=True, tracking=True
    )
    duration = fields.Float("Hours", default=1.0)
    date_end = fields.Datetime(compute="_compute_date_end", store=True)
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Reported"), ("cancel", "Cancelled")],
        default="planned",
        required=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    objective = fields.Text(help="What we want to have reached afterwards.")
    topic_ids = fields.Many2many("crm.visit.topic", string="Topics")
    report = fields.Html(help="What was said, in your words.")
    outcome = fields.Selection(
        [("good", "Good"), ("neutral", "Neutral"), ("bad", "Critical")], tracking=True
    )
    feedback_asked = fields.Boolean(
        help="We asked how satisfied the customer is with us."
    )
    step_ids = fields.One2many("crm.visit.step", "visit_id", "Next Steps")
    event_id = fields.Many2one("calendar.event", "Meeting", readonly=True, copy=False)

    _hours = models.Constraint(
        "CHECK (duration >= 0)", "The duration of a visit cannot be negative."
    )

    @api.depends("user_id")
    def _compute_team_id(self):
        for visit in self:
            visit.team_id = visit.user_id.sale_team_id

    @api.depends("date", "duration")
    def _compute_date_end(self):
        for visit in self:
            visit.date_end = visit.date and visit.date + timedelta(hours=visit.duration)

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        if self.lead_id and not self.partner_id:
            self.partner_id = self.lead_id.partner_id.commercial_partner_id

    def action_done(self):
        """Close the report: its next steps become activities of those who do them."""
        for visit in self:
            if visit.state == "done":
                continue
            if not visit.report and not visit.topic_ids:
                raise UserError(
                    self.env._(
                        "Write what was said in “%(visit)s”, or choose its topics.",
                        visit=visit.display_name,
                    )
                )
            if visit.date > fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "“%(visit)s” lies in the future: change its time before you "
                        "report it.",
                        visit=visit.display_name,
                    )
                )
        self.state = "done"
        self.step_ids._create_activities()

    def action_cancel(self):
        self.state = "cancel"
        self.sudo().event_id.unlink()  # the meeting of a cancelled visit, ours

    def action_plan_again(self):
        self.state = "planned"

    def action_add_meeting(self):
        """Put the planned visit in the calendar of those who take part."""
        for visit in self.filtered(lambda item: not item.event_id):
            people = (
                visit.attendee_ids | (visit.user_id | visit.colleague_ids).partner_id
            )
            visit.event_id = (
                self.env["calendar.event"]
                .with_context(no_mail_to_attendees=True)
                .create(
                    {
                        "name": visit.name,
                        "start": visit.date,
                        "stop": visit.date_end,
                        "user_id": visit.user_id.id,
                        "partner_ids": people.ids,
                        "opportunity_id": visit.lead_id.id,
                        "description": visit.objective,
                    }
                )
            )

    def write(self, values):
        """A visit that moves takes its meeting along."""
        result = super().write(values)
        if {"date", "duration"} & set(values):
            for visit in self.filtered(
                lambda item: item.event_id and item.state == "planned"
            ):
                visit.event_id.write({"start": visit.date, "stop": visit.date_end})
        return result


class CrmVisitTopic(models.Model):
    _name = "crm.visit.topic"
    _description = "Topic of visits"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _name_uniq = models.Constraint("UNIQUE (name)", "This topic exists already.")


class CrmVisitStep(models.Model):
    """An agreed next step; one activity, created when the visit is reported."""

    _name = "crm.visit.step"
    _description = "Next step of a visit"
    _order = "visit_id, date_deadline, id"

    visit_id = fields.Many2one(
        "crm.visit.report", required=True, ondelete="cascade", index=True
    )
    summary = fields.Char("Step", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Who",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date_deadline = fields.Date(
        "Until",
        required=True,
        default=lambda self: fields.Date.today() + timedelta(days=7),
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    planned = fields.Boolean("Activity Created", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """A step added to a report already closed becomes an activity at once."""
        steps = super().create(vals_list)
        steps.filtered(lambda step: step.visit_id.state == "done")._create_activities()
        return steps

    def _create_activities(self):
        kind = self.env.ref("mail.mail_activity_data_todo")
        steps = self.filtered(lambda step: not step.planned)
        activities = self.env["mail.activity"].create(
            [step._prepare_activity(kind) for step in steps]
        )
        for step, activity in zip(steps, activities, strict=True):
            step.write({"activity_id": activity.id, "planned": True})

    def _prepare_activity(self, kind):
        """The step belongs to the deal the visit was about, else to the visit."""
        target = self.visit_id.lead_id or self.visit_id
        return {
            "activity_type_id": kind.id,
            "res_model_id": self.env["ir.model"]._get_id(target._name),
            "res_id": target.id,
            "summary": self.summary,
            "user_id": self.user_id.id,
            "date_deadline": self.date_deadline,
            "note": self.env._("Agreed at: %(visit)s", visit=self.visit_id.name),
        }
