import json

from odoo import api, fields, models

LOCK_SPACE = 0x43524D  # first key of the advisory lock, the company is the second
STEPS = (
    "facts",
    "months",
    "rules",
    "features",
    "values",
    "bucket",
    "findings",
    "checks",
    "snapshot",
    "playbooks",
    "alarms",
)
WHAT_IF_STEPS = ("values",)
MONTH_END_STEPS = ("facts", "months", "rules", "features", "values", "snapshot")


class CrmValueRun(models.Model):
    _name = "crm.value.run"
    _description = "Customer Value Run"
    _inherit = ["crm.insight.empty", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Started by", readonly=True)
    date_start = fields.Datetime("Started at", readonly=True)
    date_end = fields.Datetime("Ended at", readonly=True)
    as_of = fields.Date("As of", required=True, readonly=True)
    policy_id = fields.Many2one("crm.value.policy", required=True, readonly=True)
    kind = fields.Selection(
        [("incremental", "Incremental"), ("full", "Full"), ("what_if", "What If")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("warning", "Done, With Warnings"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        default="running",
        required=True,
        readonly=True,
    )
    step_ids = fields.One2many("crm.value.run.step", "run_id", "Steps", readonly=True)
    seconds = fields.Float(compute="_compute_seconds", digits=(10, 3))
    progress = fields.Float(compute="_compute_seconds")
    customer_count = fields.Integer("Customers", readonly=True)
    touched_count = fields.Integer("Customers Recomputed", readonly=True)
    changed_count = fields.Integer("Class Changes", readonly=True)
    revenue_facts = fields.Monetary("Revenue of the Facts", readonly=True)
    revenue_moves = fields.Monetary("Revenue of the Documents", readonly=True)
    difference = fields.Monetary(
        "Difference to the Ledger",
        readonly=True,
        help="Untaxed amounts of the documents less the balance of their income lines.",
    )
    guilty_move_ids = fields.Many2many(
        "account.move", string="Documents That Differ", readonly=True
    )
    guilty_count = fields.Integer("Number of Documents That Differ", readonly=True)
    model_fit = fields.Json("Models and Their Fit", readonly=True)
    model_fit_text = fields.Text("Models", compute="_compute_model_fit_text")
    result = fields.Json("Class Changes by Class", readonly=True)
    result_text = fields.Text("What Would Change", compute="_compute_result_text")

    _company_idx = models.Index("(company_id, state, id DESC)")

    @api.model
    def _has_begun(self):
        companies = self.env.companies.ids
        return bool(
            self.sudo().search_count([("company_id", "in", companies)], limit=1)
        )

    @api.model
    def _get_first_title(self):
        return self.env._("No refresh has run yet")

    @api.depends("kind", "as_of", "company_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = self.env._(
                "%(kind)s run of %(date)s",
                kind=kinds.get(run.kind, ""),
                date=fields.Date.to_string(run.as_of),
            )

    @api.depends("step_ids.seconds", "step_ids.state")
    def _compute_seconds(self):
        for run in self:
            run.seconds = sum(run.step_ids.mapped("seconds"))
            done = run.step_ids.filtered(lambda step: step.state == "done")
            run.progress = 100.0 * len(done) / max(len(run.step_ids), 1)

    @api.depends("result")
    def _compute_result_text(self):
        Value = self.env["crm.customer.value"]
        names = dict(Value._fields["value_class"]._description_selection(self.env))
        for run in self:
            run.result_text = "\n".join(
                self.env._(
                    "%(before)s → %(after)s: %(count)s customers",
                    before=names.get(before, self.env._("Not classified")),
                    after=names.get(after, self.env._("Not classified")),
                    count=count,
                )
                for before, after, count in run.result or []
            )

    @api.depends("model_fit")
    def _compute_model_fit_text(self):
        for run in self:
            run.model_fit_text = (
                json.dumps(run.model_fit, indent=2) if run.model_fit else False
            )

    # --- actions ------------------------------------------------------------

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    @api.model
    def action_refresh(self):
        """Refresh the values of the current company now."""
        self.check_access("create")
        run = self._start(self.env.company)
        return self._get_notification(run)

    @api.model
    def action_rebuild(self):
        """Build all tables of the current company anew from the documents."""
        self.check_access("create")
        run = self._start(self.env.company, kind="full")
        return self._get_notification(run)

    def _get_notification(self, run):
        warning = run.state == "warning"
        message = self.env._(
            "%(count)s customers valued in %(seconds).1f seconds, %(changed)s changed"
            " class.",
            count=run.customer_count,
            seconds=run.seconds,
            changed=run.changed_count,
        )
        if warning:
            message = self.env._(
                "%(count)s documents do not agree with their income entries: see the"
                " run under Runs and proof.",
                count=run.guilty_count,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Customer values refreshed"),
                "message": message,
                "type": "warning" if warning else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_guilty(self):
        """Open the documents that differ from their income lines."""
        self.ensure_one()
        return self.env["crm.customer.value"]._get_moves_action(
            self.env._("Documents That Differ"),
            [("id", "in", self.guilty_move_ids.ids)],
        )

    @api.model
    def _get_judge(self, company):
        """The run that wrote the values of today, with its policy read."""
        judged = [("code", "=", "values"), ("state", "=", "done")]
        return self.search_fetch(
            [
                ("company_id", "=", company.id),
                ("kind", "!=", "what_if"),
                ("step_ids", "any", judged),
            ],
            ["policy_id"],
            limit=1,
        )
