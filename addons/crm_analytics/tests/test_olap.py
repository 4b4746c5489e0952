from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ValueCommon

MEASURES = ("revenue", "list_revenue", "discount_amount", "quantity")


class OlapCommon(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.seller = new_test_user(
            cls.env, "olap_seller", "sales_team.group_sale_salesman", **make
        )
        cls.analyst = new_test_user(
            cls.env,
            "olap_analyst",
            "crm_analytics.group_analyst,base.group_allow_export",
            **make,
        )
        cls.industry = cls.env["res.partner.industry"].create({"name": "Paint T"})
        cls.product_a.with_company(cls.company).standard_price = 40
        cls.mine = cls.customer(
            "Mine", user_id=cls.seller.id, industry_id=cls.industry.id
        )
        cls.theirs = cls.customer("Theirs", user_id=cls.analyst.id)
        cls.document(cls.mine, cls.day(1), 100, quantity=2, discount=10)
        cls.document(cls.mine, cls.day(0, 5), 30, "out_refund")
        cls.document(cls.theirs, cls.day(2), 70)
        cls.refresh()
        cls.env.flush_all()

    def _sums(self, model, domain, groupby, measures, user=None):
        Model = self.env[model].with_user(user or self.env.user)
        rows = Model._read_group(
            [("company_id", "=", self.company.id), *domain],
            groupby,
            [f"{name}:sum" for name in measures],
        )
        return rows


@tagged("post_install", "-at_install")
class TestOlap(OlapCommon):
    """Covers: ANA-12"""

    def test_sales_facts_are_the_monthly_facts_line_by_line(self):
        [facts] = self._sums("crm.sales.fact", [], [], (*MEASURES, "cost", "margin"))
        months = self.env["crm.customer.month"].search(
            [("company_id", "=", self.company.id)]
        )
        for index, name in enumerate(("revenue", "list_revenue", "discount_amount")):
            self.assertAlmostEqual(facts[index], sum(months.mapped(name)), 2)
        self.assertEqual(facts[3], 2 - 1 + 1)
        self.assertAlmostEqual(facts[4], sum(months.mapped("cost_of_goods")), 2)
        self.assertAlmostEqual(facts[5], sum(months.mapped("gross_margin")), 2)

    def test_sales_by_time_class_industry_territory_and_product(self):
        dimensions = ("value_class", "industry_id", "territory_id", "product_id")
        for groupby in ("date:month", "date:year", "tier", "categ_id", *dimensions):
            rows = self._sums("crm.sales.fact", [], [groupby], ("revenue",))
            self.assertAlmostEqual(sum(row[1] for row in rows), 220)
        by_industry = dict(
            self._sums("crm.sales.fact", [], ["industry_id"], ("revenue",))
        )
        self.assertEqual(by_industry[self.industry], 150)
        by_class = dict(self._sums("crm.sales.fact", [], ["value_class"], ("revenue",)))
        self.assertEqual(by_class, {self.value(self.mine).value_class: 220})

    def test_a_fact_opens_its_document(self):
        fact = self.env["crm.sales.fact"].search([("partner_id", "=", self.theirs.id)])
        action = fact.action_open_document()
        move = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(move.amount_untaxed_signed, fact.revenue)

    def test_marketing_facts_follow_a_campaign_to_the_invoice(self):
        campaign = self.env["utm.campaign"].create({"name": "Spring T"})
        lead = self.env["crm.lead"].create(
            {
                "name": "Brought",
                "type": "opportunity",
                "partner_id": self.mine.id,
                "campaign_id": campaign.id,
                "company_id": self.company.id,
            }
        )
        order = self._create_sale_order_one_line(
            product_id=self.product_a.id, price_unit=100, partner_id=self.mine.id
        )
        order.write({"campaign_id": campaign.id, "opportunity_id": lead.id})
        self.document(self.mine, self.day(1), 80, campaign_id=campaign.id)
        self.env.flush_all()
        [sums] = self._sums(
            "crm.marketing.fact",
            [("campaign_id", "=", campaign.id)],
            [],
            ("lead_count", "order_count", "ordered", "invoiced", "sent_count"),
        )
        self.assertEqual(sums, (1, 1, order.amount_untaxed, 80, 0))

    def test_mails_of_a_mailing_are_counted(self):
        if "mailing.trace" not in self.env:
            self.skipTest("needs Email Marketing")
        mailing = (
            self.env["mailing.mailing"]
            .sudo()
            .create(
                {
                    "subject": "Hello",
                    "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "user_id": self.analyst.id,
                }
            )
        )
        now = fields.Datetime.now()
        for status in ("sent", "open", "bounce"):
            self.env["mailing.trace"].sudo().create(
                {
                    "mass_mailing_id": mailing.id,
                    "model": "res.partner",
                    "res_id": self.mine.id,
                    "trace_status": status,
                    "sent_datetime": status != "bounce" and now,
                }
            )
        self.env.flush_all()
        [sums] = self._sums(
            "crm.marketing.fact",
            [("res_model", "=", "mailing.mailing"), ("res_id", "=", mailing.id)],
            [],
            ("sent_count", "opened_count", "failed_count"),
        )
        self.assertEqual(sums, (2, 1, 1))

    def test_service_facts_count_requests_and_work(self):
        if "helpdesk.ticket" not in self.env:
            self.assertFalse(self.env["crm.service.fact"].search([]))
            self.skipTest("needs a service application")
        ticket = (
            self.env["helpdesk.ticket"]
            .sudo()
            .create(
                {
                    "name": "Leak",
                    "description": "It leaks",
                    "partner_id": self.mine.id,
                    "company_id": self.company.id,
                }
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET closed_date = create_date"
            " + interval '5 hours' WHERE id = %s",
            [ticket.id],
        )
        fact = self.env["crm.service.fact"].search(
            [("partner_id", "=", self.mine.id), ("kind", "=", "request")]
        )
        self.assertRecordValues(
            fact, [{"request_count": 1, "closed_count": 1, "res_id": ticket.id}]
        )
        self.assertAlmostEqual(fact.solution_hours, 5)
        if "service.work.line" not in self.env:
            return
        before = fact.search([("kind", "=", "work")])
        self.env["service.work.line"].sudo().create(
            {
                "ticket_id": ticket.id,
                "name": "Repair",
                "quantity": 3,
                "kind": "hours",
                "state": "confirmed",
            }
        )
        self.env.flush_all()
        work = fact.search([("kind", "=", "work")]) - before
        self.assertRecordValues(
            work, [{"partner_id": self.mine.id, "work_hours": 3, "request_count": 0}]
        )

    def test_a_seller_sees_own_sales_without_cost(self):
        """Covers: ANA-12, ANA-06"""
        rows = self._sums("crm.sales.fact", [], [], ("revenue",), self.seller)
        self.assertEqual(rows, [(150,)])
        for name in ("cost", "margin"):
            with self.assertRaises(AccessError):
                self._sums("crm.sales.fact", [], [], (name,), self.seller)
        for model in ("crm.customer.flow", "crm.customer.equity"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.seller).search([])
