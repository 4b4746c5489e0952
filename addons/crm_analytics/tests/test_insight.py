from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestInsight(ValueCommon):
    """Covers: ANA-14, ANA-03, ANA-06, ANA-10, CUS-02"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_a.with_company(cls.company).standard_price = 31
        cls.customers = [cls.customer(f"Customer {index}") for index in range(6)]
        for index, customer in enumerate(cls.customers):
            for month in range(index, 30, 2 + index):
                cls.document(customer, cls.day(month), 100 * (index + 1), discount=10)
        cls.refresh(as_of=cls.day(2))
        cls.document(cls.customers[0], cls.day(1), 9000)
        cls.refresh()
        cls.Insight = cls.env["crm.insight"].with_company(cls.company)

    def test_the_start_page_adds_up_to_the_values(self):
        data = self.Insight.get_dashboard()
        values = self.Value.search([("company_id", "=", self.company.id)])
        self.assertEqual(sum(row["count"] for row in data["classes"]), len(values))
        self.assertAlmostEqual(
            sum(row["monetary"] for row in data["classes"]),
            sum(values.mapped("monetary")),
        )
        bucket = data["bucket"]
        self.assertAlmostEqual(
            bucket["before"] + sum(step["change"] for step in bucket["steps"]),
            bucket["revenue"],
        )
        self.assertTrue(data["run"]["ok"])
        self.assertEqual(data["run"]["difference"], 0)

    def test_the_start_page_draws_who_makes_the_profit(self):
        values = self.Value.search([("company_id", "=", self.company.id)])
        amounts = sorted(values.mapped("contribution"), reverse=True)
        share = self.Insight.get_dashboard()["share"]
        totals = [point["total"] for point in share["whale"]]
        self.assertEqual(share["whale"][0], {"share": 0, "total": 0})
        self.assertAlmostEqual(totals[1], amounts[0])
        self.assertAlmostEqual(totals[-1], sum(amounts))
        self.assertEqual(len(totals), len(amounts) + 1)
        self.assertTrue(0 < share["gini"] < 1)

    def test_the_whale_curve_ends_at_the_sum_of_contributions(self):
        points = self.Insight.get_curves()["whale"]
        values = self.Value.search([("company_id", "=", self.company.id)])
        self.assertAlmostEqual(points[-1]["total"], sum(values.mapped("contribution")))
        self.assertEqual(points[-1]["share"], 1)
        for point in points:
            domain = self.Insight.get_ranked_domain(point["first"], point["rank"])
            found = self.Value.search(domain)
            self.assertAlmostEqual(sum(found.mapped("contribution")), point["amount"])

    def test_each_cell_of_the_grid_counts_its_customers(self):
        for cell in self.Insight.get_curves()["grid"]:
            found = self.Value.search_count(
                [
                    ("company_id", "=", self.company.id),
                    ("r_score", "=", cell["r"]),
                    ("f_score", "=", cell["f"]),
                ]
            )
            self.assertEqual(found, cell["count"])

    def test_moves_and_cohorts_are_those_of_the_tables(self):
        data = self.Insight.get_curves()
        moves = self.env["crm.customer.move"].search_count(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(sum(c["count"] for c in data["moves"]["cells"]), moves)
        for row in data["cohorts"]:
            self.assertEqual(row["cells"][0]["share"], 1)
            self.assertLessEqual(max(cell["share"] for cell in row["cells"]), 1)

    def test_the_curve_of_a_customer_ends_at_all_it_brought(self):
        customer = self.customers[1]
        data = self.Insight.get_gcv(customer.id)
        months = self.env["crm.customer.month"].search(
            [("partner_id", "=", customer.id)]
        )
        self.assertAlmostEqual(
            data["points"][-1]["total"], sum(months.mapped("contribution"))
        )

    def test_the_profit_falls_from_list_price_to_what_is_left(self):
        customer = self.customers[1].with_company(self.company)
        profit = customer.value_profit
        steps = {step["code"]: step for step in profit["steps"]}
        self.assertAlmostEqual(
            steps["list_revenue"]["after"] + steps["discount"]["change"],
            steps["revenue"]["after"],
        )
        self.assertLess(steps["discount"]["change"], 0)
        value = self.value(customer)
        self.assertAlmostEqual(steps["left"]["after"], value.contribution)
        self.assertIn("marketing", profit["missing"] + list(steps))
        opened = {
            "list_revenue": ("account.move", None),
            "revenue": ("account.move", "amount_untaxed_signed"),
            "discount": ("crm.sales.fact", "discount_amount"),
            "goods": ("crm.sales.fact", "cost"),
            "gross_margin": ("crm.sales.fact", "margin"),
            "left": ("crm.customer.month", "contribution"),
        }
        for code, step in steps.items():
            action = customer.action_open_profit_step(code)
            model, field = opened.get(code, ("crm.customer.cost", "amount"))
            self.assertEqual(action["res_model"], model)
            rows = self.env[model].search(action["domain"])
            if code == "left":
                rows = rows.filtered(lambda m: str(m.month) >= profit["from"])
            if field:
                figure = step["after"] if step["total"] else -step["change"]
                self.assertAlmostEqual(sum(rows.mapped(field)), figure, 2, code)

    def test_every_valued_customer_that_bought_has_a_next_step(self):
        for customer in self.customers:
            self.assertTrue(customer.with_company(self.company).value_next_action)

    def test_a_seller_sees_neither_start_page_nor_profit(self):
        seller = new_test_user(
            self.env,
            "insight_seller",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        for name in ("get_dashboard", "get_curves"):
            with self.assertRaises(AccessError):
                getattr(self.env["crm.insight"].with_user(seller), name)()
        with self.assertRaises(AccessError):
            self.customers[0].with_user(seller).read(["value_profit"])

    def test_a_run_tells_its_models_in_words(self):
        """Covers: ANA-07"""
        run = self.Run._get_last(self.company)
        self.assertEqual(
            run.model_fit_shown["refused"],
            "Not enough history: 6 of 6 customers bought again, 50 are needed.",
        )
        self.assertEqual(run.model_fit_shown["rule"], run.model_fit["rule"])
        self.assertTrue(run.is_last)
        for reason in (
            "not enough history: 12 customers with a mean value; 50 are needed",
            "not enough history: 12 customers",
            "5 of 400 customers were lost; at least 20 lost and as many kept are"
            " needed",
            "55 customers are too few to re-estimate: 200",
            "fewer than 10 contracts: nothing is said about renewals",
        ):
            words = run._get_refusal_words(reason)
            self.assertNotEqual(words, reason)
            self.assertTrue(words[0].isupper() or words[0].isdigit())
        self.assertEqual(run._get_refusal_words("something new"), "something new")
