from odoo.fields import Command
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestRunOrder(ValueCommon):
    """What happens between two runs, or within one, leaves no wrong figure.

    Covers: ANA-01
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme, cls.other = cls.customer("Acme"), cls.customer("Other")
        cls.old = cls.document(cls.acme, cls.day(18), 700)
        for partner in (cls.acme, cls.other):
            cls.document(partner, cls.day(1), 100)
        cls.policy = cls.env["crm.value.policy"]._get_current(cls.company)

    def _begin(self, kind="incremental", until=None, as_of=None):
        """A run, done up to before the step ``until``."""
        self.env.flush_all()
        run = self.Run.sudo()._prepare(self.company, kind, as_of or self.as_of, None)
        while until and run._get_next_step().code != until:
            run._execute_step(run._get_next_step())
        return run

    def _go_on(self, run):
        self.env.flush_all()
        run._execute()
        return run

    def _check(self):
        """The tables are those of a full run."""
        tables = self.tables()
        self.assertEqual(self.refresh("full").state, "done")
        self.assertEqual(self.tables(), tables)

    # --- runs that did not end ------------------------------------------------

    def test_a_stopped_run_of_another_window_leaves_no_figure_of_it(self):
        self.refresh()
        wide = self.policy._change({"window_months": 24})
        self._begin("full", until="rules").action_cancel()
        facts = self.env["crm.customer.fact"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(sum(facts.mapped("monetary")), 900)
        wide._change({"window_months": 12})
        run = self.refresh()
        self.assertEqual((run.kind, run.state), ("full", "done"))
        self.assertEqual(self.value(self.acme).monetary, 100)
        self._check()

    def test_a_stopped_run_of_a_later_day_is_made_good(self):
        self.refresh()
        later = self._begin(until="rules", as_of=self.day(days=-11))
        later.action_cancel()
        self.assertEqual(self.refresh().kind, "full")
        self._check()

    def test_a_stopped_run_of_the_same_policy_needs_no_full_one(self):
        self.refresh()
        self.document(self.acme, self.as_of, 30)
        self._begin(until="values").action_cancel()
        run = self.refresh()
        self.assertEqual(run.kind, "incremental")
        self.assertEqual(self.value(self.acme).monetary, 130)
        self._check()

    def test_a_run_stopped_after_its_proof_leaves_its_marks(self):
        self.refresh()
        self.document(self.acme, self.as_of, 30)
        self._begin(until="playbooks").action_cancel()
        run = self.refresh()
        self.assertEqual((run.touched_count, run.proved_count), (1, 1))
        self._check()

    def test_baskets_of_a_stopped_run_are_counted_again(self):
        """Covers: ANA-09"""
        for _index in range(2):
            self._order(self.acme, self.product_a | self.product_b)
        self.refresh()
        items = self._get_items()
        self.assertEqual(set(items.values()), {2})
        quarterly = self.policy._change({"basket_kind": "quarter"})
        self._begin("full", until="features").action_cancel()
        self.assertEqual(set(self._get_items().values()), {1})
        quarterly._change({"basket_kind": "order"})
        self.refresh()
        self.assertEqual(self._get_items(), items)

    def _order(self, partner, products):
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": product.id}) for product in products
                ],
            }
        )
        order.action_confirm()
        return order

    def _get_items(self):
        items = self.env["crm.basket.item"].search(
            [("company_id", "=", self.company.id)]
        )
        items.invalidate_recordset()
        return {item.product_id: item.count for item in items}

    # --- runs that were interrupted -------------------------------------------

    def test_an_interrupted_run_of_another_day_ends(self):
        self.refresh()
        begun = self._begin(until="months", as_of=self.day(days=-3))
        run = self.refresh(as_of=self.day(days=-6))
        self.assertEqual(begun.state, "cancelled")
        self.assertTrue(begun.date_end)
        self.assertIn(str(self.day(days=-6)), begun.message_ids[0].body)
        self.assertEqual(
            (run.as_of, run.kind, run.state),
            (self.day(days=-6), "incremental", "done"),
        )

    def test_a_rebuild_does_not_go_on_with_less(self):
        self.refresh()
        begun = self._begin(until="months")
        run = self.refresh("full")
        self.assertEqual((begun.state, run.kind), ("cancelled", "full"))
        self.assertIn("full run", begun.message_ids[0].body)
        begun = self._begin("full", until="months")
        self.assertEqual(self.refresh(), begun, "a full one does what is asked, too")

    # --- what is posted meanwhile ---------------------------------------------

    def _assert_no_alarm(self, run, aside):
        self.assertEqual((run.state, run.guilty_count), ("done", 0))
        self.assertEqual(run.revenue_facts, run.revenue_moves)
        self.assertEqual(run.aside_count, aside)
        self.assertFalse(run.activity_ids)

    def test_what_is_posted_during_a_run_is_no_difference(self):
        new = self.customer("New")
        self.refresh()
        for kind in ("incremental", "full"):
            for before in ("facts", "months", "rules", "checks"):
                with self.subTest(kind=kind, before=before):
                    self.document(self.other, self.day(2), 1)
                    run = self._begin(kind, until=before)
                    self.document(self.acme, self.as_of, 30)
                    self.document(new, self.as_of, 5)
                    self.old.button_draft()
                    self._assert_no_alarm(self._go_on(run), 3)
                    self.old.action_post()
                    self._assert_no_alarm(self.refresh(), 0)
        self.assertEqual(self.value(new).monetary, 8 * 5)
        self._check()

    def test_a_merge_during_a_run_is_no_difference(self):
        third = self.customer("Third")
        self.document(third, self.day(1), 60)
        self.refresh()
        for kind, source in (("incremental", self.other), ("full", third)):
            self.document(source, self.day(2), 1)
            run = self._begin(kind, until="checks")
            self.env["base.partner.merge.automatic.wizard"]._merge(
                [source.id, self.acme.id], self.acme, extra_checks=False
            )
            self._assert_no_alarm(self._go_on(run), 1)
            self._assert_no_alarm(self.refresh(), 0)
        self.assertEqual(self.value(self.acme).monetary, 100 + 101 + 61)
        self._check()

    def test_a_difference_is_found_beside_what_is_posted(self):
        self.refresh()
        run = self._begin(until="checks")
        self.env.cr.execute(
            "UPDATE crm_customer_month SET revenue = 99"
            " WHERE partner_id = %s AND month = %s",
            [self.acme.id, self.old.invoice_date.replace(day=1)],
        )
        self.document(self.other, self.as_of, 30)
        self._go_on(run)
        self.assertEqual((run.state, run.guilty_count), ("warning", 1))
        self.assertEqual(run.guilty_move_ids, self.old)
        self.assertEqual(run.revenue_facts - run.revenue_moves, 99 - 700)
        self.assertEqual(len(run.activity_ids), 1)
