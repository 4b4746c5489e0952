from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import rfm
from .crm_customer_value_words import ANALYST


class CrmCustomerValueScore(models.Model):
    """What stands behind a score on any screen: rule, numbers, day, policy, entries."""

    # By subject.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_score_words(self):
        """Method that gives the words of each score; True: figures of analysts."""
        return {
            "value_class": ("_get_class_words", False),
            "cell": ("_get_cell_words", False),
            "monetary": ("_get_monetary_words", False),
            "monetary_previous": ("_get_previous_words", False),
            "recency": ("_get_recency_words", False),
            "frequency": ("_get_frequency_words", False),
            "revenue_change": ("_get_change_words", False),
            "loyalty": ("_get_loyalty_words", False),
            "churn_risk": ("_get_risk_words", False),
            "p_active": ("_get_active_words", False),
            "value_at_risk": ("_get_value_at_risk_words", True),
            "abc": ("_get_rank_words", True),
            "abc_before": ("_get_rank_before_words", True),
            "contribution": ("_get_rank_words", True),
            "tier": ("_get_tier_words", True),
            "lifecycle": ("_get_lifecycle_words", True),
            "lifetime_value": ("_get_lifetime_words", True),
        }

    @api.readonly
    def get_score(self, score):
        """How a score came about, as a window over it tells.

        :param score: name of a field, one of :meth:`_get_score_words`
        :return: dict of ``title``, ``words``, ``as_of``, ``policy``, ``entries`` (the
            number of what :meth:`action_open_entries` opens; 0: nothing to open) and
            ``kind`` (whether these are journal items, documents or months)
        """
        self.ensure_one()
        self.check_access("read")
        method, for_analysts = self._get_score_words()[score]
        known = not for_analysts or self.env.user.has_group(ANALYST)
        words = getattr(self, method)() if known else ""
        return {
            "title": self._fields[score]._description_string(self.env),
            "words": words or self._get_missing_words(known),
            "as_of": fields.Date.to_string(self.as_of),
            "policy": self.policy_id.sudo().display_name,
            "entries": self._count_entries(score),
            "kind": self._get_entry_kind(score),
        }

    def _get_missing_words(self, known):
        if known:
            return self.env._("Nothing is known that it could rest on.")
        return self.env._(
            "It rests on the contribution of the customer, which analysts see."
        )

    def _get_class_words(self):
        return self._get_rule_sentence(self.policy_id.sudo())

    def _get_cell_words(self):
        return self.cell and self._join(
            self._get_cell_sentence(self.policy_id.sudo()),
            *(self._get_limit_words(name) for name in rfm.Cuts._fields),
        )

    def _get_recency_words(self):
        if not self.last_date:
            return False
        return self._join(
            self.env._(
                "Last purchase on %(last)s, %(days)s days before %(as_of)s: score"
                " %(score)s.",
                last=fields.Date.to_string(self.last_date),
                days=self.recency,
                as_of=fields.Date.to_string(self.as_of),
                score=self.r_score,
            ),
            self._get_limit_words("recency"),
        )

    def _get_frequency_words(self):
        if not self.cell:
            return False
        return self._join(
            self.env._(
                "%(days)s purchase days in the %(months)s months up to %(as_of)s:"
                " score %(score)s.",
                days=self.frequency,
                months=self.policy_id.sudo().window_months,
                as_of=fields.Date.to_string(self.as_of),
                score=self.f_score,
            ),
            self._get_limit_words("frequency"),
        )

    def _get_monetary_words(self):
        if not self.cell:
            return False
        return self._join(
            self.env._(
                "Net revenue of %(money)s in the %(months)s months up to %(as_of)s:"
                " score %(score)s.",
                money=self.currency_id.format(self.monetary),
                months=self.policy_id.sudo().window_months,
                as_of=fields.Date.to_string(self.as_of),
                score=self.m_score,
            ),
            self._get_limit_words("monetary"),
        )

    def _get_previous_words(self):
        window = self.policy_id.sudo()._get_windows(self.as_of)
        return self.env._(
            "Net revenue of %(money)s after %(first)s up to %(last)s.",
            money=self.currency_id.format(self.monetary_previous),
            first=fields.Date.to_string(window.previous),
            last=fields.Date.to_string(window.start),
        )

    def _get_change_words(self):
        """The two half years that are compared."""
        fact = self._get_fact()
        if not self.last_date or not fact:
            return False
        words = self.env._(
            "Revenue of %(now)s in the 6 months up to %(as_of)s, %(before)s in the same"
            " months a year before.",
            now=self.currency_id.format(fact.revenue_half),
            as_of=fields.Date.to_string(self.as_of),
            before=self.currency_id.format(fact.revenue_half_before),
        )
        if not self.revenue_known:
            return self._join(
                words, self.env._("Without revenue a year before there is no change.")
            )
        return self._join(
            words,
            self.env._(
                "Change %(change)s %%.", change=round(100 * self.revenue_change, 2)
            ),
        )

    def _get_fact(self):
        """What the documents say of the customer; no secret to who sees the value."""
        return (
            self.env["crm.customer.fact"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.id),
                ],
                limit=1,
            )
        )

    def _get_limit_words(self, name):
        """By which method, among how many, and from where on each score is given."""
        return self._get_judge()._get_limit_words(name)

    @api.model
    def _join(self, *sentences):
        return "\n".join(filter(None, sentences))

    def _count_entries(self, score):
        """How many of the entries of a score the user can open."""
        action = self.action_open_entries(score)
        try:
            return self.env[action["res_model"]].search_count(action["domain"])
        except AccessError:  # whoever reads no invoices still reads the words
            return 0
