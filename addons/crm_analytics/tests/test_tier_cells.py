from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools import tier
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestTierCells(ValueCommon):
    """The grid of service tiers is data. Covers: ANA-05"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Cell = cls.env["crm.tier.cell"]
        # Whatever the managers of this database made of it.
        for cell in cls.Cell.search([]):
            cls.env.cr.execute(
                "UPDATE crm_tier_cell SET tier = %s WHERE id = %s",
                [
                    tier.GRID[cell.loyalty_quintile - 1][
                        cell.contribution_quintile - 1
                    ],
                    cell.id,
                ],
            )
        cls.Cell.invalidate_model()
        policy = cls.env["crm.value.policy"]._get_current(cls.company)
        policy._change({"quintile_minimum": 5})

    @classmethod
    def _value_customers(cls):
        """Five customers, each in one quintile of loyalty and contribution."""
        for index in range(5):
            customer = cls.customer(f"Customer {index}")
            for month in range(1, 2 + 2 * index):
                cls.document(customer, cls.day(month), 100 * (index + 1))
        cls.refresh()
        return cls.Value.search([("company_id", "=", cls.company.id)])

    # --- the cells -------------------------------------------------------------

    def test_each_of_the_25_cells_is_there_once(self):
        self.assertEqual(self.Cell.search_count([]), 25)
        self.assertEqual(self.Cell._get_cells(), tier.cells_of())

    def test_the_grid_is_read_by_one_query(self):
        self.Cell._get_grid()
        self.Cell.invalidate_model()
        with self.assertQueryCount(1):
            grid = self.Cell._get_grid()
        self.assertEqual(grid, [list(row) for row in tier.GRID])

    def test_a_cell_exists_once(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.Cell.sudo().create(
                {"loyalty_quintile": 3, "contribution_quintile": 3, "tier": 3}
            )

    def test_numbers_beyond_five_are_refused(self):
        for values in (
            {"tier": 0},
            {"tier": 6},
            {"loyalty_quintile": 6},
            {"contribution_quintile": 0},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.Cell._get_cell(1, 1).write(values)

    def test_a_better_customer_never_gets_less_service(self):
        with self.assertRaises(ValidationError) as caught:
            self.Cell._get_cell(4, 4).tier = 4
        self.assertRegex(
            str(caught.exception), r"Cell 4-4 .*\(tier 4\).* cell 3-4 .*\(tier 3\)"
        )
        with self.assertRaises(ValidationError):
            self.Cell._get_cell(1, 1).tier = 3
        both = self.Cell._get_cell(5, 5) | self.Cell._get_cell(4, 5)
        both.tier = 2
        self.assertEqual(both.mapped("tier"), [2, 2])

    def test_nobody_deletes_a_cell(self):
        with self.assertRaises(UserError) as caught:
            self.Cell.sudo().search([], limit=1).unlink()
        self.assertIn("25 cells", str(caught.exception))

    # --- who may what ------------------------------------------------------------

    def _as(self, group):
        user = new_test_user(
            self.env,
            group.replace(".", "_"),
            group,
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        return self.Cell.with_user(user)

    def test_a_seller_sees_no_grid(self):
        with self.assertRaises(AccessError):
            self._as("sales_team.group_sale_salesman").search([])

    def test_an_analyst_reads_the_grid(self):
        cell = self._as("crm_analytics.group_analyst").search([], limit=1)
        self.assertEqual(cell.tier, 1)
        with self.assertRaises(AccessError):
            cell.tier = 1

    def test_a_manager_edits_cells_but_makes_and_deletes_none(self):
        cells = self._as("crm_analytics.group_manager")
        cell = cells._get_cell(2, 3)
        cell.tier = 3
        self.assertEqual(self.Cell._get_grid()[1], [5, 4, 3, 3, 2])
        with self.assertRaises(AccessError):
            cells.create({"loyalty_quintile": 1, "contribution_quintile": 1, "tier": 5})
        with self.assertRaises(AccessError):
            cell.unlink()

    # --- the customers of a cell -------------------------------------------------

    def _serve_the_best_less(self):
        (self.Cell._get_cell(5, 5) | self.Cell._get_cell(4, 5)).tier = 2
        self.env.flush_all()

    def test_an_edited_cell_moves_its_customers_at_the_next_refresh(self):
        values = self._value_customers().sorted("contribution")
        self.assertEqual(values.mapped("tier"), ["5", "4", "3", "2", "1"])
        best = values[-1]
        self._serve_the_best_less()
        self.assertEqual(best.tier, "1", "not before the refresh")
        run = self.refresh()
        rows = {step.code: step.row_count for step in run.step_ids}
        self.assertEqual(run.kind, "incremental")
        self.assertEqual((rows["facts"], rows["features"]), (0, 1))
        self.assertEqual(values.mapped("tier"), ["5", "4", "3", "2", "2"])
        fact = self.env["crm.customer.fact"].search(
            [("partner_id", "=", best.partner_id.id)]
        )
        self.assertEqual(fact.tier, 2)
        incremental = self.tables()
        self.refresh("full")
        self.assertEqual(incremental, self.tables())

    def test_a_refresh_without_an_edit_writes_no_tier(self):
        self._value_customers()
        self._serve_the_best_less()
        self.refresh()
        rows = {step.code: step.row_count for step in self.refresh().step_ids}
        self.assertEqual((rows["features"], rows["values"]), (0, 0))

    def test_the_words_name_the_cell_and_an_edit_since(self):
        best = self._value_customers().sorted("contribution")[-1]
        self.assertIn("cell 5-5 of the grid.", best.worth_words)
        self.assertNotIn("by now", best.worth_words)
        self._serve_the_best_less()
        best.invalidate_recordset(["worth_words"])
        self.assertIn("Tier 1: quintile 5 of 5", best.worth_words)
        self.assertIn("The grid says tier 2 by now", best.worth_words)
        self.refresh()
        best.invalidate_recordset()
        self.assertIn("Tier 2: quintile 5 of 5", best.worth_words)
        self.assertNotIn("by now", best.worth_words)

    def test_a_what_if_run_leaves_the_tiers_to_the_next_refresh(self):
        """Also one that computes the features, and with them the tiers, anew."""
        best = self._value_customers().sorted("contribution")[-1]
        self._serve_the_best_less()
        before = self.tables()
        policy = self.env["crm.value.policy"]._get_current(self.company)
        draft = policy.copy({"tenure_years": 1, "loyalty_limit": 50})
        told = self.Run._start(self.company, "what_if", None, draft)
        self.assertEqual(before, self.tables())
        self.assertEqual(best.tier, "1")
        savepoint = self.env.cr.savepoint()
        draft.action_put_in_force()
        done = self.Run._start(self.company, "full", self.as_of, draft)
        self.assertEqual(told.result, done.result)
        savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self.refresh().kind, "incremental")
        self.assertEqual(best.tier, "2")
