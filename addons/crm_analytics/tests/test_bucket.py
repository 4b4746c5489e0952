import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..tools import months, retention
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestBucket(ValueCommon):
    """Covers: ANA-10"""

    def _events(self):
        return {
            (event.partner_id.id, event.kind, event.date)
            for event in self.env["crm.customer.flow"].search(
                [("company_id", "=", self.company.id)]
            )
        }

    def _spells(self, as_of):
        """The events by the kernel, from the documents."""
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("state", "=", "posted"),
                ("invoice_date", "<=", as_of),
            ]
        )
        found = retention.spells(
            [move.commercial_partner_id.id for move in moves],
            [move.invoice_date.toordinal() for move in moves],
            as_of.toordinal(),
        )
        day = as_of.fromordinal
        events = set()
        for customer, start, lost, first in zip(*found, strict=True):
            kind = "gained" if first else "regained"
            events.add((int(customer), kind, day(int(start))))
            if lost <= as_of.toordinal():
                events.add((int(customer), "lost", day(int(lost))))
        return events

    def test_the_flow_is_that_of_the_definition_run_after_run(self):
        rng = random.Random(7)
        customers = [self.customer(f"Flow {index}") for index in range(7)]
        moves, as_of = [], self.as_of - relativedelta(months=4)
        for _round in range(4):
            for _step in range(9):
                partner = rng.choice(customers)
                date = as_of - timedelta(days=int(rng.random() ** 2 * 1500))
                moves.append(self.document(partner, date, 100))
            rng.choice(moves).button_draft()
            as_of += timedelta(days=rng.randrange(10, 60))
            self.refresh(as_of=as_of)
            self.assertEqual(self._events(), self._spells(as_of))
        self.assertIn("lost", {kind for _partner, kind, _date in self._events()})
        self.assertIn("regained", {kind for _partner, kind, _date in self._events()})
        before = self._bridge()
        self.refresh("full", as_of=as_of)
        self.assertEqual(self._events(), self._spells(as_of))
        self.assertEqual(self._bridge(), before)

    def _bridge(self):
        return {
            (row.partner_id.id, row.month, row.kind, row.revenue, row.revenue_before)
            for row in self.env["crm.customer.bridge"].search(
                [("company_id", "=", self.company.id)]
            )
        }

    def test_opening_gained_regained_and_lost_make_the_closing(self):
        acme, quiet = self.customer("Acme"), self.customer("Quiet")
        self.document(acme, self.day(20), 10)
        self.document(acme, self.day(2), 10)
        self.document(quiet, self.day(20), 10)
        self.refresh()
        borders = [self.day(back).replace(day=1) for back in (21, 16, 6, -1)]
        table = self.env["crm.customer.flow"]._get_table(self.company, borders)
        self.assertEqual(
            [tuple(row) for row in zip(*table, strict=True)],
            [(0, 2, 0, 0, 2), (2, 0, 0, 2, 0), (0, 0, 1, 0, 1)],
        )

    def test_the_bridge_is_that_of_the_definition(self):
        """Kinds, sums and retentions of each month end, and what the screen shows."""
        rng = random.Random(11)
        customers = [self.customer(f"Bridge {index}") for index in range(9)]
        self.product_a.with_company(self.company).standard_price = 40
        for _step in range(60):
            date = self.as_of - timedelta(days=int(rng.random() * 1400))
            self.document(
                rng.choice(customers),
                date,
                rng.randrange(1, 900),
                "out_refund" if rng.random() < 0.25 else "out_invoice",
            )
        self.refresh()
        Month = self.env["crm.customer.month"]
        known = {
            (row.partner_id, row.month): row
            for row in Month.search([("company_id", "=", self.company.id)])
        }
        Bridge = self.env["crm.customer.bridge"]
        Insight = self.env["crm.insight"].with_company(self.company)
        kinds = set()
        for back in range(1, 24):
            month = months.shift(self.as_of.replace(day=1), -back)
            rows = Bridge.search(
                [("company_id", "=", self.company.id), ("month", "=", month)]
            )
            self._check_bridge(rows, month, known, customers, Insight)
            kinds |= set(rows.mapped("kind"))
        self.assertEqual(len(kinds), 5)

    def _check_bridge(self, rows, month, known, customers, Insight):
        def total(partner, start, name):
            keys = ((partner, months.shift(month, -start - n)) for n in range(12))
            return sum(known[key][name] for key in keys if key in known)

        earlier = [
            any(
                row.invoice_count and day <= months.shift(month, -24)
                for (other, day), row in known.items()
                if other == partner
            )
            for partner in customers
        ]
        expected = retention.revenue_bridge(
            [total(partner, 12, "revenue") for partner in customers],
            [total(partner, 0, "revenue") for partner in customers],
            earlier,
        )
        sums = {
            kind: sum(rows.filtered(lambda r, k=kind: r.kind == k).mapped("change"))
            for kind in ("gained", "regained", "grown", "shrunk", "lost")
        }
        self.assertAlmostEqual(sum(rows.mapped("revenue_before")), expected.opening)
        self.assertAlmostEqual(sums["gained"], expected.gained)
        self.assertAlmostEqual(sums["regained"], expected.regained)
        self.assertAlmostEqual(-sums["lost"], expected.lost)
        self.assertAlmostEqual(
            sums["grown"] + sums["shrunk"],
            expected.expansion - expected.contraction + expected.corrections,
        )
        self.assertAlmostEqual(sum(rows.mapped("revenue")), expected.closing)
        for row in rows:
            self.assertAlmostEqual(row.margin, total(row.partner_id, 0, "gross_margin"))
            self.assertAlmostEqual(
                row.margin_before, total(row.partner_id, 12, "gross_margin")
            )
            self.assertAlmostEqual(row.margin_change, row.margin - row.margin_before)
        begin = min(day for _partner, day in known)
        shares = Insight._get_retentions([month]).get(month)
        self.assertEqual(bool(shares), begin <= months.shift(month, -23))
        if shares:
            self.assertAlmostEqual(shares[0], expected.gross)
            self.assertAlmostEqual(shares[1], expected.net)

    def test_looking_at_the_bucket_computes_nothing(self):
        self.document(self.customer("Acme"), self.day(1), 10)
        self.refresh()
        for model in ("crm.customer.bridge", "crm.customer.flow"):
            self.assertTrue(self.env[model]._auto)
            self.assertIsNone(self.env[model]._table_query)
            self.assertTrue(
                self.env[model].search([("company_id", "=", self.company.id)])
            )
