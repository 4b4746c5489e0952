from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..tools import audience_sql


class CrmAudience(models.Model):
    """From the criteria to the contacts: one statement of the kernel."""

    _inherit = "crm.audience"  # pylint: disable=consider-merging-classes-inherited

    def _get_partner_domain(self):
        self.ensure_one()
        return Domain(safe_eval(self.partner_domain or "[]", {"uid": self.env.uid}))

    def _get_criteria(self):
        """The definition in ids and codes, for the kernel."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        service = self._has_service()
        return audience_sql.Criteria(
            company_id=self.company_id.id,
            today=today,
            value_classes=tuple(self.value_class_ids.mapped("code")),
            lifecycles=tuple(self.lifecycle_ids.mapped("code")),
            tiers=tuple(self.tier_ids.mapped("code")),
            cells=tuple(
                f"{cell.r_score}{cell.f_score}{cell.m_score}"
                for cell in self.rfm_cell_ids
            ),
            group_ids=tuple(self.rfm_group_ids.ids),
            industry_ids=tuple(self.industry_ids.ids),
            territory_ids=tuple(self.territory_ids.ids),
            country_ids=tuple(self.country_ids.ids),
            user_ids=tuple(self.account_user_ids.ids),
            langs=tuple(self.lang_ids.mapped("code")),
            bought=self._get_bought(
                self.bought_product_ids, self.bought_categ_ids, self.bought_months
            ),
            not_bought=self._get_bought(
                self.not_bought_product_ids,
                self.not_bought_categ_ids,
                self.not_bought_months,
            ),
            asset_product_ids=tuple(self.asset_product_ids.ids if service else ()),
            contract_until=(
                today + timedelta(days=self.contract_end_days)
                if service and self.contract_end_days
                else None
            ),
            suggestion=self.with_suggestion,
            suggestion_product_ids=tuple(self.suggestion_product_ids.ids),
            partners=self._get_partner_query(),
            contact_choice=self.contact_choice,
            role_ids=tuple(self.role_ids.ids),
            use_account_address=self.use_account_address,
        )

    def _get_bought(self, products, categories, months):
        today = fields.Date.context_today(self)
        return audience_sql.Bought(
            tuple(products.ids),
            tuple(
                categories.search([("id", "child_of", categories.ids)]).ids
                if categories
                else ()
            ),
            today - relativedelta(months=months) if months else None,
        )

    def _get_partner_query(self):
        domain = self._get_partner_domain()
        if domain.is_true():
            return None
        # the company is in the criteria; the sending may not depend on who sends
        return self.env["res.partner"].sudo()._search(domain).subselect()

    def _get_members_query(self, purpose=None):
        """Query of the contacts with the reason why one is left out."""
        self.ensure_one()
        self.env.flush_all()
        criteria = self.sudo()._get_criteria()  # figures of customers, not shown here
        limits = purpose._get_limits(self.company_id) if purpose else None
        return audience_sql.members(criteria, limits)
