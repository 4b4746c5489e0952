from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OrderToCashCommon


@tagged("post_install", "-at_install")
class TestAccountSecurity(OrderToCashCommon):
    """Covers: CUS-03, CUS-04, CUS-05, CUS-06"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.family = cls.env["product.category"].create({"name": "Resins"})
        cls.reseller = cls.env["res.partner"].create(
            {"name": "Reseller", "is_company": True}
        )
        cls.customer.user_id = cls.seller
        own = {"user_id": cls.seller.id, "company_id": cls.env.company.id}
        cls.records = {
            "crm.account.plan": cls.env["crm.account.plan"].create(
                own | {"partner_id": cls.customer.id, "name": "Plan"}
            ),
            "crm.visit.report": cls.env["crm.visit.report"].create(
                own | {"partner_id": cls.customer.id, "name": "Visit"}
            ),
            "crm.wallet.estimate": cls.env["crm.wallet.estimate"].create(
                own
                | {
                    "partner_id": cls.customer.id,
                    "categ_id": cls.family.id,
                    "yearly_spend": 10.0,
                }
            ),
            "crm.deal.registration": cls.env["crm.deal.registration"].create(
                own
                | {
                    "partner_id": cls.reseller.id,
                    "end_customer_id": cls.customer.id,
                    "subject": "Deal",
                }
            ),
            "crm.relationship.review": cls.env["crm.relationship.review"]
            .sudo()
            ._take(cls.customer, cls.env.company, today),
        }

    def _user(self, name, group, company=None):
        company = company or self.env.company
        return new_test_user(
            self.env,
            name,
            group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _seen(self, user):
        return {
            model
            for model, record in self.records.items()
            if self.env[model].with_user(user).search([("id", "=", record.id)])
        }

    def test_own_colleague_leader_manager_and_other_company(self):
        seller = "sales_team.group_sale_salesman"
        everything = set(self.records)
        self.assertEqual(self._seen(self.seller), everything)
        self.assertEqual(self._seen(self._user("sec_peer", seller)), set())
        manager = self._user("sec_boss", "sales_team.group_sale_manager")
        self.assertEqual(self._seen(manager), everything)
        company = self.env["res.company"].sudo().create({"name": "Second"})
        stranger = self._user("sec_far", "sales_team.group_sale_manager", company)
        self.assertEqual(self._seen(stranger), set())

    def test_somebody_without_sales_rights_reads_none_of_it(self):
        user = self._user("sec_none", "base.group_user")
        for model in self.records:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(user).search([])
        self.customer.with_user(user).read(["visit_count", "account_plan_count"])

    def test_a_seller_deletes_nothing_of_the_record(self):
        for model, record in self.records.items():
            with self.assertRaises(AccessError, msg=model):
                record.with_user(self.seller).unlink()
