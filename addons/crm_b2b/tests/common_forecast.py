from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class ForecastCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "sales_team.group_sale_salesman"
        cls.seller = new_test_user(cls.env, "fc_seller", groups=group)
        cls.other = new_test_user(cls.env, "fc_other", groups=group)
        cls.leader = new_test_user(cls.env, "fc_leader", groups=group)
        cls.manager = new_test_user(
            cls.env, "fc_manager", groups="sales_team.group_sale_manager"
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Forecast team",
                "user_id": cls.leader.id,
                "member_ids": [(6, 0, (cls.seller + cls.other).ids)],
            }
        )
        stages = cls.env["crm.stage"]
        cls.stage = stages.create({"name": "F open", "forecast_category": "best_case"})
        cls.won = stages.create({"name": "F won", "is_won": True})
        cls.today = fields.Date.today()

    def deal(self, amount=1000, closing=None, **values):
        return self.env["crm.lead"].create(
            {
                "name": f"Deal of {amount}",
                "type": "opportunity",
                "user_id": self.seller.id,
                "team_id": self.team.id,
                "stage_id": self.stage.id,
                "expected_revenue": amount,
                "date_deadline": closing or self.today,
                "company_id": self.env.company.id,
                **values,
            }
        )
