import random
from datetime import timedelta

from odoo.tests import tagged

from ..tools import pareto, rfm, value_class
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestValues(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(7)
        cls.product_a.standard_price = 60  # so that some customers bring a loss
        cls.customers = [cls.customer(f"Customer {i}") for i in range(12)]
        for index, customer in enumerate(cls.customers):
            for _i in range(1 + index % 5):
                days = cls.rng.randrange(0, 150 + 70 * index)
                amount = cls.rng.randrange(1, 3000) * (index + 1) / 10
                kind = "out_refund" if cls.rng.random() < 0.15 else "out_invoice"
                cls.document(customer, cls.as_of - timedelta(days=days), amount, kind)

    def _all_values(self):
        return self.Value.search([("company_id", "=", self.company.id)], order="id")

    def _use_quintiles(self):
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"quintile_minimum": 1})

    def _assert_scores(self, values, scores):
        found = [(v.r_score, v.f_score, v.m_score) for v in values]
        expected = list(
            zip(
                scores.recency.tolist(),
                scores.frequency.tolist(),
                scores.monetary.tolist(),
                strict=True,
            )
        )
        self.assertEqual(found, expected)

    def _figures(self, values):
        return (
            [v.recency if v.last_date else float("nan") for v in values],
            values.mapped("frequency"),
            values.mapped("monetary"),
        )

    def test_fixed_scores_are_those_of_the_kernel(self):
        """Covers: ANA-01"""
        self.refresh()
        values = self._all_values()
        limits = values.policy_id._get_limits()
        cuts = rfm.Cuts(limits.r_days, limits.f_days, limits.m_amounts)
        self._assert_scores(values, rfm.score_fixed(*self._figures(values), cuts))

    def test_quintile_scores_are_those_of_the_kernel(self):
        """Covers: ANA-01"""
        self._use_quintiles()
        self.refresh()
        values = self._all_values()
        self._assert_scores(values, rfm.score_quintile(*self._figures(values)))

    def test_groups_are_those_of_the_cells(self):
        """Covers: ANA-01"""
        self.refresh()
        by_cell = rfm.group_by_cell()
        for value in self._all_values():
            self.assertEqual(value.group_id.code, by_cell[int(value.cell)])

    def test_a_cell_given_to_another_group_moves_its_customers_at_the_next_run(self):
        """Covers: ANA-01"""
        self.refresh()
        value = self._all_values().filtered("cell")[0]
        scores = [int(score) for score in value.cell]
        cell = self.env["crm.rfm.cell"].search(
            [
                ("r_score", "=", scores[0]),
                ("f_score", "=", scores[1]),
                ("m_score", "=", scores[2]),
            ]
        )
        other = self.env["crm.rfm.group"].search([("id", "!=", cell.group_id.id)])[0]
        cell.group_id = other
        self.assertEqual(self.refresh().kind, "incremental")
        self.assertEqual(value.group_id, other)

    def test_each_cell_has_one_group(self):
        """Covers: ANA-01"""
        self.assertEqual(self.env["crm.rfm.cell"].search_count([]), 125)

    def test_abc_follows_the_kernel(self):
        """Covers: ANA-03"""
        self.refresh()
        values = self._all_values().sorted("rank")
        letters = pareto.analyse(values.mapped("contribution")).abc
        self.assertEqual(values.mapped("abc"), letters.tolist())

    def test_classes_follow_the_kernel(self):
        """Covers: ANA-04"""
        self.refresh()
        for value in self._all_values():
            facts = value_class.Facts(
                first_purchase=value.first_date or None,
                last_purchase=value.last_date or None,
                frequency=value.frequency,
                abc=value.abc,
                abc_before=value.abc_before or None,
                churn_risk=value._get_known("churn_risk"),
                revenue_change=value._get_known("revenue_change"),
                loyalty=value._get_known("loyalty"),
            )
            decision = value_class.decide(facts, self.as_of)
            self.assertEqual(
                (value.value_class, value.class_rule),
                (decision.value_class, decision.rule),
            )
            self.assertTrue(value.explanation)

    def test_every_figure_opens_the_documents_that_add_up_to_it(self):
        """Covers: ANA-01"""
        self.refresh()
        for value in self._all_values():
            revenue = self.env["account.move"].search(
                value.action_open_monetary()["domain"]
            )
            self.assertAlmostEqual(
                sum(revenue.mapped("amount_untaxed_signed")), value.monetary
            )
            purchases = self.env["account.move"].search(
                value.action_open_frequency()["domain"]
            )
            self.assertEqual(
                len(set(purchases.mapped("invoice_date"))), value.frequency
            )
            self.assertEqual(len(purchases), value.invoice_count)
            if value.last_date:
                last = self.env["account.move"].search(
                    value.action_open_recency()["domain"]
                )
                self.assertEqual(
                    {(self.as_of - date).days for date in last.mapped("invoice_date")},
                    {value.recency},
                )

    def test_each_month_opens_its_documents(self):
        """Covers: ANA-06"""
        self.refresh()
        for month in self.env["crm.customer.month"].search(
            [("company_id", "=", self.company.id)]
        ):
            moves = self.env["account.move"].search(month.action_open_moves()["domain"])
            self.assertAlmostEqual(
                sum(moves.mapped("amount_untaxed_signed")), month.revenue
            )

    def test_the_account_shows_its_value_and_is_found_by_it(self):
        """Covers: CUS-08"""
        self.refresh()
        partner = self.customers[3].with_company(self.company)
        value = self.value(partner)
        self.assertEqual(partner.value_class, value.value_class)
        self.assertEqual(partner.value_cell, value.cell)
        Partner = self.env["res.partner"].with_company(self.company)
        found = Partner.search([("value_class", "=", value.value_class)])
        self.assertIn(partner, found)
        missing = Partner.search([("value_class", "!=", value.value_class)])
        self.assertNotIn(partner, missing)
        self.assertIn(
            partner, Partner.search([("value_monetary", ">=", value.monetary - 1)])
        )
        self.assertNotIn(partner, Partner.search([("value_class", "=", False)]))

    def test_contacts_show_the_value_of_their_company(self):
        self.refresh()
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customers[3].id}
        )
        self.assertEqual(
            buyer.with_company(self.company).value_cell,
            self.value(self.customers[3]).cell,
        )

    def test_a_group_that_goes_is_no_longer_named(self):
        self.refresh()
        value = self.value(self.customers[0])
        cells = self.env["crm.rfm.cell"].search([("group_id", "=", value.group_id.id)])
        group = value.group_id
        other = self.env["crm.rfm.group"].search([("id", "!=", group.id)], limit=1)
        cells.group_id = other
        group.unlink()
        self.assertFalse(value.group_id)
        self.refresh()
        self.assertEqual(value.group_id, other)

    def test_a_list_of_accounts_reads_the_values_at_once(self):
        self.refresh()
        partners = self.env["res.partner"].browse([c.id for c in self.customers])
        partners.with_company(self.company).mapped("value_class")
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            partners.with_company(self.company).mapped("value_class")

    def test_a_refresh_without_changes_writes_nothing(self):
        self.refresh()
        run = self.refresh()
        rows = {step.code: step.row_count for step in run.step_ids}
        self.assertEqual((rows["facts"], rows["months"], rows["values"]), (0, 0, 0))
