import random
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, tagged

INCLUDES = (
    *("risk_invoice_draft", "risk_invoice_open", "risk_invoice_unpaid"),
    *("risk_account_amount", "risk_account_amount_unpaid"),
)


@tagged("post_install", "-at_install")
class TestCreditExposure(TransactionCase):
    """The one statement says what the risk fields say. Covers: SAL-19, SRV-05"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.companies = cls.env["res.company"].create(
            [
                {"name": f"Exposure {code}", "currency_id": cls.env.ref(code).id}
                for code in ("base.EUR", "base.USD")
            ]
        )
        cls.currencies = (
            cls.env.ref("base.EUR") | cls.env.ref("base.USD") | cls.env.ref("base.CHF")
        )
        cls.currencies.active = True
        for company in cls.companies:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company=company, install_demo=False
            )
            cls.env["res.currency.rate"].create(
                [
                    {
                        "currency_id": currency.id,
                        "company_id": company.id,
                        "rate": rate if currency != company.currency_id else 1.0,
                        "name": cls.today - timedelta(days=400),
                    }
                    for currency, rate in zip(
                        cls.currencies, (0.9, 1.1, 1.3), strict=True
                    )
                ]
            )
        cls.env.user.company_ids |= cls.companies

    def _sell(self, dice, company, partner):
        """An invoice or refund, open, late, half paid, paid or still a draft."""
        late = dice.choice((-20, -1, 0, 1, 15, 60))
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": dice.choice(
                        ("out_invoice", "out_invoice", "out_refund")
                    ),
                    "partner_id": partner.id,
                    "currency_id": dice.choice(self.currencies).id,
                    "invoice_date": self.today - timedelta(days=90),
                    "invoice_date_due": self.today - timedelta(days=late),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Primer",
                                "price_unit": dice.randint(1, 99999) / 100,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
            )
        )
        if dice.random() < 0.2:
            return  # a draft
        move.action_post()
        if dice.random() < 0.3:
            part = dice.choice((1.0, 0.37))
            self.env["account.payment.register"].with_company(company).with_context(
                active_model="account.move", active_ids=move.ids
            ).create(
                {
                    "amount": round(move.amount_residual * part, 2),
                    "currency_id": move.currency_id.id,
                }
            )._create_payments()

    def _settle_limit(self, dice, company, partner):
        partner.with_company(company).write(
            {"credit_limit": dice.choice((0, 100, 5000))}
            | {f"{name}_include": dice.random() < 0.7 for name in INCLUDES}
            | dice.choice(
                (
                    {"credit_currency": "company"},
                    {"credit_currency": "receivable"},
                    {
                        "credit_currency": "manual",
                        "manual_credit_currency_id": dice.choice(self.currencies).id,
                    },
                )
            )
            | {"company_id": dice.choice((False, company.id))}
        )

    def _compare(self, company, partners):
        partners = partners.with_company(company).with_context(
            allowed_company_ids=company.ids
        )
        found = partners._read_credit_standings()
        partners.invalidate_recordset()
        for partner in partners:
            late = self.env["account.move"].search(
                [
                    ("company_id", "=", company.id),
                    ("commercial_partner_id", "=", partner.id),
                    ("move_type", "in", ("out_invoice", "out_receipt")),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                    ("invoice_date_due", "<", self.today),
                ],
                order="id",
            )
            days = [(self.today - move.invoice_date_due).days for move in late]
            standing = found[partner.id]
            self.assertEqual(standing.currency_id, partner.risk_currency_id.id)
            self.assertEqual(standing.limit, partner.credit_limit)
            self.assertAlmostEqual(standing.exposure, partner.risk_total, 6)
            self.assertEqual(standing.move_ids, late.ids)
            self.assertEqual(standing.overdue_days, max(days, default=0))
            self.assertAlmostEqual(
                standing.overdue_amount, sum(late.mapped("amount_residual_signed")), 6
            )
        return found

    def test_the_statement_has_the_figures_of_the_risk_fields(self):
        """Refunds, payments, drafts, due dates, currencies and two companies."""
        exposures = set()
        for seed in range(3):
            dice = random.Random(seed)
            partners = self.env["res.partner"].create(
                [{"name": f"Exposed {n}", "is_company": True} for n in range(3)]
            )
            for company in self.companies:
                for partner in partners:
                    for _document in range(dice.randint(0, 4)):
                        self._sell(dice, company, partner)
            for company in self.companies:
                for partner in partners:
                    self._settle_limit(dice, company, partner)
                for standing in self._compare(company, partners).values():
                    exposures.add(round(standing.exposure, 2))
        self.assertGreater(len(exposures - {0.0}), 8, "the documents say something")

    def test_an_account_other_than_the_customers_counts_apart(self):
        company = self.companies[0]
        partner = self.env["res.partner"].create({"name": "Moved", "is_company": True})
        self._sell(random.Random(7), company, partner)
        account = self.env["account.account"].with_company(company)
        partner.with_company(company).property_account_receivable_id = account.create(
            {
                "name": "Other receivables",
                "code": "119999",
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": [Command.set(company.ids)],
            }
        )
        for include in (True, False):
            partner.risk_account_amount_include = include
            partner.risk_account_amount_unpaid_include = include
            self._compare(company, partner)

    def test_a_batch_takes_as_many_queries_as_one_customer(self):
        company = self.companies[0]
        partners = (
            self.env["res.partner"]
            .create([{"name": f"Batch {n}", "credit_limit": 100} for n in range(5)])
            .with_company(company)
        )
        for partner in partners:
            self._sell(random.Random(1), company, partner)

        def cost(part):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            part._read_credit_standings()
            return self.env.cr.sql_log_count - before

        cost(partners)
        self.assertEqual(cost(partners), cost(partners[0]))
