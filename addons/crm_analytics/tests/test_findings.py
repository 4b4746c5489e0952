from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..tools import findings
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestFindings(ValueCommon):
    """Covers: ANA-11"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who buys more often places smaller orders
        for index in range(24):
            customer = cls.customer(f"Customer {index:02}")
            for number in range(1 + index % 8):
                cls.document(
                    customer,
                    cls.day(days=20 + 11 * number),
                    9000 / (1 + index % 8) ** 2,
                )

    def _finding(self, code):
        return self.env["crm.finding"].search(
            [("company_id", "=", self.company.id), ("code", "=", code)]
        )

    def test_a_connection_is_found_and_put_in_words(self):
        self.refresh()
        finding = self._finding("order_size")
        self.assertTrue(finding.holds)
        self.assertEqual(finding.state, "new")
        self.assertAlmostEqual(finding.strength, -1, 5)
        self.assertEqual(finding.observation_count, 24)
        self.assertEqual(
            finding.statement, "Frequency and order size move against each other."
        )
        self.assertEqual(finding.display_name, finding.statement)

    def test_every_finding_has_its_evidence(self):
        """Covers: ANA-11"""
        self.refresh()
        found = self.env["crm.finding"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(found), 10)
        for finding in found:
            with self.subTest(finding.code):
                self.assertEqual(finding.evidence["n"], finding.observation_count)
                self.assertIn(str(finding.observation_count), finding.evidence_text)
                tested = finding.state != "untested"
                self.assertEqual("p" in finding.evidence, tested)
                self.assertEqual("statistic" in finding.evidence, tested)
        finding = self._finding("order_size")
        self.assertEqual(finding.evidence["statistic"], -1)
        self.assertLess(finding.evidence["high"], -0.99)
        self.assertRegex(
            finding.evidence_text,
            "Spearman's rank correlation -1.000 .* of 24 observations on 2026-06-30",
        )

    def test_what_cannot_be_told_says_so(self):
        self.refresh()
        finding = self._finding("large_orders")
        self.assertFalse(finding.holds)
        self.assertEqual(finding.state, "untested")
        self.assertIn("cannot be told", finding.statement)

    def test_the_register_follows_a_statement_from_month_to_month(self):
        self.refresh(as_of=self.as_of - relativedelta(days=3))
        self.refresh()
        finding = self._finding("order_size")
        self.assertEqual(len(finding.result_ids), 1)
        self.refresh(as_of=self.as_of + relativedelta(months=1))
        self.assertEqual(finding.state, "confirmed")
        self.assertEqual(len(finding.result_ids), 2)
        self.assertEqual(set(finding.result_ids.mapped("state")), {"new", "confirmed"})

    def test_the_chance_is_adjusted_for_all_that_is_tested(self):
        self.refresh()
        run = self.Run._get_last(self.company)
        tested = self.env["crm.finding"]._test(run)
        p_values = [found.p for found, _e in tested.values() if found.p is not None]
        self.assertGreater(len(p_values), 1)
        expected = dict(
            zip(
                (code for code, (found, _e) in tested.items() if found.p is not None),
                findings.adjust(p_values),
                strict=True,
            )
        )
        for code, p_value in expected.items():
            self.assertAlmostEqual(self._finding(code).p_value, p_value, 4)
