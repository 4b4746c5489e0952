from ast import literal_eval

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_b2b.models.crm_demo_company import NAMESPACE
from odoo.addons.crm_b2b.tools import demo_words


@tagged("post_install", "-at_install")
class TestDemoCompany(TransactionCase):
    """A reduced demo company (one customer of each kind), built on a clean slate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A database with demo data holds the company already: forget its names, and
        # give way to its users, so that the builder starts anew.
        Data = cls.env["ir.model.data"]
        Data.search([("module", "=", NAMESPACE)]).unlink()
        users = cls.env["res.users"].with_context(active_test=False)
        users = users.search([("login", "=like", "sales_")])
        users |= users.search([("login", "in", ("manager", "finance", "logistics"))])
        for user in users:
            user.login = f"former_{user.login}"
        cls.last_move = (
            cls.env["account.move"].search([], order="id desc", limit=1).id or 0
        )
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.built = cls.env["crm.demo.company"]._build(customers_per_kind=1)
        cls.refs = {
            row.name: cls.env[row.model].browse(row.res_id)
            for row in Data.search([("module", "=", NAMESPACE)])
        }

    def _records(self, prefix):
        found = [rec for key, rec in self.refs.items() if key.startswith(prefix)]
        return found[0].union(*found)

    def test_no_service_on_the_internet_is_asked_about_it(self):
        parameters = self.env["ir.config_parameter"]
        self.assertEqual(parameters.get_param("crm.iap.lead.enrich.setting"), "manual")
        company = self.refs["built"]
        if "iap_enrich_auto_done" not in company._fields:
            self.skipTest("The addon that completes companies is not installed.")
        self.assertTrue(company.iap_enrich_auto_done)

    def test_what_is_set_up_reads_in_chinese(self):
        """Covers: FRM-03"""
        english = {
            (record._name, field): record.with_context(lang="zh_CN")[field]
            for record in self.refs.values()
            for field in demo_words.FIELDS.get(record._name, ())
            if record.with_context(lang="zh_CN")[field]
            == record.with_context(lang="en_US")[field]
        }
        self.assertFalse(english)
        stage = self.refs["stage_trial"].with_context(lang="zh_CN")
        self.assertEqual(stage.name, "现场试用")
        self.assertEqual(stage.with_context(lang="en_US").name, "Plant trial")

    def test_the_decider_is_known_in_every_language(self):
        """Covers: SAL-02"""
        role = self.env.ref("crm_b2b.buying_role_decider")
        domain = literal_eval(self.refs["criterion_decider"].domain)
        self.assertEqual(domain, [("buying_role_ids.role_id", "=", role.id)])

    def test_it_is_built_once(self):
        self.assertTrue(self.built)
        count = self.env["sale.order"].search_count([])
        self.assertFalse(self.env["crm.demo.company"]._build(customers_per_kind=1))
        self.assertEqual(self.env["sale.order"].search_count([]), count)

    def test_there_is_one_customer_of_each_kind_with_contacts(self):
        partners = self._records("partner_")
        self.assertEqual(len(partners), 11)
        for partner in partners:
            self.assertTrue(partner.child_ids)
            self.assertTrue(partner.user_id)

    def test_delivered_orders_are_invoiced_and_their_pickings_done(self):
        today = fields.Date.today()
        orders = self._records("order_")
        invoiced = orders.filtered(lambda order: order.invoice_ids)
        self.assertGreater(len(invoiced), 100)
        invoices = invoiced.invoice_ids
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertLessEqual(max(invoices.mapped("invoice_date")), today)
        for order in invoiced.filtered(
            lambda order: order.invoice_status == "invoiced"
        ):
            for line in order.order_line:
                self.assertEqual(line.qty_delivered, line.product_uom_qty)
        pickings = invoiced.picking_ids.filtered(lambda item: item.state == "done")
        self.assertLessEqual(max(pickings.mapped("date_done")).date(), today)
        self.assertEqual(
            pickings.move_ids.mapped("picked"), [True] * len(pickings.move_ids)
        )

    def test_open_orders_wait_for_delivery(self):
        orders = self._records("order_").filtered(lambda order: order.state == "sale")
        waiting = orders.picking_ids.filtered(
            lambda item: item.state not in ("done", "cancel")
        )
        self.assertTrue(waiting)
        self.assertFalse(waiting.sale_id.filtered(lambda o: not o.order_line))

    def test_invoices_are_paid_partly_paid_and_open(self):
        invoices = self._records("order_").invoice_ids
        paid = invoices.filtered(lambda move: move.payment_state == "paid")
        self.assertGreater(len(paid), len(invoices) * 0.7)
        for invoice in paid:
            self.assertEqual(invoice.amount_residual, 0)
        bad = self.refs["partner_credit_trouble_1"]
        overdue = invoices.filtered(
            lambda move: (
                move.partner_id.commercial_partner_id == bad
                and move.amount_residual > 0
                and move.invoice_date_due < fields.Date.today()
            )
        )
        self.assertTrue(overdue)

    def test_receipts_have_the_dates_of_the_plan_and_not_of_today(self):
        invoices = self._records("order_").invoice_ids
        lines = invoices.line_ids.filtered("matched_credit_ids")
        dates = lines.matched_credit_ids.mapped("max_date")
        self.assertGreater(len(set(dates)), 50)
        self.assertLessEqual(max(dates), fields.Date.today())

    def test_foreign_customers_are_invoiced_in_their_currency(self):
        key = self.refs["partner_key_1"]
        euro = self.env.ref("base.EUR")
        if self.env.company.currency_id == euro:
            self.skipTest("the company's own currency is the euro")
        invoices = self._records("order_").invoice_ids.filtered(
            lambda move: move.commercial_partner_id == key
        )
        self.assertEqual(invoices.currency_id, euro)

    def test_deals_are_open_won_and_lost_with_a_dated_history(self):
        deals = self._records("deal_")
        self.assertEqual(set(deals.mapped("won_status")), {"pending", "won", "lost"})
        won = deals.filtered(lambda deal: deal.won_status == "won")
        for deal in won:
            self.assertTrue(deal.order_ids)
            self.assertLess(deal.create_date, deal.date_closed)
        lost = deals.filtered(lambda deal: deal.won_status == "lost")
        self.assertTrue(all(deal.lost_reason_id for deal in lost))

    def test_lots_were_delivered_and_none_is_below_zero(self):
        lots = self._records("lot_")
        quants = self.env["stock.quant"].search(
            [("lot_id", "in", lots.ids), ("location_id.usage", "=", "internal")]
        )
        self.assertTrue(quants)
        self.assertGreaterEqual(min(quants.mapped("quantity")), 0)

    def test_every_move_of_the_ledger_balances(self):
        moves = self.env["account.move"].search([("id", ">", self.last_move)])
        for move in moves:
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0, 2)

    def test_prices_come_from_lists_agreements_and_hands(self):
        """Covers: SAL-14"""
        lines = self._records("order_").order_line.filtered("product_id")
        sources = lines.grouped("price_source")
        share = {source: len(found) / len(lines) for source, found in sources.items()}
        self.assertGreater(share["pricelist"], 0.4, share)
        self.assertGreater(share["manual"], 0.05, share)
        self.assertLess(share["manual"], 0.4, share)
        self.assertTrue(sources.get("frame"), share)
