from odoo import api, fields, models

from .crm_customer_value_words import ANALYST


class CrmCustomerValue(models.Model):
    """Why a customer is judged as it is, in words."""

    # The judgement, by concern.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("class_rule", "as_of", "policy_id")
    @api.depends_context("lang", "uid")
    def _compute_explanation(self):
        for value in self:
            value.explanation = value._get_explanation()

    @api.depends("risk_reasons")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for value in self:
            value.reasons = "\n".join(
                value._get_reason_sentence(code, figure)
                for code, figure, _adds in value.risk_reasons or []
            )

    def _get_reason_sentence(self, code, figure):
        """A signal of the risk in words."""
        env = self.env
        numbers = {
            "days": self.recency,
            "cadence": round(self.cadence),
            "ratio": round(figure, 1),
            "percent": round(100 * abs(figure)),
        }
        sentences = {
            "overdue": env._(
                "No purchase for %(days)s days, usually one every %(cadence)s days."
            ),
            "trend": env._(
                "Revenue falls by about %(percent)s %% of its level a month."
            ),
            "season": env._(
                "Revenue of the last 6 months is %(percent)s %% below a year before."
            ),
            "inactive": env._("Probability of being active is %(percent)s %%."),
            "silent": env._("Only %(ratio)s purchases expected in the next 6 months."),
        }
        return sentences[code] % numbers

    def _get_explanation(self):
        """The rule that decided with its numbers, in one sentence a line."""
        policy = self.policy_id.sudo()  # the limits are no secret to who sees a class
        sentences = [self._get_rule_sentence(policy)]
        if self.class_rule == "contract_only":
            return sentences[0]
        sentences.append(self._get_cell_sentence(policy))
        sentences.append(
            self.env._("Judged by %(policy)s.", policy=policy.display_name)
        )
        return "\n".join(sentences)

    def _get_cell_sentence(self, policy):
        return self.env._(
            "Recency %(recency)s days, %(frequency)s purchase days and %(monetary)s"
            " in the %(months)s months up to %(as_of)s: scores %(cell)s.",
            recency=self.recency if self.last_date else "-",
            frequency=self.frequency,
            monetary=self.currency_id.format(self.monetary),
            months=policy.window_months,
            as_of=fields.Date.to_string(self.as_of),
            cell="-".join(self.cell or ""),
        )

    def _get_letter_words(self, letter):
        """The letter; C and D are one for who may not see a customer's contribution."""
        if letter in ("C", "D") and not self.env.user.has_group(ANALYST):
            return self.env._("below B")
        return letter or "-"

    def _get_rule_sentence(self, policy):
        env, letters = self.env, self.sudo()
        numbers = {
            "first": fields.Date.to_string(self.first_date) or "-",
            "last": fields.Date.to_string(self.last_date) or "-",
            "before": self._get_letter_words(letters.abc_before),
            "abc": self._get_letter_words(letters.abc),
            "risk": round(100 * self.churn_risk),
            "risk_limit": round(100 * policy.churn_limit),
            "change": round(100 * self.revenue_change),
            "decline": round(100 * policy.decline_limit),
            "growth": round(100 * policy.growth_limit),
            "loyalty": round(self.loyalty),
            "loyalty_limit": round(policy.loyalty_limit),
            "days": self.frequency,
            "days_limit": policy.growth_days,
            "new_months": policy.new_months,
            "dormant_months": policy.dormant_months,
        }
        sentences = {
            "contract_only": env._(
                "Has a running contract and no invoice yet: neither scored nor ranked."
            ),
            "never_bought": env._("Has refunds but never bought."),
            "no_purchase": env._(
                "Last purchase on %(last)s, %(dormant_months)s months ago or earlier."
            ),
            "first_purchase": env._(
                "First purchase on %(first)s, less than %(new_months)s months ago."
            ),
            "churn_risk": env._(
                "Was %(before)s in the 12 months before the window, and the risk of"
                " leaving is %(risk)s %% (limit %(risk_limit)s %%)."
            ),
            "revenue_down": env._(
                "Was %(before)s in the 12 months before the window, and revenue changed"
                " by %(change)s %% (limit -%(decline)s %%)."
            ),
            "valuable_and_loyal": env._(
                "ABC %(abc)s with loyalty %(loyalty)s (limit %(loyalty_limit)s)."
            ),
            "loyal": env._(
                "Loyalty %(loyalty)s (limit %(loyalty_limit)s), ABC %(abc)s."
            ),
            "revenue_up": env._(
                "Revenue rose by %(change)s %% (limit %(growth)s %%) on %(days)s"
                " purchase days (at least %(days_limit)s)."
            ),
            "no_other_rule": env._(
                "ABC %(abc)s, loyalty %(loyalty)s, revenue change %(change)s %%,"
                " %(days)s purchase days: no other class fits."
            ),
        }
        return sentences.get(self.class_rule, "") % numbers
