from odoo import models

from ..tools import holdout, lifetime


class CrmCustomerValueLifetime(models.Model):
    """How lifetime value and probability of being active came about."""

    # By subject.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    def _get_lifetime_words(self):
        """By which rule, why by that one, on which amounts, and how far to trust it."""
        found = self._get_explained()
        sentences = [self._get_lifetime_rule_words(found)]
        if found and not found.modelled:
            sentences.append(self._get_no_model_words())
        if found and found.age < lifetime.HALF_YEAR_DAYS:
            sentences.append(self._get_short_history_words(found))
        sentences += self._get_contract_words(found)
        if self.p_active:
            sentences.append(
                self.env._(
                    "Active with a probability of %(percent)s %% by BG/NBD.",
                    percent=round(100 * self.p_active),
                )
            )
        return " ".join(filter(None, sentences))

    def _get_lifetime_rule_words(self, found):
        policy = self.policy_id.sudo()
        money = self.currency_id.format
        known = {
            "months": policy.horizon_months,
            "rate": f"{100 * policy.discount_rate:.4g}",
        }
        if not self.last_date:
            return self.env._("Nothing was bought that a lifetime value could rest on.")
        if not found:
            return self.env._(
                "Lifetime value over %(months)s months at %(rate)s %% a year.", **known
            )
        if found.modelled:
            model = (self._get_judge().model_fit or {}).get("bgnbd") or {}
            return self.env._(
                "Lifetime value over %(months)s months at %(rate)s %% a year by BG/NBD"
                " and Gamma-Gamma, fitted on %(customers)s customers: %(purchases)s"
                " purchases expected, discounted, of %(mean)s each = %(value)s.",
                **known,
                customers=model.get("customers", 0),
                purchases=f"{found.purchases:.4f}",
                mean=money(found.lifetime / found.purchases if found.purchases else 0),
                value=money(found.lifetime),
            )
        return self.env._(
            "Lifetime value over %(months)s months at %(rate)s %% a year by the"
            " rule: the last half year repeats. Contribution of the last 6 months"
            " %(half)s / 6 x %(factor)s months, discounted = %(value)s.",
            **known,
            half=money(found.half),
            factor=f"{found.factor:.4f}",
            value=money(found.lifetime),
        )

    def _get_no_model_words(self):
        """Why the simple rule and no model."""
        run = self._get_judge()
        fit = run.model_fit or {}
        if refused := fit.get("refused"):
            return self.env._(
                "No model: %(reason)s", reason=run._get_refusal_words(refused)
            )
        if (fit.get("lifetime") or {}).get("better") == holdout.SIMPLE:
            return self.env._(
                "The rule forecast the company's last half year better than the model."
            )
        return ""

    def _get_short_history_words(self, found):
        return self.env._(
            "Not enough history: %(count)s purchase days in the %(days)s days since the"
            " first purchase. What was bought so far is taken for what half a year"
            " brings; do not rely on it yet.",
            count=round(found.days),
            days=round(found.age),
        )

    def _get_contract_words(self, found):
        """The part by contract, and what of the rest it replaces."""
        if not self.contract_value:
            return []
        money = self.currency_id.format
        words = [
            self.env._("Of it %(money)s by contract.", money=money(self.contract_value))
        ]
        rest = self.lifetime_value - self.contract_value
        if found and found.lifetime and abs(rest - found.lifetime) > 0.01:
            words.append(
                self.env._(
                    "%(share)s %% of the revenue is billed by contract: of the amount"
                    " above %(rest)s is left, together %(value)s.",
                    share=round(100 * (1 - rest / found.lifetime), 2),
                    rest=money(rest),
                    value=money(self.lifetime_value),
                )
            )
        return words

    def _get_active_words(self):
        """BG/NBD with its parameters and the three numbers of the customer."""
        run = self._get_judge()
        fit, found = run.model_fit or {}, self._get_explained()
        if not found:
            return False
        if not (fit.get("closed") or {}).get("purchases"):
            return self._get_no_model_words()
        model = fit["bgnbd"]
        return self.env._(
            "Active with a probability of %(percent)s %% by BG/NBD (r %(r)s, alpha"
            " %(alpha)s, a %(a)s, b %(b)s, fitted on %(customers)s customers):"
            " %(repeats)s purchase days after the first one, the last of them"
            " %(last)s days after it, %(age)s days ago the first.",
            percent=round(100 * self.p_active, 2),
            **{name: model[name] for name in ("r", "alpha", "a", "b", "customers")},
            repeats=round(found.days) - 1,
            last=(self.last_date - self.first_date).days,
            age=round(found.age),
        )
