from datetime import timedelta

from odoo import Command, api, models

from ..tools import demo_marketing as texts


class CrmDemoCompany(models.AbstractModel):
    """The personal page of a customer of the demo company."""

    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _build_marketing_news(self, today, refs):
        industries = {
            key.removeprefix("industry_"): ref
            for key, ref in refs.items()
            if key.startswith("industry_")
        }
        values = {
            f"news_{number}": {
                "name": item.name,
                "summary": item.summary,
                "body": item.body,
                "company_id": self.env.company.id,
                "user_id": refs["user_marketing"],
                "date_from": today - timedelta(days=item.age),
                "is_published": True,
                "industry_ids": [Command.set(sorted(industries.values())[:3])]
                if item.some
                else False,
            }
            for number, item in enumerate(texts.NEWS)
        }
        self._ensure("crm.news", values, refs)
