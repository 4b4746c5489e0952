from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import workbook_campaigns
from .common_result import ResultCommon


@tagged("post_install", "-at_install")
class TestCampaignResult(ResultCommon):
    def test_figures_follow_leads_orders_invoices_and_bills(self):
        """Covers: MKT-03"""
        self.assertEqual(self.figures(), (0, 0, 0, 0, 0, 0, 0, 0))
        Lead = self.env["crm.lead"]
        Lead.create({"name": "A lead", "type": "lead", "campaign_id": self.campaign.id})
        deal = Lead.create(
            {
                "name": "A deal",
                "type": "opportunity",
                "partner_id": self.partner_a.id,
                "campaign_id": self.campaign.id,
            }
        )
        # the order says nothing; its deal does
        self.sell(self.partner_a, opportunity_id=deal.id, campaign_id=False)
        self.bill(250)
        self.assertEqual(self.figures(), (2, 1, 1, 1000, 1000, 600, 250, 140))

    def test_a_credit_note_takes_revenue_and_margin_back(self):
        """Covers: MKT-03"""
        order = self.sell(self.partner_a, campaign_id=self.campaign.id)
        move = order.invoice_ids
        refund = move._reverse_moves(
            [{"invoice_date": self.today, "date": self.today}], cancel=False
        )
        refund.invoice_line_ids.quantity = 4
        refund.action_post()
        self.assertEqual(self.figures()[4:6], (600, 360))

    def test_one_invoice_over_two_campaigns_is_shared_by_its_lines(self):
        """Covers: MKT-03"""
        other = self.env["utm.campaign"].create({"title": "Other"})
        orders = self.sell(
            self.partner_a, invoice=False, campaign_id=self.campaign.id
        ) | self.sell(self.partner_a, quantity=3, invoice=False, campaign_id=other.id)
        move = orders._create_invoices(grouped=False)
        self.assertEqual(len(move), 1)
        move.invoice_date = self.today
        move.action_post()
        self.assertEqual(self.figures()[4], 1000)
        self.assertEqual(self.figures(other)[4], 300)

    def test_foreign_currency_counts_at_the_rate_of_the_document(self):
        """Covers: MKT-03"""
        currency = self.setup_other_currency("EUR")  # 2 from 2017 on
        pricelist = self.env["product.pricelist"].create(
            {"name": "In euro", "currency_id": currency.id}
        )
        self.sell(
            self.partner_a, campaign_id=self.campaign.id, pricelist_id=pricelist.id
        )
        # 10 x 100 of a currency of which two make one; goods cost 10 x 40 of our own
        self.assertEqual(self.figures()[3:6], (500, 500, 100))

    def test_figures_are_those_of_the_company_one_works_in(self):
        """Covers: MKT-03"""
        self.sell(self.partner_a, campaign_id=self.campaign.id)
        other = self.setup_other_company()["company"]
        self.env.user.company_ids += other
        campaign = self.campaign.with_company(other)
        self.assertEqual(campaign.result_revenue, 0)
        stranger = self.person(
            "mk_other", "mass_mailing.group_mass_mailing_user", company=other
        )
        rows = self.env["crm.campaign.entry"].with_user(stranger)
        self.assertFalse(rows.search([("campaign_id", "=", self.campaign.id)]))
        self.assertFalse(
            self.env["crm.marketing.plan"]
            .with_user(stranger)
            .search([("id", "=", self.plan.id)])
        )

    def test_the_documents_opened_add_up_to_the_figures(self):
        """Covers: MKT-03"""
        self.sell(self.partner_a, campaign_id=self.campaign.id)
        self.sell(self.partner_b, quantity=7, campaign_id=self.campaign.id)
        self.bill(100)
        self.bill(30, move_type="in_refund")
        _l, _d, _o, ordered, revenue, margin, cost, _roi = self.figures()
        self.assertEqual((ordered, revenue, margin, cost), (1700, 1700, 1020, 70))

        def opened(method):
            action = getattr(self.campaign, method)()
            return self.env[action["res_model"]].search(action["domain"])

        self.assertEqual(
            sum(opened("action_open_result_orders").mapped("amount_untaxed")), ordered
        )
        invoices = opened("action_open_result_invoices")
        self.assertEqual(sum(invoices.mapped("amount_untaxed_signed")), revenue)
        bills = opened("action_open_result_bills")
        self.assertEqual(-sum(bills.mapped("amount_untaxed_signed")), cost)
        rows = opened("action_open_result")
        self.assertEqual(sum(rows.mapped("margin")), margin)
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual(
            {row.action_open_document()["res_id"] for row in rows},
            {*invoices.ids, *bills.ids, *opened("action_open_result_orders").ids},
        )

    def test_the_margin_is_that_of_customer_insight(self):
        """Covers: MKT-03"""
        self.sell(self.partner_a, campaign_id=self.campaign.id)
        self.env.flush_all()
        run = self.env["crm.value.run"]._start(self.company, "full", self.today)
        self.assertEqual(run.state, "done")
        month = self.env["crm.customer.month"].search(
            [("partner_id", "=", self.partner_a.id)]
        )
        self.assertAlmostEqual(sum(month.mapped("gross_margin")), self.figures()[5])

    def test_many_campaigns_are_read_at_once(self):
        campaigns = self.campaign.browse(
            self.env["utm.campaign"]
            .create([{"title": f"Campaign {number}"} for number in range(20)])
            .ids
        )
        names = ("result_revenue", "result_margin", "result_planned_cost")
        self.campaign.read(names)  # what is read once a process
        campaigns.mapped("title")
        with self.assertQueryCount(3):
            campaigns.mapped("result_revenue")
            campaigns.mapped("result_margin")
            campaigns.mapped("result_planned_cost")

    def test_margins_are_for_analysts(self):
        """Covers: MKT-03"""
        self.sell(self.partner_a, campaign_id=self.campaign.id)
        seen = self.campaign.with_user(self.marketer)
        self.assertEqual(seen.result_revenue, 1000)
        with self.assertRaises(AccessError):
            self.assertTrue(seen.result_margin)
        self.assertEqual(self.campaign.with_user(self.chief).result_margin, 600)
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.seller).mapped("result_revenue")
        with self.assertRaises(AccessError):
            self.env["crm.campaign.entry"].with_user(self.seller).search([])

    def test_the_workbook_has_live_sums_and_a_chart(self):
        """Covers: MKT-03, FRM-05"""
        self.sell(self.partner_a, campaign_id=self.campaign.id)
        self.bill(250)
        self.campaign.action_update_effect()
        self.env.flush_all()
        entries = self.env["crm.campaign.entry"].with_user(self.chief)
        with entries._get_workbook(self.company) as book:
            content = book.read()
        sheets = load_workbook(BytesIO(content))
        self.assertEqual(
            sheets.sheetnames, ["Campaigns", "Documents", "Effect", "Budget", "Proof"]
        )
        words = self.env["crm.workbook.words"]._get_words()
        self.assertLessEqual(set(workbook_campaigns.LABELS.values()), set(words))
        values = load_workbook(BytesIO(content), data_only=True)["Campaigns"]
        row = next(row for row in values.values if row[0] == "Primer offer")
        self.assertEqual(row, ("Primer offer", 0, 1, 1000, 1000, 600, 250, 350, 1.4))
        line = [cell for row in sheets["Campaigns"].values for cell in row]
        self.assertTrue(any(str(cell).startswith("=SUMPRODUCT") for cell in line))
        self.assertEqual(len(sheets["Campaigns"]._charts), 1)
        mailing = self.env["crm.insight.mailing"].create(
            {
                "name": "Campaigns",
                "workbook": "campaigns",
                "user_ids": [Command.set(self.chief.ids)],
            }
        )
        with mailing.with_user(self.chief).sudo(False)._get_book() as book:
            self.assertTrue(book.read(2))


@tagged("post_install", "-at_install")
class TestCampaignEffect(ResultCommon):
    """Accounts 0 to 39 are addressed and 40 to 59 held out, as if drawn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.env.ref("crm_marketing.purpose_products")
        cls.audience = cls.env["crm.audience"].create({"name": "All"})
        cls.start = cls.today - timedelta(days=30)
        cls.accounts = cls.env["res.partner"].create(
            [{"name": f"Account {number}", "is_company": True} for number in range(60)]
        )

    def freeze(self, held, accounts=None):
        """A frozen audience with the given accounts held out."""
        accounts = accounts or self.accounts
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO crm_audience_snapshot"
            " (company_id, audience_id, campaign_id, date)"
            " VALUES (%s, %s, %s, %s) RETURNING id",
            (self.company.id, self.audience.id, self.campaign.id, self.start),
        )
        [snapshot] = self.env.cr.fetchone()
        self.env.cr.executemany(
            "INSERT INTO crm_audience_member"
            " (snapshot_id, company_id, campaign_id, partner_id,"
            " commercial_partner_id, is_holdout) VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (snapshot, self.company.id, self.campaign.id, *[account.id] * 2)
                + (account in held,)
                for account in accounts
            ],
        )

    def effect(self, metric):
        self.campaign.action_update_effect()
        return self.campaign.effect_ids.filtered(lambda e: e.metric == metric)

    def test_the_effect_is_that_of_invoices_named_or_not(self):
        """Covers: MKT-03"""
        held = self.accounts[40:]
        self.freeze(held)
        for number, account in enumerate(self.accounts[:30]):
            self.document(account, 100 + number, date=self.start + timedelta(days=2))
        for account in held[:5]:
            self.document(account, 100)
        # before the campaign, and after its time: not counted
        self.document(held[0], 9999, date=self.start - timedelta(days=1))
        self.campaign.effect_days = 31
        revenue = self.effect("revenue")
        self.assertEqual((revenue.treated_count, revenue.held_count), (40, 20))
        self.assertAlmostEqual(revenue.treated_mean, (30 * 100 + 435) / 40)
        self.assertAlmostEqual(revenue.held_mean, 25)
        self.assertAlmostEqual(revenue.difference, 3435 / 40 - 25)
        # by R: t.test(c(100:129, rep(0, 10)), c(rep(100, 5), rep(0, 15)))$conf.int
        self.assertTrue(revenue.low > 0 and revenue.high > revenue.difference)
        self.assertAlmostEqual(revenue.total, 40 * revenue.difference)
        self.assertIn("95 %", revenue.verdict)
        self.assertAlmostEqual(self.effect("margin").treated_mean, (3435 - 1200) / 40)
        buyers = self.effect("buyers")
        self.assertAlmostEqual(buyers.difference, 30 / 40 - 5 / 20)
        self.assertGreater(buyers.low, 0)
        self.campaign.effect_days = 20
        self.assertAlmostEqual(self.effect("revenue").held_mean, 0)

    def test_credit_notes_lower_the_effect_and_reset_invoices_leave_it(self):
        """Covers: MKT-03"""
        self.freeze(self.accounts[40:])
        move = self.document(self.accounts[0], 500)
        self.document(self.accounts[1], 200, "out_refund")
        self.assertAlmostEqual(self.effect("revenue").treated_mean, 300 / 40)
        move.button_draft()
        self.assertAlmostEqual(self.effect("revenue").treated_mean, -200 / 40)

    def test_too_few_accounts_get_a_sentence_and_no_number(self):
        """Covers: MKT-03"""
        self.freeze(self.accounts[40:50], self.accounts[:50])
        revenue = self.effect("revenue")
        self.assertFalse(revenue.is_known)
        self.assertEqual(revenue.why, "too_few")
        self.assertFalse(revenue.difference or revenue.low or revenue.high)
        self.assertIn("10 held out are too few", revenue.verdict)

    def test_without_hold_out_nothing_is_claimed(self):
        """Covers: MKT-03"""
        self.freeze(self.env["res.partner"])
        self.assertEqual(self.effect("revenue").why, "no_hold_out")
        self.assertIn("Nobody was held out", self.effect("buyers").verdict)

    def test_an_account_on_both_sides_is_not_compared(self):
        """Covers: MKT-03"""
        self.freeze(self.accounts[40:])
        self.freeze(self.accounts[40:41], self.accounts[40:42])
        revenue = self.effect("revenue")
        # 40 is held out twice; 41 was held out first and addressed then
        self.assertEqual(
            (revenue.treated_count, revenue.held_count, revenue.mixed_count),
            (40, 19, 1),
        )

    def test_the_cron_renews_while_the_time_runs(self):
        """Covers: MKT-03"""
        self.freeze(self.accounts[40:])
        self.env["crm.campaign.effect"]._cron_update()
        self.assertEqual(len(self.campaign.effect_ids), 3)
        self.assertFalse(any(self.campaign.effect_ids.mapped("is_complete")))
        first = self.campaign.effect_ids
        self.campaign.effect_days = 5
        self.env["crm.campaign.effect"]._cron_update()
        self.campaign.invalidate_recordset()
        self.assertEqual(self.campaign.effect_ids, first.exists())
        self.assertEqual(first.exists()[:1].date, fields.Date.context_today(first))

    def test_effects_are_for_analysts(self):
        """Covers: MKT-03"""
        self.freeze(self.accounts[40:])
        self.effect("revenue")
        effects = self.env["crm.campaign.effect"]
        self.assertTrue(effects.with_user(self.chief).search([]))
        with self.assertRaises(AccessError):
            effects.with_user(self.marketer).search([])
