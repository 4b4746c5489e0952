from odoo import fields
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from odoo.addons.crm_analytics.controllers.customer_value import _answer, _get_company


class CampaignWorkbook(Controller):
    @route("/crm_marketing/campaigns.xlsx", type="http", auth="user", readonly=True)
    def campaigns(self):
        """The workbook of campaigns of the current company, streamed."""
        if not request.env.user.has_group("crm_analytics.group_analyst"):
            raise AccessError(
                request.env._("Only analysts may download the campaign workbook.")
            )
        company = _get_company()
        entries = request.env["crm.campaign.entry"].with_company(company)
        name = f"campaigns_{fields.Date.context_today(entries)}.xlsx"
        return _answer(entries._get_workbook(company), name)
