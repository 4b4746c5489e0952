from odoo import api, fields, models
from odoo.exceptions import AccessError

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
            "monetary": ("_get_cell_words", False),
            "recency": ("_get_cell_words", False),
            "frequency": ("_get_cell_words", False),
            "loyalty": ("_get_loyalty_words", False),
            "churn_risk": ("_get_risk_words", False),
            "value_at_risk": ("_get_risk_words", True),
            "abc": ("_get_rank_words", True),
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
            ``items`` (whether these are journal items)
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
            "entries": self._count_entries(),
            "items": self.env.user.has_group(ANALYST),
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
        return self.cell and self._get_cell_sentence(self.policy_id.sudo())

    def _get_risk_words(self):
        return self.reasons

    def _count_entries(self):
        """How many entries of the window the user can open."""
        action = self.action_open_entries()
        try:
            return self.env[action["res_model"]].search_count(action["domain"])
        except AccessError:  # whoever reads no invoices still reads the words
            return 0

    def action_open_entries(self):
        """Open what the scores rest on: journal items for who may see them, else
        documents.
        """
        self.ensure_one()
        if self.env.user.has_group(ANALYST):
            return self.action_open_journal_items()
        return self.action_open_monetary()
