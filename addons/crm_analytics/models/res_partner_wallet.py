from odoo import api, fields, models
from odoo.tools.misc import format_amount

READERS = "sales_team.group_sale_salesman"
DAYS_OF_MONTH = 30.44


class ResPartner(models.Model):
    # The share of customer in words, in a file of its own.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    value_wallet_words = fields.Text(
        "Share of Customer", compute="_compute_value_wallet_words", groups=READERS
    )

    @api.depends("wallet_share")
    @api.depends_context("company", "uid", "lang")
    def _compute_value_wallet_words(self):
        """The estimates are those that the share rests on: read once for both."""
        latest = self.env["crm.wallet.estimate"].search(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("is_latest", "=", True),
            ]
        )
        by_partner = latest.grouped("partner_id")
        for partner in self:
            estimates = by_partner.get(partner._origin)
            partner.value_wallet_words = (
                estimates._get_share_words(partner.wallet_share) if estimates else False
            )


class CrmWalletEstimate(models.Model):
    _inherit = "crm.wallet.estimate"

    def _get_share_words(self, share):
        """Share of what the customer spends: of how much, who says so, how old."""
        sources = dict(self._fields["source"]._description_selection(self.env))
        words = self.env._(
            "%(share)s %% of %(total)s a year (%(told_by)s, %(age)s)",
            share=round(share),
            total=format_amount(
                self.env,
                round(sum(self.mapped("yearly_spend"))),
                self.currency_id[:1],
                trailing_zeroes=False,
            ),
            told_by=", ".join(
                sources[code] for code in dict.fromkeys(self.mapped("source"))
            ),
            age=self._get_age_words(),
        )
        if share > 100:
            words += "\n" + self.env._(
                "The estimate is too low: we alone invoiced more than that. Ask again."
            )
        elif any(self.mapped("is_old")):
            words += "\n" + self.env._("The estimate is old: ask again.")
        return words

    def _get_age_words(self):
        """How old the oldest of the estimates is."""
        months = round(max(self.mapped("age_days")) / DAYS_OF_MONTH)
        if months < 1:
            return self.env._("this month")
        if months == 1:
            return self.env._("1 month ago")
        return self.env._("%(count)s months ago", count=months)
