from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..tools import association_rules
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestAssociation(ValueCommon):
    """Covers: ANA-09, SAL-15"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.as_of = fields.Date.today()
        Product = cls.env["product.product"]
        cls.pump, cls.seal, cls.oil, cls.call = (
            Product.create(
                {
                    "name": name,
                    "type": "service" if name == "Call-out" else "consu",
                    "list_price": 100,
                    "standard_price": 60,
                    "taxes_id": [Command.clear()],
                }
            )
            for name in ("Pump", "Seal", "Oil", "Call-out")
        )
        cls.buyers = [cls.customer(f"Buyer {index}") for index in range(11)]
        for index, buyer in enumerate(cls.buyers):
            extra = cls.seal if index < 8 else cls.env["product.product"]
            cls.order(buyer, cls.pump | extra | cls.call)
        for _index in range(25):
            cls.order(cls.buyers[10], cls.oil)
        cls.env["crm.value.policy"]._get_current(cls.company)

    @classmethod
    def order(cls, partner, products, confirm=True):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create({"product_id": product.id}) for product in products
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _rule(self, left, right):
        return self.env["crm.association.rule"].search(
            [
                ("company_id", "=", self.company.id),
                ("left_id", "=", left.id),
                ("left_two_id", "=", False),
                ("product_id", "=", right.id),
            ]
        )

    def _counts(self):
        self.env.flush_all()
        result = []
        for table, columns in (
            ("crm_basket_item", "product_id, count"),
            ("crm_basket_pair", "product_id, other_id, count"),
            ("crm_basket_line", "order_id, product_id"),
            (
                "crm_association_rule",
                "left_id, left_two_id, product_id, count, left_count, right_count,"
                " support, confidence, lift, leverage",
            ),
            ("crm_customer_suggestion", "partner_id, product_id, rule_id, score"),
        ):
            self.env.cr.execute(
                f"SELECT {columns} FROM {table} WHERE company_id = %s ORDER BY 1, 2",
                [self.company.id],
            )
            result.append(sorted(map(str, self.env.cr.fetchall())))
        return result

    def test_merged_customers_have_bought_what_both_did(self):
        """Who lacked the seal is now one with who has it. Covers: ANA-01"""
        Suggestion = self.env["crm.customer.suggestion"]
        lacking = self.buyers[8]
        seal = [("product_id", "=", self.seal.id), ("partner_id", "=", lacking.id)]
        self.refresh()
        self.assertTrue(Suggestion.search(seal))
        having = self.buyers[0]
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [having.id, lacking.id], lacking, extra_checks=False
        )
        run = self.refresh()
        self.assertEqual(run.kind, "incremental")
        self.assertFalse(Suggestion.search(seal))
        counts = self._counts()
        self.refresh("full")
        self.assertEqual(self._counts(), counts)

    def test_an_order_of_another_customer_changes_suggestions(self):
        self.refresh()
        order = self.env["sale.order"].search([("partner_id", "=", self.buyers[0].id)])
        order.partner_id = self.buyers[8]
        order.date_order = fields.Datetime.now() - timedelta(days=3)
        self.refresh()
        counts = self._counts()
        self.refresh("full")
        self.assertEqual(self._counts(), counts)

    def test_a_rule_has_the_counts_of_the_orders(self):
        self.refresh()
        rule = self._rule(self.pump, self.seal)
        self.assertRecordValues(
            rule, [{"count": 8, "left_count": 11, "right_count": 8}]
        )
        self.assertAlmostEqual(rule.support, 8 / 36)
        self.assertAlmostEqual(rule.confidence, 8 / 11)
        self.assertAlmostEqual(rule.lift, 8 / 11 / (8 / 36))
        orders = self.env["sale.order"].search(rule.action_open_orders()["domain"])
        self.assertEqual(len(orders), 8)

    def test_services_are_in_no_rule(self):
        self.refresh()
        self.assertFalse(self._rule(self.pump, self.call))
        self.assertFalse(self._rule(self.call, self.pump))

    def test_drafts_count_for_nothing(self):
        self.order(self.buyers[9], self.pump | self.oil, confirm=False)
        self.refresh()
        self.assertEqual(self._rule(self.pump, self.seal).left_count, 11)

    def test_rules_equal_those_counted_by_brute_force(self):
        self.order(self.buyers[0], self.pump | self.seal | self.oil)
        self.refresh()
        self.env.cr.execute(
            "SELECT order_id, product_id FROM crm_basket_line WHERE company_id = %s",
            [self.company.id],
        )
        baskets = {}
        for order, product in self.env.cr.fetchall():
            baskets.setdefault(order, set()).add(product)
        limits = association_rules.Limits()
        rules = self.env["crm.association.rule"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(rules)
        for rule in rules:
            left = set((rule.left_id | rule.left_two_id).ids)
            has_left = sum(left <= basket for basket in baskets.values())
            has_all = sum(
                left | {rule.product_id.id} <= basket for basket in baskets.values()
            )
            self.assertEqual((rule.count, rule.left_count), (has_all, has_left))
            self.assertGreaterEqual(has_all / len(baskets), limits.support)

    def test_many_lines_leave_no_rule_out(self):
        """Covers: ANA-09"""
        company, orders = self.company.id, 170_000
        products = (self.pump | self.seal | self.oil).sorted("id").ids
        self.env.cr.execute(
            "INSERT INTO crm_basket_line (company_id, order_id, product_id)"
            " SELECT %s, -o, p FROM generate_series(1, %s) o, unnest(%s) p",
            [company, orders, products],
        )
        self.env.cr.execute(
            "INSERT INTO crm_basket_item (company_id, product_id, count)"
            " SELECT %s, p, %s FROM unnest(%s) p",
            [company, orders, products],
        )
        self.env.cr.execute(
            "INSERT INTO crm_basket_pair (company_id, product_id, other_id, count)"
            " SELECT %s, a, b, %s FROM unnest(%s) a, unnest(%s) b WHERE a < b",
            [company, orders, products, products],
        )
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy = policy.copy({"rule_lift": 1.0})
        found, report = self.env["crm.association.rule"]._find_rules(
            self.company, policy
        )
        self.assertEqual((report["baskets"], report["rules"]), (orders, 9))
        self.assertEqual(
            sorted(rule.right for rule in found.rows() if len(rule.left) == 2),
            products,
        )

    def test_changed_orders_give_the_counts_of_counting_again(self):
        self.refresh()
        order = self.order(self.buyers[9], self.pump | self.seal | self.oil)
        gone = self.order(self.buyers[8], self.pump | self.oil)
        self.refresh()
        gone._action_cancel()
        order.order_line.filtered(
            lambda line: line.product_id == self.oil
        ).product_uom_qty = 0
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.product_b.id}
        )
        self.assertEqual(self.refresh().kind, "incremental")
        incremental = self._counts()
        self.refresh("full")
        self.assertEqual(incremental, self._counts())
        self.env.cr.execute(
            "DELETE FROM crm_basket_item; DELETE FROM crm_basket_pair;"
            "DELETE FROM crm_basket_line"
        )
        self.refresh("full")
        self.assertEqual(incremental[:3], self._counts()[:3])

    def test_a_customer_gets_what_others_bought_too(self):
        self.refresh()
        found = self.env["crm.customer.suggestion"].search(
            [("partner_id", "in", [self.buyers[8].id, self.buyers[0].id])]
        )
        self.assertEqual(found.partner_id, self.buyers[8])
        self.assertEqual(found.product_id, self.seal)
        self.assertIn("8 of 11", found.reason)
        order = self.env["sale.order"].browse(found.action_quote()["res_id"])
        self.assertEqual(order.order_line.product_id, self.seal)

    def test_the_quotation_says_who_buys_it_too_and_takes_it_with_one_click(self):
        self.refresh()
        seller = new_test_user(
            self.env,
            "advice_seller",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with Form(self.env["sale.order"].with_user(seller)) as form:
            form.partner_id = self.customer("Newcomer", user_id=seller.id)
            self.assertFalse(form.cross_sell_advice)
            with form.order_line.new() as line:
                line.product_id = self.pump
            self.assertEqual(
                form.cross_sell_advice[0]["reason"],
                "8 of 11 customers who buy Pump also buy Seal",
            )
        order = form.record
        order.action_add_advice(order.cross_sell_advice[0]["product_id"])
        self.assertEqual(order.order_line.product_id, self.pump | self.seal)
        self.assertFalse(order.cross_sell_advice)

    def test_telesales_gets_the_same_advice(self):
        self.refresh()
        advice = (
            self.env["crm.telesales"]
            .with_company(self.company)
            ._get_cross_sell_advice(self.customer("Caller"), self.pump)
        )
        self.assertEqual(
            advice, [(self.seal, "8 of 11 customers who buy Pump also buy Seal")]
        )

    def test_products_that_are_not_sold_are_not_advised(self):
        self.refresh()
        self.seal.sale_ok = False
        order = self.order(self.customer("New"), self.pump, confirm=False)
        self.assertFalse(order.cross_sell_advice)

    def test_too_few_orders_give_no_rule_and_say_so(self):
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"rule_minimum": 1000})
        run = self.refresh()
        self.assertEqual(run.model_fit["rules"]["refused"], "too few orders")
        self.assertFalse(self._rule(self.pump, self.seal))

    # --- what a basket is ---------------------------------------------------------

    def _change(self, **vals):
        self.env["crm.value.policy"]._get_current(self.company)._change(vals)

    def _put_in_quarters(self):
        """Orders of one product each, of the same customers and quarters."""
        for index in range(8):
            for product in (self.oil, self.product_b):
                order = self.order(self.buyers[index], product)
                order.date_order = fields.Datetime.subtract(
                    fields.Datetime.now(), months=3 + 3 * (index % 2)
                )
        self.env.flush_all()

    def test_a_customer_and_quarter_can_be_the_basket(self):
        self._put_in_quarters()
        self.refresh()
        self.assertFalse(self._rule(self.oil, self.product_b), "no order has both")
        self._change(basket_kind="quarter", rule_minimum=5)
        run = self.refresh()
        rule = self._rule(self.oil, self.product_b)
        # the 8 quarters with both, and that of the customer with oil alone
        self.assertRecordValues(rule, [{"count": 8, "left_count": 9, "right_count": 8}])
        orders = self.env["sale.order"].search(rule.action_open_orders()["domain"])
        self.assertEqual(len(orders), 16)
        self.assertEqual(run.model_fit["rules"]["baskets"], 8 + 11)
        self.assertEqual(self._rule(self.pump, self.seal).count, 8)
        # a changed order is followed, and the way back gives the counts of before
        orders.filtered(lambda o: o.order_line.product_id == self.oil)[
            0
        ]._action_cancel()
        self.assertEqual(self.refresh().kind, "incremental")
        self.assertEqual(self._rule(self.oil, self.product_b).count, 7)
        quarterly = self._counts()
        self.refresh("full")
        self.assertEqual(quarterly, self._counts())
        self._change(basket_kind="order")
        self.refresh()
        back = self._counts()
        self.refresh("full")
        self.assertEqual(back, self._counts())
        self.assertFalse(self._rule(self.oil, self.product_b))

    def test_advice_on_quarters_says_so(self):
        self._put_in_quarters()
        self._change(basket_kind="quarter", rule_minimum=5)
        self.refresh()
        found = self.env["crm.customer.suggestion"].search(
            [("partner_id", "=", self.buyers[10].id)]
        )
        [offer] = found.filtered(lambda row: row.product_id == self.product_b)
        self.assertIn("8 of 9 quarters", offer.reason)

    def test_services_count_when_the_policy_says_so(self):
        self._change(basket_services=True)
        self.refresh()
        self.assertEqual(self._rule(self.pump, self.call).count, 11)
        self._change(basket_services=False)
        self.refresh()
        self.assertFalse(self._rule(self.pump, self.call))

    def test_a_family_can_be_left_out_with_those_below(self):
        freight = self.env["product.category"].create({"name": "Freight"})
        below = self.env["product.category"].create(
            {"name": "Pallets", "parent_id": freight.id}
        )
        self.seal.categ_id = below
        self.refresh()
        self.assertTrue(self._rule(self.pump, self.seal))
        self._change(basket_left_out_ids=freight)
        self.refresh()
        self.assertFalse(self._rule(self.pump, self.seal))
        left = self._counts()
        self.refresh("full")
        self.assertEqual(left, self._counts())
