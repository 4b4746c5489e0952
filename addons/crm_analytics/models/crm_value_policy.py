from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import formatLang

from ..tools import class_sql, tier
from ..tools.policy_fields import LIMIT_FIELDS, RANGES, WEIGHT_FIELDS
from ..tools.windows import windows


class CrmValuePolicy(models.Model):
    """The limits by which customers are judged; a version in force never changes."""

    _name = "crm.value.policy"
    _description = "Customer Value Policy"
    _inherit = ["mail.thread"]
    _order = "company_id, version desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    version = fields.Integer(required=True, readonly=True, copy=False, default=1)
    state = fields.Selection(
        [("draft", "Draft"), ("current", "In Force"), ("past", "Past")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    date_from = fields.Datetime("In Force Since", readonly=True, copy=False)
    note = fields.Text("Reason of the Change", copy=False)

    window_months = fields.Integer("Window (months)", default=12, required=True)
    quintile_minimum = fields.Integer(
        "Quintiles From (customers)",
        default=100,
        required=True,
        help="With fewer customers the fixed limits below give the scores, and those of"
        " money and of 20, 40, 60 and 80 of loyalty the service tiers.",
    )
    r_days_5 = fields.Integer("Recency 5 up to (days)", default=30)
    r_days_4 = fields.Integer("Recency 4 up to (days)", default=60)
    r_days_3 = fields.Integer("Recency 3 up to (days)", default=120)
    r_days_2 = fields.Integer("Recency 2 up to (days)", default=240)
    f_days_2 = fields.Integer("Frequency 2 from (days)", default=2)
    f_days_3 = fields.Integer("Frequency 3 from (days)", default=3)
    f_days_4 = fields.Integer("Frequency 4 from (days)", default=6)
    f_days_5 = fields.Integer("Frequency 5 from (days)", default=12)
    m_amount_2 = fields.Monetary("Monetary 2 from", default=1_000)
    m_amount_3 = fields.Monetary("Monetary 3 from", default=5_000)
    m_amount_4 = fields.Monetary("Monetary 4 from", default=20_000)
    m_amount_5 = fields.Monetary("Monetary 5 from", default=50_000)
    abc_a = fields.Float("A up to (share)", default=0.80)
    abc_b = fields.Float("B up to (share)", default=0.95)
    new_months = fields.Integer("New Below (months)", default=6)
    dormant_months = fields.Integer("Dormant From (months)", default=24)
    churn_limit = fields.Float("Being Lost From Risk", default=0.5)
    decline_limit = fields.Float("Being Lost From Revenue Decline", default=0.30)
    loyalty_limit = fields.Float("Loyal From (0..100)", default=60)
    growth_limit = fields.Float("Growth From Revenue Rise", default=0.20)
    growth_days = fields.Integer("Growth From Purchase Days", default=3)
    weight_continuity = fields.Float("Weight of Continuity", default=0.35)
    weight_tenure = fields.Float("Weight of Tenure", default=0.15)
    weight_breadth = fields.Float("Weight of Breadth", default=0.20)
    weight_satisfaction = fields.Float("Weight of Satisfaction", default=0.15)
    weight_commitment = fields.Float("Weight of Commitment", default=0.15)
    tenure_years = fields.Float("Full Tenure After (years)", default=5)
    interest_rate = fields.Float("Yearly Interest on Late Payments", default=0.08)
    sales_hour_cost = fields.Monetary(
        "Cost of a Sales Hour",
        default=60,
        help="Of people without an hourly cost of their own.",
    )
    service_hour_cost = fields.Monetary(
        "Cost of a Service Hour",
        default=50,
        help="Of people without an hourly cost of their own.",
    )
    activity_minutes = fields.Integer(
        "Minutes of an Activity",
        default=15,
        help="Time that a call, mail or task takes; meetings have their own duration.",
    )
    discount_rate = fields.Float("Yearly Discount Rate", default=0.10)
    horizon_months = fields.Integer("Lifetime Horizon (months)", default=36)
    model_minimum = fields.Integer(
        "Models From (repeat customers)",
        default=50,
        help="With fewer customers that bought again no lifetime model is fitted.",
    )

    rule_support = fields.Float("Least Support of a Rule", default=0.01)
    rule_confidence = fields.Float("Least Confidence of a Rule", default=0.30)
    rule_lift = fields.Float("Least Lift of a Rule", default=1.1)
    rule_minimum = fields.Integer(
        "Rules From (baskets)",
        default=30,
        help="With fewer baskets there are no association rules.",
    )

    _version_uniq = models.Constraint(
        "UNIQUE (company_id, version)", "A policy version exists once in a company."
    )
    _current_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'current'",
        "A company has one customer value policy in force.",
    )

    @api.depends("version", "state")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "Policy %(company)s v%(version)s",
                company=policy.company_id.name,
                version=policy.version,
            )

    @api.constrains(*LIMIT_FIELDS)
    def _check_limits(self):
        for policy in self:
            policy._check_ranges()
            if policy.window_months < 1 or policy.dormant_months < policy.new_months:
                raise ValidationError(
                    self.env._(
                        "The window needs at least one month, and a customer is"
                        " dormant later than it stops being new."
                    )
                )
            if not 0 < policy.abc_a < policy.abc_b <= 1:
                raise ValidationError(
                    self.env._("The shares of A and B must rise, between 0 and 1.")
                )
            limits = policy._get_limits()
            for values in (limits.r_days, limits.f_days, limits.m_amounts):
                if list(values) != sorted(values):
                    raise ValidationError(
                        self.env._(
                            "The limits of recency must rise from score 5 to 2, those"
                            " of frequency and monetary from score 2 to 5."
                        )
                    )

    def _check_ranges(self):
        """Refuse numbers that no refresh can compute with, all of them at once."""
        labels = self.fields_get(RANGES, ["string"])
        wrong = [
            self.env._(
                "%(field)s is %(value)s, and must be between %(least)s and %(most)s.",
                field=labels[name]["string"],
                value=self._get_limit_words(self[name], limits.share),
                least=self._get_limit_words(limits.least, limits.share),
                most=self._get_limit_words(limits.most, limits.share),
            )
            for name, limits in RANGES.items()
            if not limits.holds(self[name])
        ]
        if not wrong and not any(self[name] for name in WEIGHT_FIELDS):
            wrong.append(
                self.env._("All weights of loyalty are 0: one must be above 0.")
            )
        if wrong:
            raise ValidationError("\n".join(wrong))

    def _get_limit_words(self, number, share):
        """A number as its field on the form shows it."""
        number = round(100 * number if share else number, 2)
        words = formatLang(self.env, number, digits=0 if number % 1 == 0 else 2)
        return self.env._("%(number)s %%", number=words) if share else words

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            vals["version"] = self._get_next_version(company)
        return super().create(vals_list)

    def write(self, vals):
        if set(vals).intersection({*LIMIT_FIELDS, "company_id"}):
            for policy in self.filtered(lambda policy: policy.state != "draft"):
                raise UserError(
                    self.env._(
                        "%(policy)s has been in force and stays as it was, because"
                        " results refer to it. Make a new version to change a limit.",
                        policy=policy.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda policy: policy.state != "draft"):
            raise UserError(
                self.env._("Only a draft policy can be deleted: results refer to it.")
            )

    @api.model
    def _get_next_version(self, company_id):
        last = self.sudo().search_fetch(
            [("company_id", "=", company_id)],
            ["version"],
            order="version desc",
            limit=1,
        )
        return last.version + 1

    @api.model
    def _get_current(self, company):
        """The policy in force; the defaults come into force when there is none."""
        policy = self.search(
            [("company_id", "=", company.id), ("state", "=", "current")], limit=1
        )
        if not policy:
            policy = self.create({"company_id": company.id})
            policy.action_put_in_force()
        return policy

    def action_new_version(self):
        """Open a draft with the limits of this version."""
        self.ensure_one()
        draft = self.copy()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def action_put_in_force(self):
        """Make the draft the policy of its company from now on."""
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("Only a draft can be put in force."))
        self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "current")]
        ).write({"state": "past"})
        self.flush_model()
        self.write({"state": "current", "date_from": fields.Datetime.now()})

    def action_what_if(self):
        """Compute with this draft and show what would change, changing nothing."""
        self.ensure_one()
        run = self.env["crm.value.run"]._start(
            self.company_id, kind="what_if", policy=self
        )
        return run._get_form_action()

    def _change(self, vals):
        """Put a version with other limits in force; nothing when none differs."""
        self.ensure_one()
        changed = {name: value for name, value in vals.items() if self[name] != value}
        if not changed:
            return self
        policy = self.copy(changed)
        policy.action_put_in_force()
        return policy

    def _get_windows(self, as_of):
        self.ensure_one()
        return windows(as_of, self.window_months, self.new_months, self.dormant_months)

    def _get_tier_limits(self):
        """What gives the tiers of few customers: the limits of the scores in money."""
        self.ensure_one()
        return tier.Fixed(
            self.quintile_minimum,
            tuple(self[f"m_amount_{score}"] for score in (2, 3, 4, 5)),
        )

    def _get_limits(self):
        """The limits in the form the statement takes."""
        self.ensure_one()
        return class_sql.Limits(
            quintile_minimum=self.quintile_minimum,
            r_days=tuple(self[f"r_days_{score}"] for score in (5, 4, 3, 2)),
            f_days=tuple(self[f"f_days_{score}"] for score in (2, 3, 4, 5)),
            m_amounts=tuple(self[f"m_amount_{score}"] for score in (2, 3, 4, 5)),
            abc_a=self.abc_a,
            abc_b=self.abc_b,
            churn_risk=self.churn_limit,
            decline=self.decline_limit,
            loyalty=self.loyalty_limit,
            growth=self.growth_limit,
            growth_days=self.growth_days,
        )
