import math

from odoo import models

from ..tools import churn

NEAR = 0.001  # a risk that differs by more was computed on other figures


class CrmCustomerValueRisk(models.Model):
    """How the risk of leaving came about: all signals, so that it can be redone."""

    # By subject.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    def _get_judge(self):
        """The run that judged; what is told of it is no secret to who sees a score."""
        return self.env["crm.value.run"].sudo()._get_judge(self.company_id)

    def _get_explained(self):
        """What risk and lifetime rest on; None where there is nothing to tell."""
        self.ensure_one()
        self.check_access("read")
        facts = self.env["crm.customer.fact"].sudo()
        return facts._explain(self._get_judge(), self.partner_id)

    def _get_risk_words(self):
        """What raises it in words, and the sum that a reader can do again."""
        found = self._get_explained()
        if not found:
            return self.reasons
        env = self.env
        total = found.weights.intercept + sum(found.adds.values())
        lines = [
            self.reasons or env._("Nothing raises the risk above the usual one."),
            env._(
                "Risk %(risk)s %% = 1 / (1 + exp(-(%(total)s))), where %(total)s is the"
                " sum of",
                risk=_plain(100 * found.risk),
                total=_plain(total),
            ),
            self._get_intercept_words(found),
            *(
                self._get_signal_words(name, found)
                for name in sorted(churn.SIGNALS, key=lambda name: -found.adds[name])
            ),
        ]
        if abs(found.risk - self.churn_risk) > NEAR:
            lines.append(
                env._(
                    "The figures have changed since the last refresh: the next one"
                    " changes the risk."
                )
            )
        return "\n".join(lines)

    def _get_intercept_words(self, found):
        number = _plain(found.weights.intercept)
        if found.estimated:
            return self.env._(
                "%(number)s for everybody (weights estimated on the company's own"
                " history);",
                number=number,
            )
        return self.env._(
            "%(number)s for everybody (published weights);", number=number
        )

    def _get_signal_words(self, name, found):
        """What a signal adds: its figure, its value, and the weight of it."""
        words, figure = self._get_signal_names()[name], found.figures[name]
        if math.isnan(figure):
            return self.env._("%(signal)s: not known, adds 0;", signal=words[0])
        return self.env._(
            "%(adds)s = %(weight)s x %(value)s: %(signal)s %(figure)s, counted as"
            " %(rule)s;",
            adds=_plain(found.adds[name]),
            weight=_plain(getattr(found.weights, name)),
            value=_plain(found.signals[name]),
            signal=words[0],
            rule=words[1],
            figure=_plain(figure),
        )

    def _get_signal_names(self):
        """Name of each signal, and how its value follows from its figure."""
        env = self.env
        return {
            "overdue": (
                env._("days since the last purchase by own cadence"),
                env._("its base-2 logarithm, between -2 and 3"),
            ),
            "trend": (
                env._("slope of 12 months' revenue over its level"),
                env._("-4 times of it, between -1 and 1"),
            ),
            "season": (
                env._("change of 6 months' revenue on a year before"),
                env._("its opposite, between -1 and 1"),
            ),
            "inactive": (
                env._("probability of being active"),
                env._("p in (0.8 - p) / 0.8"),
            ),
            "silent": (
                env._("purchases expected in 6 months"),
                env._("n in (exp(-n) - exp(-1)) / (1 - exp(-1))"),
            ),
        }

    def _get_value_at_risk_words(self):
        """The product, and where the risk is from."""
        if not self.last_date:
            return False
        product = self.env._(
            "Value at risk %(value)s = contribution %(contribution)s x risk"
            " %(risk)s %%.",
            value=self.currency_id.format(self.value_at_risk),
            contribution=self.currency_id.format(max(self.contribution, 0)),
            risk=_plain(100 * self.churn_risk),
        )
        if self.contribution < 0:
            product += " " + self.env._("A negative contribution puts nothing at risk.")
        return "\n".join(filter(None, (product, self._get_risk_words())))


def _plain(number):
    """Four decimals, which is what a reader needs to do the sum again."""
    return f"{number + 0:.4f}"
