from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common_result import ResultCommon


@tagged("post_install", "-at_install")
class TestCareCalendar(ResultCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.customer("Own Ltd.", user_id=cls.seller.id)
        cls.other_seller = cls.person("mk_seller2", "sales_team.group_sale_salesman")
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Own prices",
                "company_id": cls.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 5,
                            "date_end": f"{cls.today + timedelta(days=20)} 12:00:00",
                        }
                    )
                ],
            }
        )
        cls.account.specific_property_product_pricelist = cls.pricelist

    def bought(self, *days):
        for day in days:
            self.document(self.account, 100, date=self.today - timedelta(days=day))
        self.env.flush_all()
        self.env["crm.value.run"]._start(self.company, "full", self.today)

    def dates(self, code=None, user=None):
        self.env.flush_all()
        domain = [("partner_id", "=", self.account.id)]
        if code:
            domain.append(("code", "=", code))
        return self.env["crm.care.date"].with_user(user or self.env.user).search(domain)

    def test_prices_that_end_are_care_dates(self):
        """Covers: MKT-09"""
        row = self.dates("price")
        self.assertEqual(row.date, self.today + timedelta(days=20))
        self.assertEqual(row.notice_date, self.today - timedelta(days=10))
        self.assertEqual(row.user_id, self.seller)

    def test_frame_agreements_that_end_are_care_dates(self):
        """Covers: MKT-09"""
        order = self.env["sale.blanket.order"].create(
            {
                "partner_id": self.account.id,
                "validity_date": self.today + timedelta(days=40),
                "pricelist_id": self.pricelist.id,
                "validity_start_date": self.today,
                "payment_term_id": self.env.ref(
                    "account.account_payment_term_immediate"
                ).id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "product_uom": self.product_a.uom_id.id,
                            "original_uom_qty": 10,
                            "price_unit": 90,
                        }
                    )
                ],
            }
        )
        self.assertFalse(self.dates("frame"), "a draft binds nobody")
        order.action_confirm()
        row = self.dates("frame")
        self.assertEqual(row.date, self.today + timedelta(days=40))
        self.assertEqual(row.action_open_document()["res_id"], order.id)

    def test_an_own_rhythm_gives_the_next_order_and_then_silence(self):
        """Covers: MKT-09"""
        self.bought(45, 30, 15)
        self.assertEqual(self.dates("reorder").date, self.today)
        self.assertFalse(self.dates("silent"))

    def test_silence_is_twice_the_own_rhythm(self):
        """Covers: MKT-09"""
        self.bought(70, 60, 50)
        self.assertEqual(self.dates("silent").date, self.today - timedelta(days=30))
        self.assertFalse(self.dates("reorder"))

    def test_the_owner_is_reminded_once(self):
        """Covers: MKT-09"""
        Reminder = self.env["crm.care.reminder"].sudo()  # as the cron
        Reminder._remind(Reminder._find_due(self.today))
        mine = self.account.activity_ids
        self.assertEqual((len(mine), mine.user_id), (1, self.seller))
        self.assertIn("Own prices", mine.summary)
        self.env.flush_all()
        again = Reminder._find_due(self.today)
        self.assertNotIn(self.account, again.partner_id)
        self.pricelist.item_ids.date_end = f"{self.today + timedelta(days=25)} 12:00:00"
        self.env.flush_all()
        self.assertIn(self.account, Reminder._find_due(self.today).partner_id)

    def test_kinds_can_be_switched_off(self):
        """Covers: MKT-09"""
        kind = self.env.ref("crm_marketing.care_kind_price")
        kind.is_reminded = False
        self.env.flush_all()
        due = self.env["crm.care.reminder"]._find_due(self.today)
        self.assertNotIn(self.account, due.partner_id)
        kind.active = False
        self.assertFalse(self.dates("price"))

    def test_a_seller_sees_the_dates_of_own_customers(self):
        """Covers: MKT-09"""
        self.assertTrue(self.dates("price", self.seller))
        self.assertFalse(self.dates("price", self.other_seller))
        self.assertTrue(self.dates("price", self.marketer))
        stranger = self.person(
            "mk_stranger",
            "mass_mailing.group_mass_mailing_user",
            company=self.setup_other_company()["company"],
        )
        self.assertFalse(self.dates("price", stranger))

    def test_dates_of_installed_products_and_contracts_come_with_service(self):
        """Covers: MKT-09"""
        if "service.asset" not in self.env:
            self.skipTest("Service is not installed")
        self.env["service.asset"].sudo().create(
            {
                "name": "Mixer 7",
                "product_id": self.product_a.id,
                "partner_id": self.account.id,
                "company_id": self.company.id,
                "state": "active",
                "commissioned_date": self.today.replace(year=self.today.year - 2)
                + timedelta(days=3),
                "warranty_end": self.today + timedelta(days=10),
            }
        )
        self.assertEqual(
            self.dates("commissioned").date,
            (self.today.replace(year=self.today.year - 2) + timedelta(days=3)).replace(
                year=self.today.year
            ),
        )
        self.assertEqual(self.dates("warranty").date, self.today + timedelta(days=10))

    def test_the_cockpit_shows_figures_that_open_their_records(self):
        """Covers: MKT-02, CUS-08"""
        cockpit = self.env["crm.marketing.cockpit"].with_user(self.chief).get_cockpit()
        self.assertEqual(
            [step["code"] for step in cockpit["steps"]],
            ["identify", "differentiate", "interact", "customise"],
        )
        for step in cockpit["steps"]:
            for figure in step["figures"]:
                action = figure["action"]
                records = self.env[action["res_model"]].with_user(self.chief)
                self.assertEqual(
                    figure["value"], records.search_count(action["domain"]), figure
                )
        self.assertFalse(cockpit["budget"])
        self.plan.action_start()
        budget = self.env["crm.marketing.cockpit"].get_cockpit()["budget"]
        self.assertEqual((budget["budget"], budget["left"]), (1000, 1000))
        lower = self.env["crm.marketing.cockpit"].with_user(self.marketer).get_cockpit()
        self.assertNotIn("approve", str(lower["campaigns"]))
