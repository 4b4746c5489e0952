from odoo import api, fields, models

from ..tools import alarm_sql, alarms
from .crm_customer_value import VALUE_CLASSES

ANALYST = "crm_analytics.group_analyst"
INDICATORS = [
    ("churn_risk", "Risk of leaving"),
    ("forecast", "Revenue against its forecast"),
    ("cost_share", "Cost to serve over revenue"),
    ("satisfaction", "Satisfaction"),
    ("overdue_share", "Overdue over revenue"),
]


class CrmValueAlarmRule(models.Model):
    """What is watched in customers of a value class, and who is told."""

    _name = "crm.value.alarm.rule"
    _description = "Value Class Alarm Rule"
    _inherit = ["mail.thread"]
    _order = "value_class, indicator, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", ondelete="cascade")
    value_class = fields.Selection(VALUE_CLASSES, required=True, tracking=True)
    indicator = fields.Selection(
        INDICATORS,
        required=True,
        tracking=True,
        help="Risk 0 to 1. Revenue of three months over the same months a year before,"
        " raised by the growth of the policy. Cost to serve over revenue of the window."
        " Mean rating 1 to 5 of 12 months. What is overdue over revenue of the window.",
    )
    limit_value = fields.Float(
        "Limit",
        required=True,
        digits=(16, 3),
        tracking=True,
        help="Risk, cost and overdue ring from here upwards; forecast and satisfaction"
        " from here downwards.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        help="Without one the alarm stands in the list only.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Who Is Told",
        domain="[('share', '=', False)]",
        help="The account's salesperson when empty.",
    )
    days = fields.Integer("Due in (days)", default=3)
    most = fields.Integer(
        "At Most a Run",
        default=25,
        help="The customers with the largest contribution come first, the others in the"
        " next runs. 0: no limit.",
    )
    purpose = fields.Text(translate=True)
    alarm_ids = fields.One2many("crm.value.alarm", "rule_id", "Alarms")
    alarm_count = fields.Integer("Ringing", compute="_compute_alarm_count")

    _most = models.Constraint(
        "CHECK (most >= 0 AND days >= 0)", "Numbers of alarms and days are not below 0."
    )

    def _compute_alarm_count(self):
        counts = dict(
            self.env["crm.value.alarm"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "open")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.alarm_count = counts.get(rule, 0)

    def action_open_alarms(self):
        """Open the alarms of the rule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_value_alarm_action"
        )
        return action | {"domain": [("rule_id", "=", self.id)], "context": {}}

    def _to_kernel(self):
        self.ensure_one()
        return alarms.Rule(
            self.id, self.value_class, self.indicator, self.limit_value, self.most
        )


class CrmValueAlarm(models.Model):
    """An alarm that was raised, once, and until when it rang."""

    _name = "crm.value.alarm"
    _description = "Value Class Alarm"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
    _rec_name = "rule_id"
    _order = "state, date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "crm.value.alarm.rule",
        "Alarm",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Told", readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    indicator = fields.Selection(INDICATORS, readonly=True)
    figure = fields.Float(
        readonly=True,
        digits=(16, 3),
        aggregator="avg",
        groups=ANALYST,
    )
    limit_value = fields.Float("Limit", readonly=True, digits=(16, 3), aggregator=None)
    date = fields.Date("Raised on", required=True, readonly=True)
    date_over = fields.Date("Over Since", readonly=True)
    state = fields.Selection(
        [("open", "Ringing"), ("over", "Over")], required=True, readonly=True
    )
    run_id = fields.Many2one(
        "crm.value.run", readonly=True, ondelete="set null", groups=ANALYST
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    sentence = fields.Char("What Is Wrong", compute="_compute_sentence")

    _open_uniq = models.UniqueIndex(
        "(rule_id, company_id, partner_id) WHERE state = 'open'",
        "An alarm rings once for a customer.",
    )
    _partner_idx = models.Index("(partner_id, state)")

    @api.depends("indicator", "limit_value")
    @api.depends_context("lang", "uid")
    def _compute_sentence(self):
        for alarm in self:
            alarm.sentence = alarm._get_sentence(self.env.user)

    def _get_sentence(self, reader):
        """What is wrong, in words; cost is for readers that may see it."""
        env = self.env
        if self.indicator == "cost_share" and not reader.has_group(ANALYST):
            return env._("Serving it costs more than it should.")
        figure = self.sudo().figure  # but for cost, what is told is no secret
        numbers = {
            "percent": round(100 * figure),
            "limit": round(100 * self.limit_value),
            "mark": round(figure, 1),
            "least": round(self.limit_value, 1),
        }
        sentences = {
            "churn_risk": env._(
                "The risk of leaving is %(percent)s %% (limit %(limit)s %%)."
            ),
            "forecast": env._(
                "Revenue of three months is %(percent)s %% of what its growth let"
                " expect (limit %(limit)s %%)."
            ),
            "cost_share": env._(
                "Serving it costs %(percent)s %% of its revenue (limit %(limit)s %%)."
            ),
            "satisfaction": env._(
                "Its mean rating is %(mark)s of 5 (limit %(least)s)."
            ),
            "overdue_share": env._(
                "What is overdue is %(percent)s %% of a year's revenue"
                " (limit %(limit)s %%)."
            ),
        }
        return sentences.get(self.indicator, "") % numbers

    # --- the step of the run --------------------------------------------------

    @api.model
    def _update_alarms(self, run):
        """Raise what rings, close what is over; the number of both."""
        rules = self.env["crm.value.alarm.rule"].search(
            [("company_id", "in", (run.company_id.id, False))]
        )
        ringing = self.search(
            [("company_id", "=", run.company_id.id), ("state", "=", "open")]
        )
        by_pair = {(alarm.rule_id.id, alarm.partner_id.id): alarm for alarm in ringing}
        watched = [rule._to_kernel() for rule in rules]
        found = alarms.judge(watched, self._get_customers(run, watched), by_pair)
        over = self.browse(by_pair[pair].id for pair in found.over)
        over._close(run)
        for rule, partner, figure in found.raised:
            self._raise(run, rules.browse(rule), partner, figure)
        return len(found.raised) + len(over)

    @api.model
    def _get_customers(self, run, rules):
        """Customers that break one of the rules, or nearly."""
        if not rules:
            return
        window = run._get_windows()
        query = alarm_sql.figures(
            run.company_id.id,
            window.as_of,
            run.policy_id.growth_limit,
            rules,
            self.env["crm.insight"]._get_ratings(
                run.company_id, window.year, window.as_of
            ),
        )
        names = alarm_sql.COLUMNS
        for row in self.env.execute_query(query):
            values = dict(zip(names, row, strict=True))
            yield alarms.Customer(
                values.pop("partner_id"),
                values.pop("value_class"),
                values.pop("weight"),
                values,
            )

    @api.model
    def _raise(self, run, rule, partner_id, figure):
        """Record the alarm, and tell who looks after the customer."""
        partner = self.env["res.partner"].browse(partner_id)
        user = rule.user_id or partner.user_id
        alarm = self.create(
            {
                "company_id": run.company_id.id,
                "rule_id": rule.id,
                "partner_id": partner.id,
                "user_id": user.id,
                "value_class": rule.value_class,
                "indicator": rule.indicator,
                "figure": figure,
                "limit_value": rule.limit_value,
                "date": run.as_of,
                "state": "open",
                "run_id": run.id,
            }
        )
        if rule.activity_type_id and user and partner.active:
            local = self.with_context(lang=user.lang)
            alarm.activity_id = partner.activity_schedule(
                activity_type_id=rule.activity_type_id.id,
                automated=True,
                user_id=user.id,
                summary=rule.with_env(local.env).name,
                note=alarm.with_env(local.env)._get_sentence(user),
                date_deadline=fields.Date.add(
                    fields.Date.context_today(self), days=rule.days
                ),
            )
        return alarm

    def _close(self, run):
        """Say since when it is over, and take back what nobody has done yet."""
        self.write({"state": "over", "date_over": run.as_of})
        self.activity_id.unlink()

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        return self.partner_id._get_records_action()
