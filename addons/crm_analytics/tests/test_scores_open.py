import numpy as np
from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..tools import bgnbd, churn, clv, lifecycle, pareto, tier
from .common import ValueCommon


class ScoresCommon(ValueCommon):
    """Six customers with enough history for models."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls.env["crm.value.policy"]._get_current(cls.company)
        policy._change({"model_minimum": 3, "quintile_minimum": 6})
        cls.product_a.standard_price = 60
        cls.customers = [cls.customer(f"Customer {index}") for index in range(6)]
        for index, customer in enumerate(cls.customers):
            for month in range(index, 28, 2 + index):
                cls.document(customer, cls.day(month, index), 50 * (index + 1))
        cls.document(cls.customers[1], cls.day(2), 40, "out_refund")
        cls.last_run = cls.refresh()
        cls.policy = cls.last_run.policy_id
        cls.values = cls.Value.search(
            [("company_id", "=", cls.company.id)], order="partner_id"
        )


@tagged("post_install", "-at_install")
class TestScoresOpen(ScoresCommon):
    """Each score opens its rule, its numbers and the documents: they give it again.

    RFM and classes are shown the same way by ``test_values``, costs by ``test_costs``,
    rules by ``test_association``, risk and lifetime value by ``test_score_words``.
    """

    def _sum(self, action):
        moves = self.env["account.move"].search(action["domain"])
        return sum(moves.mapped("amount_untaxed_signed"))

    def _months(self, value):
        action = value.action_open_months()
        return self.env[action["res_model"]].search(action["domain"], order="month")

    def test_revenue_opens_the_journal_items_that_make_it(self):
        """Covers: ANA-01"""
        for value in self.values:
            items = self.env["account.move.line"].search(
                value.action_open_journal_items()["domain"]
            )
            self.assertTrue(items or not value.monetary)
            self.assertAlmostEqual(-sum(items.mapped("balance")), value.monetary)
            self.assertLessEqual(
                set(items.account_id.mapped("account_type")), {"income", "income_other"}
            )

    def test_scores_tell_their_rule_and_numbers(self):
        """Covers: ANA-03, ANA-05, ANA-07, ANA-08, CUS-02"""
        known = self.values.filtered("rank")
        for value in known:
            for name, share in value.loyalty_parts.items():
                self.assertIn(f"{name} {round(100 * share)} %", value.loyalty_words)
            self.assertIn("satisfaction", value.loyalty_words.split("left out")[1])
            rank, tier_words, life, stage = value.worth_words.split("\n")
            self.assertIn(f"rank {value.rank} of {len(known)}", rank)
            loyal = 1 + 5 * sum(v.loyalty < value.loyalty for v in known) // len(known)
            rich = sum(v.contribution < value.contribution for v in known)
            rich = 1 + 5 * rich // len(known)
            self.assertIn(
                f"Tier {value.tier}: quintile {loyal} of 5 by loyalty and {rich} of 5",
                tier_words,
            )
            self.assertIn(f"which is cell {loyal}-{rich} of the grid.", tier_words)
            cell = self.env["crm.tier.cell"]._get_cell(loyal, rich)
            self.assertEqual(value.tier, str(cell.tier))
            self.assertIn("the last half year repeats", life)
            self.assertIn("by BG/NBD", life)
            self.assertIn(str(value.lifecycle_since), stage)
            self.assertEqual(value._get_lifecycle().stage, value.lifecycle)

    def test_the_curve_of_a_customer_names_its_stages(self):
        """Covers: CUS-02"""
        names = dict(self.Value._fields["lifecycle"]._description_selection(self.env))
        insight = self.env["crm.insight"].with_company(self.company)
        for value in self.values:
            data = insight.get_gcv(value.partner_id.id)
            self.assertEqual(data["stage"], value.lifecycle)
            self.assertEqual(data["stages"][-1]["name"], names[value.lifecycle])

    def test_contribution_opens_months_that_open_documents(self):
        """Covers: ANA-03"""
        for value in self.values:
            months = self._months(value)
            for month in months:
                self.assertAlmostEqual(
                    self._sum(month.action_open_moves()), month.revenue
                )
            action = value.action_open_contribution()
            inside = self.env[action["res_model"]].search(action["domain"])
            self.assertLess(inside, months, "there is more than the window")
            self.assertAlmostEqual(
                sum(inside.mapped("contribution")), value.contribution
            )

    def test_letters_and_shares_follow_from_the_contributions(self):
        """Covers: ANA-03"""
        ranked = self.values.sorted("rank")
        found = pareto.analyse(ranked.mapped("contribution"))
        self.assertEqual(ranked.mapped("abc"), found.abc.tolist())
        shares = self.env["crm.insight"].with_company(self.company).get_dashboard()
        self.assertAlmostEqual(shares["share"]["top_share"], found.top_share)
        self.assertAlmostEqual(shares["share"]["destroyed"], found.destroyed)

    def test_loyalty_is_the_mean_of_its_parts(self):
        """Covers: ANA-08"""
        for value in self.values:
            weights = {
                name: self.policy[f"weight_{name}"] for name in value.loyalty_parts
            }
            mean = sum(
                weights[name] * part for name, part in value.loyalty_parts.items()
            ) / sum(weights.values())
            self.assertAlmostEqual(value.loyalty, 100 * mean, 1)

    def test_risk_and_trend_follow_from_the_signals(self):
        """Covers: ANA-02"""
        moves = self.env["account.move"]
        window = self.policy._get_windows(self.as_of)
        for value in self.values:
            half, before = (
                self._sum(
                    {
                        "domain": moves._get_customer_value_domain(
                            self.company, value.partner_id, low, high
                        )
                    }
                )
                for low, high in (
                    (window.half, self.as_of),
                    (window.half_before, window.half_before_end),
                )
            )
            self.assertAlmostEqual(value.revenue_change, half / before - 1)
            reasons = value.risk_reasons or []
            for code, figure, _adds in reasons:
                if code == "season":
                    self.assertAlmostEqual(figure, value.revenue_change, 3)
                if code == "overdue":
                    self.assertAlmostEqual(figure, value.recency / value.cadence, 3)
            self.assertEqual(len(value.reasons.splitlines()), len(reasons))
            strongest = [adds for _code, _figure, adds in reasons]
            self.assertEqual(strongest, sorted(strongest, reverse=True))
            # what raises the risk; other signals may only lower it
            most = churn.logistic(np.array([-1.4 + sum(strongest)]))[0]
            self.assertLessEqual(value.churn_risk, most + 0.001)

    def test_the_stage_follows_from_the_months(self):
        """Covers: CUS-02"""
        for value in self.values:
            by_month = {m.month: m.contribution for m in self._months(value)}
            month = first = value.first_date.replace(day=1)
            monthly = []
            while month <= self.as_of:
                monthly.append(by_month.get(month, 0.0))
                month += relativedelta(months=1)
            dormant = value.last_date + relativedelta(months=self.policy.dormant_months)
            found = lifecycle.analyse(
                monthly, first, 0, dormant if dormant <= self.as_of else None
            )
            self.assertEqual(
                (value.lifecycle, value.lifecycle_since), (found.stage, found.since)
            )

    def test_the_tier_follows_from_loyalty_and_contribution(self):
        """Covers: ANA-05"""
        tiers = tier.tiers(
            self.values.mapped("loyalty"),
            self.values.mapped("contribution"),
            self.env["crm.tier.cell"]._get_grid(),
        )
        self.assertEqual(
            self.values.mapped("tier"), [str(number) for number in tiers.tolist()]
        )

    def test_lifetime_follows_from_the_model_that_the_run_names(self):
        """Covers: ANA-07"""
        fitted = bgnbd.Parameters(*self.last_run.model_fit["closed"]["purchases"])
        for value in self.values:
            days = {
                move.invoice_date
                for move in self.env["account.move"].search(
                    self.env["account.move"]._get_customer_value_domain(
                        self.company, value.partner_id, purchases_only=True
                    )
                )
            }
            figures = (
                [len(days) - 1],
                [(max(days) - min(days)).days],
                [(self.as_of - min(days)).days],
            )
            self.assertAlmostEqual(
                value.p_active, bgnbd.p_alive(fitted, *figures)[0], 5
            )
            self.assertEqual(self.last_run.model_fit["rule"], "half_year_repeats")
            half = self._months(value).filtered(
                lambda month: month.month > self.as_of - relativedelta(months=6)
            )
            simple = clv.half_year_repeats(
                [sum(half.mapped("contribution"))],
                clv.Policy(self.policy.horizon_months, self.policy.discount_rate),
            )
            self.assertAlmostEqual(
                value.lifetime_value - value.contract_value, simple[0], 1
            )

    def test_the_bucket_opens_the_documents_of_its_revenue(self):
        """Covers: ANA-10"""
        rows = self.env["crm.customer.bridge"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertGreater(len(rows), 50)
        for row in rows[::7]:
            self.assertAlmostEqual(self._sum(row.action_open_moves()), row.revenue)
            months = self.env["crm.customer.month"].search(
                row.action_open_months()["domain"]
            )
            self.assertAlmostEqual(sum(months.mapped("gross_margin")), row.margin)
        for row in self.env["crm.customer.flow"].search(
            [("company_id", "=", self.company.id), ("kind", "!=", "lost")]
        ):
            moves = self.env["account.move"].search(row.action_open_moves()["domain"])
            self.assertEqual(max(moves.mapped("invoice_date")), row.date)

    def test_a_cohort_opens_the_documents_of_its_quarter(self):
        """Covers: ANA-10"""
        rows = self.env["crm.customer.cohort"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(rows)
        for row in rows:
            self.assertAlmostEqual(self._sum(row.action_open_moves()), row.revenue)

    def test_a_finding_opens_the_customers_it_counted(self):
        """Covers: ANA-11"""
        finding = self.env["crm.finding"].search(
            [("company_id", "=", self.company.id), ("code", "=", "order_size")]
        )
        found = self.Value.search(finding.action_open_customers()["domain"])
        self.assertEqual(len(found), finding.observation_count)
        self.assertLessEqual(found, self.values)
