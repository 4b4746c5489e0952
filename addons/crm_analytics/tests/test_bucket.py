import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..tools import retention
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
        borders = [self.day(back) for back in (21, 16, 6, 0)]
        table = self.env["crm.customer.flow"]._get_table(self.company, borders)
        self.assertEqual(
            [
                (row["opening"], row["gained"], row["regained"], row["lost"])
                + (row["closing"],)
                for row in table
            ],
            [(0, 2, 0, 0, 2), (2, 0, 0, 2, 0), (0, 0, 1, 0, 1)],
        )

    def test_looking_at_the_bucket_computes_nothing(self):
        self.document(self.customer("Acme"), self.day(1), 10)
        self.refresh()
        for model in ("crm.customer.bridge", "crm.customer.flow"):
            self.assertTrue(self.env[model]._auto)
            self.assertIsNone(self.env[model]._table_query)
            self.assertTrue(
                self.env[model].search([("company_id", "=", self.company.id)])
            )
