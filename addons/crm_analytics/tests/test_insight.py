from dateutil.relativedelta import relativedelta

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
        self.assertTrue(data["run"]["ok"])
        self.assertEqual(data["run"]["difference"], 0)

    def test_each_bridge_closes_and_its_steps_open_what_they_count(self):
        """Covers: ANA-10"""
        bridges = self.Insight.get_dashboard()["bucket"]["bridges"]
        self.assertEqual(
            [bridge["code"] for bridge in bridges], ["revenue", "margin", "customers"]
        )
        names = {"revenue": "change", "margin": "margin_change", "customers": "change"}
        for bridge in bridges:
            steps = bridge["steps"]
            self.assertTrue(bridge["now"] or bridge["before"])
            self.assertAlmostEqual(
                bridge["before"] + sum(step["change"] for step in steps), bridge["now"]
            )
            for step in steps:
                rows = self.env[bridge["model"]].search(step["domain"])
                self.assertEqual(len(rows), step["count"])
                change = sum(rows.mapped(names[bridge["code"]]))
                self.assertAlmostEqual(change, step["change"])

    def test_periods_follow_each_other_and_open_what_they_count(self):
        """Covers: ANA-10"""
        Flow = self.env["crm.customer.flow"]
        periods = self.Insight.get_curves()["periods"]
        for rows in periods.values():
            self.assertEqual(len(rows), 12)
            before = None
            for row in rows:
                cells = {cell["code"]: cell for cell in row["cells"]}
                opening, gained, regained, lost, closing = (
                    cells[code]["value"]
                    for code in ("opening", "gained", "regained", "lost", "closing")
                )
                self.assertEqual(opening + gained + regained - lost, closing)
                self.assertIn(before, (None, opening))
                before = closing
                for code in ("gained", "regained", "lost"):
                    found = Flow.search_count(cells[code]["domain"])
                    self.assertEqual(found, cells[code]["value"])
                for code in ("opening", "closing"):
                    found = Flow.search(cells[code]["domain"])
                    self.assertEqual(sum(found.mapped("change")), cells[code]["value"])
            self.assertTrue(rows[-1]["ended"])
            self.assertGreater(cells["net"]["value"], 0)
            self.assertGreaterEqual(cells["net"]["value"], cells["gross"]["value"])
        self.assertEqual(
            periods["quarter"][-1]["cells"][4]["value"],
            periods["month"][-1]["cells"][4]["value"],
        )
        self.refresh(as_of=self.as_of + relativedelta(days=20))
        for rows in self.Insight.get_curves()["periods"].values():
            self.assertFalse(rows[-1]["ended"])
            self.assertEqual([c["value"] for c in rows[-1]["cells"][5:]], [False] * 2)
            self.assertTrue(rows[-2]["ended"])

    def test_a_short_history_has_no_retention(self):
        """Against half a year every year has grown."""
        month = self.day(0).replace(day=1)
        later = self.day(7).replace(day=1)
        self.assertIn(month, self.Insight._get_retentions([month]))
        self.assertEqual(self.Insight._get_retentions([later]), {})

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
            "list_revenue": ("crm.sales.fact", "list_revenue"),
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
            figure = step["after"] if step["total"] else -step["change"]
            self.assertAlmostEqual(sum(rows.mapped(field)), figure, 2, code)

    def test_the_profit_is_that_of_its_lines_to_the_cent(self):
        """Rows that are rounded one by one add up to the month, which is not rounded.

        Covers: ANA-03
        """
        customer = self.customer("Thirds")
        product = (
            self.env["product.product"]
            .with_company(self.company)
            .create({"name": "Thirds", "standard_price": 0.333})
        )
        for day in range(5):
            self.document(
                customer, self.day(1, day), 10.01, product=product, discount=3
            )
        self.refresh()
        customer = customer.with_company(self.company)
        steps = {step["code"]: step for step in customer.value_profit["steps"]}
        self.assertAlmostEqual(steps["goods"]["change"], -5 * 0.33, 3)
        for code, field, figure in (
            ("list_revenue", "list_revenue", steps["list_revenue"]["after"]),
            ("discount", "discount_amount", -steps["discount"]["change"]),
            ("goods", "cost", -steps["goods"]["change"]),
            ("gross_margin", "margin", steps["gross_margin"]["after"]),
        ):
            action = customer.action_open_profit_step(code)
            rows = self.env["crm.sales.fact"].search(action["domain"])
            self.assertEqual(len(rows), 5)
            self.assertAlmostEqual(sum(rows.mapped(field)), figure, 3, code)

    def test_who_is_being_lost_is_at_risk_whatever_the_letter(self):
        """Covers: ANA-02, ANA-14"""
        lost = self.customer("Was A")
        for month in range(13, 24):
            self.document(lost, self.day(month), 5000)
        self.document(lost, self.day(10), 40)
        self.refresh()
        value = self.value(lost)
        self.assertEqual((value.abc, value.abc_before), ("C", "A"))
        self.assertEqual(value.value_class, "being_lost")
        self.assertTrue(value.at_risk)
        risk = self.Insight.get_dashboard()["risk"]
        found = self._open_save_list()
        self.assertIn(value, found)
        self.assertEqual(len(found), risk["count"])
        self.assertAlmostEqual(sum(found.mapped("value_at_risk")), risk["amount"])
        self.assertIn("Visit", lost.with_company(self.company).value_next_action)

    def _open_save_list(self):
        """What the list shows: domain of the action, and its filter."""
        action = self.Insight.action_open_save_list()
        self.assertIn("search_default_at_risk", action["context"])
        return self.Value.search([*action["domain"], ("at_risk", "=", True)])

    def test_the_save_list_goes_by_the_policy_and_company(self):
        """Covers: ANA-02"""
        ours = [("company_id", "=", self.company.id)]
        values = self.Value.search(ours)
        for limit in (0.9, 0.05):
            self.env["crm.value.policy"]._get_current(self.company)._change(
                {"churn_limit": limit}
            )
            values.invalidate_recordset()
            expected = values.filtered(
                lambda value, limit=limit: (
                    value.value_class == "being_lost"
                    or (value.abc in ("A", "B") and value.churn_risk >= limit)
                )
            )
            self.assertEqual(
                self.Value.search([*ours, ("at_risk", "=", True)]), expected
            )
            self.assertEqual(values.filtered("at_risk"), expected)
            others = self.Value.search([*ours, ("at_risk", "=", False)])
            self.assertEqual(others | expected, values)
            self.assertFalse(others & expected)
        self.assertTrue(expected)
        other = self.setup_other_company()["company"]
        self.env["crm.value.policy"]._get_current(other)._change({"churn_limit": 0.4})
        value = values.filtered(lambda value: value.abc == "A")[0]
        given = {"partner_id": value.partner_id.id, "abc": "A", "churn_risk": 0.3}
        theirs = self.Value.sudo().create({**given, "company_id": other.id})
        self.assertFalse(theirs.at_risk, "0.3 is below the limit of its company")
        self.assertNotIn(theirs, self.Value.sudo().search([("at_risk", "=", True)]))
        theirs.churn_risk = 0.4
        self.assertTrue(theirs.at_risk)
        self.assertIn(theirs, self.Value.sudo().search([("at_risk", "=", True)]))
        both = self.env.user.company_ids | self.company | other
        insight = self.Insight.with_context(
            allowed_company_ids=[other.id, *(both - other).ids]
        )
        action = insight.action_open_save_list()
        found = self.Value.sudo().search(action["domain"])
        self.assertEqual(found, theirs, "of the company whose figure it is")

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
