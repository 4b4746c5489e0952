from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain

from ..tools import months
from .crm_customer_value_words import ANALYST

HALVES = ("half", "half_before")
LOYALTY = ("two_years", "first_day")  # own cadence and months with a purchase; tenure
RISK = ("last_day", "two_years", "year", *HALVES)
SCORES = {  # periods of documents that a score rests on
    "recency": ("last_day",),
    "frequency": ("window_purchases",),
    "monetary": ("window",),
    "monetary_previous": ("window_before",),
    "cell": ("window", "last_day"),
    "revenue_change": HALVES,
    "loyalty": LOYALTY,
    "churn_risk": RISK,
    "p_active": ("purchases",),
}
RULES = {  # as SCORES, for the class by the rule that decided
    "contract_only": (),
    "never_bought": ("ever",),
    "no_purchase": ("last_day",),
    "first_purchase": ("first_day",),
    "churn_risk": (*RISK, "year_before"),
    "revenue_down": (*HALVES, "year_before"),
    "valuable_and_loyal": (*LOYALTY, "window"),
    "loyal": LOYALTY,
    "revenue_up": (*HALVES, "window_purchases"),
    "no_other_rule": (*LOYALTY, *HALVES, "window"),
}
ONE_DAY = relativedelta(days=1)
MONTH_END = relativedelta(day=31)


class CrmCustomerValueEntries(models.Model):
    """The entries behind each score: documents and their journal items, or months."""

    # By subject.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    def action_open_entries(self, score="monetary"):
        """Open what a score rests on.

        Scores of money that is left open the months, which open documents and costs;
        the others journal items. Who may not see these gets the documents.
        """
        self.ensure_one()
        self.check_access("read")
        analyst = self.env.user.has_group(ANALYST)
        span = self._get_month_spans().get(score)
        if span and analyst:
            return self._get_months_action(*span)
        name = self.env._(
            "Entries of %(score)s",
            score=self._fields[score]._description_string(self.env),
        )
        domain = self._get_entry_domain(score, span)
        if analyst:
            return self._get_items_action(name, domain)
        return self._get_moves_action(name, domain)

    def _get_entry_kind(self, score):
        """``months``, ``items`` or ``documents``: what a score opens."""
        if not self.env.user.has_group(ANALYST):
            return "documents"
        return "months" if score in self._get_month_spans() else "items"

    def _get_month_spans(self):
        """First and last day of the months of the scores that rest on contributions."""
        window = self.policy_id.sudo()._get_windows(self.as_of)
        now = (window.start_month, self.as_of)
        half = months.first_day(months.number(self.as_of) - 5)
        modelled = (self._get_judge().model_fit or {}).get(
            "rule"
        ) != "half_year_repeats"
        return {
            "contribution": now,
            "abc": now,
            "tier": now,
            "value_at_risk": now,
            "abc_before": (window.previous_month, window.start_month - ONE_DAY),
            "lifetime_value": (None if modelled else half, self.as_of),
            "lifecycle": (None, self.as_of),
        }

    def _get_entry_domain(self, score, span=None):
        """The documents that a score rests on."""
        if span:
            first, last = span
            bounds = [(first and first - ONE_DAY, last + MONTH_END, False)]
        else:
            names = SCORES.get(score)
            if names is None:  # the class
                names = RULES.get(self.class_rule, ())
            periods = self._get_periods()
            bounds = [periods[name] for name in names]
            if score == "churn_risk" and self.p_active:
                bounds.append(periods["purchases"])
        documents = self.env["account.move"]._get_customer_value_domain
        return Domain.OR(
            documents(self.company_id, self.partner_id, *period)
            for period in bounds
            if period
        )

    def _get_periods(self):
        """Periods of documents: after, until, and whether refunds are left out."""
        window = self.policy_id.sudo()._get_windows(self.as_of)
        first, last = self.first_date, self.last_date
        return {
            "ever": (None, window.as_of, False),
            "purchases": (None, window.as_of, True),
            "first_day": first and (first - ONE_DAY, first, True),
            "last_day": last and (last - ONE_DAY, last, True),
            "window": (window.start, window.as_of, False),
            "window_purchases": (window.start, window.as_of, True),
            "window_before": (window.previous, window.start, False),
            "year_before": (
                window.previous_month - ONE_DAY,
                window.start_month - ONE_DAY,
                False,
            ),
            "half": (window.half, window.as_of, False),
            "half_before": (window.half_before, window.half_before_end, False),
            "year": (window.year + MONTH_END, window.as_of, False),
            "two_years": (window.two_years, window.as_of, True),
        }
