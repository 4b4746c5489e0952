from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestEntitlement(ContractCommon):
    """Ledger: granted, used, given back, expired; the remainder is its sum."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.contract(activate=False, date_end=date(2025, 12, 31))
        cls.hours = cls.env["service.entitlement"].create(
            {
                "name": "Hours",
                "contract_line_id": cls.terms.contract_line_ids.id,
                "kind": "hours",
                "quantity": 10,
                "unit": "quarterly",
            }
        )
        with freeze_time("2025-01-01"):
            cls.terms.action_activate()
        cls.agent = new_test_user(
            cls.env, "ledger_agent", groups="crm_service.group_service_user"
        )
        cls.agent.sudo().write(
            {"company_ids": cls.company.ids, "company_id": cls.company.id}
        )

    def assert_ledger(self, *expected):
        moves = self.hours.move_ids.sorted("id")
        self.assertEqual([(m.kind, m.quantity) for m in moves], list(expected))
        self.assertEqual(self.hours.remaining, sum(moves.mapped("quantity")))

    def test_activation_grants_the_first_period(self):
        """Covers: SRV-03"""
        self.assert_ledger(("grant", 10))
        self.assertEqual(self.hours.period_end, date(2025, 3, 31))

    @freeze_time("2025-02-01")
    def test_use_and_return_move_the_remainder(self):
        """Covers: SRV-03"""
        hours = self.hours.with_user(self.agent)
        hours._consume(4, origin=self.terms, note="Pump")
        hours._return(1)
        self.assert_ledger(("grant", 10), ("consume", -4), ("return", 1))
        self.assertEqual(self.hours.used, 3)
        move = self.hours.move_ids.filtered("res_id")
        self.assertEqual(move.action_open_document()["res_id"], self.terms.id)

    @freeze_time("2025-02-01")
    def test_more_than_is_left_is_refused_with_words(self):
        self.hours._consume(9.5)
        with self.assertRaisesRegex(UserError, "0.5 left, 1 needed"):
            self.hours._consume(1)
        self.assertEqual(self.hours._consume_up_to(2), (0.5, 1.5))
        self.assertEqual(self.hours.remaining, 0)

    def test_the_rest_expires_and_the_next_period_is_granted_once(self):
        with freeze_time("2025-02-01"):
            self.hours._consume(4)
        with freeze_time("2025-04-01"):
            self.hours._grant_due()
            self.hours._grant_due()
        self.assert_ledger(
            ("grant", 10), ("consume", -4), ("expire", -6), ("grant", 10)
        )

    def test_a_rest_is_carried_over_up_to_the_limit(self):
        self.hours.write({"carry": "limited", "carry_limit": 3})
        with freeze_time("2025-04-01"):
            self.hours._grant_due()
        self.assertEqual(self.hours.remaining, 13)

    def test_the_cron_grants_what_has_begun(self):
        with freeze_time("2025-07-02"), self.enter_registry_test_mode():
            cron = self.env.ref("crm_service.ir_cron_entitlement_grant").sudo()
            cron.method_direct_trigger()
        self.assert_ledger(
            ("grant", 10),
            ("expire", -10),
            ("grant", 10),
            ("expire", -10),
            ("grant", 10),
        )

    def test_after_the_end_nothing_is_left(self):
        with freeze_time("2026-01-01"):
            self.hours._grant_due()
        self.assertEqual(self.hours.remaining, 0)
        domain = self.hours._get_to_grant_domain(date(2026, 1, 2))
        self.assertFalse(self.hours.filtered_domain(domain))

    @freeze_time("2025-02-14")
    def test_a_suspended_or_ended_contract_pays_nothing(self):
        self.terms._suspend(date(2025, 2, 10), "Dispute")
        with self.assertRaisesRegex(UserError, "suspended"):
            self.hours._consume(1)
        self.assertFalse(
            self.hours._find_usable(self.customer, ["hours"], date(2025, 2, 14))
        )
        self.terms._resume(date(2025, 2, 14))
        self.assertEqual(
            self.hours._find_usable(
                self.customer, ["hours"], date(2025, 2, 14), self.company
            ),
            self.hours,
        )
        self.terminate(self.terms, date(2025, 2, 14))
        with freeze_time("2025-02-15"):
            self.hours._grant_due()
            with self.assertRaisesRegex(UserError, "ended"):
                self.hours._consume(1)
        self.assertEqual(self.hours.remaining, 0)

    def test_the_ledger_is_never_changed(self):
        """Covers: SRV-03"""
        move = self.hours.move_ids
        with self.assertRaises(UserError):
            move.quantity = 20
        with self.assertRaises(UserError):
            move.unlink()
        with self.assertRaises(UserError):
            self.hours.unlink()
        with self.assertRaises(AccessError):
            move.with_user(self.agent).copy({})

    @freeze_time("2025-02-01")
    def test_without_limit_use_is_recorded_and_never_refused(self):
        calls = self.hours.create(
            {
                "name": "Calls",
                "contract_line_id": self.terms.contract_line_ids.id,
                "kind": "requests",
                "unlimited": True,
            }
        )
        self.assertFalse(calls._grant_due())
        calls._consume(5)
        self.assertEqual(calls.remaining, -5)

    def test_coverage_by_product_and_site(self):
        self.assertTrue(self.hours._covers(self.product_b))
        self.hours.product_ids = self.product_a
        self.assertTrue(self.hours._covers(self.product_a))
        self.assertFalse(self.hours._covers(self.product_b))
        self.assertFalse(self.hours._covers())
        self.hours.site_ids = self.customer
        self.assertFalse(self.hours._covers(self.product_a))
        self.assertTrue(self.hours._covers(self.product_a, self.customer))

    def test_the_portal_sees_its_own_entitlements_only(self):
        own, strange = (
            new_test_user(self.env, login, groups="base.group_portal")
            for login in ("ent_own", "ent_strange")
        )
        (own | strange).sudo().write(
            {"company_ids": self.company.ids, "company_id": self.company.id}
        )
        own.partner_id.parent_id = self.customer
        model = self.env["service.entitlement"]
        domain = [("id", "=", self.hours.id)]
        self.assertTrue(model.with_user(own).search(domain))
        self.assertFalse(model.with_user(strange).search(domain))
