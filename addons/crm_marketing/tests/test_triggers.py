from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestTriggers(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["crm.marketing.trigger"])
        cls.env["crm.marketing.trigger"].search([]).write({"state": "stopped"})

    def _value(self, partner, **values):
        value = self.env["crm.customer.value"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )
        value.write(values)

    def _trigger(self, kind, started=30, **values):
        trigger = self.env["crm.marketing.trigger"].create(
            {
                "name": f"Test {kind}",
                "kind": kind,
                "purpose_id": self.purpose.id,
                "audience_id": self.audience().id,
                "max_late": 30,
                **values,
            }
        )
        trigger.action_write_mail()
        trigger.mailing_id.write({"body_html": "<p>Hello</p>", "keep_archives": True})
        trigger.action_start()
        trigger.start_date = self.today - timedelta(days=started)
        return trigger

    def _due_ada(self, days=5):
        """Ada's reorder was due so many days ago."""
        self._value(
            self.ada, last_date=self.today - timedelta(days=20 + days), cadence=20
        )

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_marketing.ir_cron_marketing_triggers"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_a_reorder_that_is_due_is_written_about_once(self):
        """Covers: MKT-02"""
        self._due_ada()
        trigger = self._trigger("reorder_due")
        self._run_cron()
        self.assertRecordValues(
            trigger.log_ids,
            [
                {
                    "commercial_partner_id": self.ada.id,
                    "state": "sent",
                    "occasion_date": self.today - timedelta(days=5),
                    "partner_ids": self.ada.ids,
                }
            ],
        )
        self.assertEqual(self.sent_to(trigger.mailing_id), {self.ada.email})
        self._run_cron()
        self.assertEqual(len(trigger.log_ids), 1)
        self.assertEqual(len(trigger.mailing_id.mailing_trace_ids), 1)

    def test_the_next_occasion_writes_again(self):
        """Covers: MKT-02"""
        self._due_ada(25)
        trigger = self._trigger("reorder_due", cap_count=0)
        self._run_cron()
        self._due_ada(2)
        self._run_cron()
        self.assertEqual(trigger.log_ids.mapped("state"), ["sent", "sent"])
        self.assertEqual(len(trigger.mailing_id.mailing_trace_ids), 2)

    def test_the_delay_makes_it_wait_and_a_purchase_stops_it(self):
        """Covers: MKT-02"""
        self._due_ada(5)
        trigger = self._trigger("reorder_due", delay_days=7)
        self._run_cron()
        self.assertEqual(trigger.log_ids.state, "waiting")
        self.assertEqual(trigger.log_ids.due_date, self.today + timedelta(days=2))
        trigger.log_ids.due_date = self.today
        order = self.env["sale.order"].create({"partner_id": self.ada.id})
        order.write({"state": "sale", "date_order": fields.Datetime.now()})
        self._run_cron()
        self.assertEqual(
            (trigger.log_ids.state, trigger.log_ids.reason), ("skipped", "bought")
        )
        self.assertFalse(trigger.mailing_id.mailing_trace_ids)

    def test_an_open_opportunity_stops_where_the_rule_says_so(self):
        self._due_ada()
        self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": self.ada.id}
        )
        trigger = self._trigger("reorder_due", stop_deal=True)
        self._run_cron()
        self.assertEqual(trigger.log_ids.reason, "deal")

    def test_consent_and_limit_hold_and_the_log_says_why_not(self):
        """Covers: MKT-05"""
        self._due_ada()
        self.ada._record_consent(self.purpose, "refused", "phone")
        trigger = self._trigger("reorder_due")
        self._run_cron()
        self.assertRecordValues(
            trigger.log_ids,
            [
                {
                    "state": "skipped",
                    "reason": "no_recipient",
                    "detail": "Refused this purpose",
                }
            ],
        )
        self.assertFalse(trigger.mailing_id.mailing_trace_ids)

    def test_the_limit_of_the_trigger_holds(self):
        """Covers: MKT-05"""
        self._due_ada(25)
        trigger = self._trigger("reorder_due", cap_count=1, cap_days=90)
        self._run_cron()
        self._due_ada(2)
        self._run_cron()
        self.assertEqual(
            set(trigger.log_ids.mapped("reason")), {False, "cap"}, "one of two"
        )

    def test_customers_outside_the_audience_are_left(self):
        """Covers: MKT-02"""
        for partner in (self.ada, self.bob):
            self._value(partner, last_date=self.today - timedelta(days=22), cadence=20)
        self._value(self.cyn, last_date=self.today - timedelta(days=22), cadence=20)
        trigger = self._trigger("reorder_due")
        trigger.audience_id.partner_domain = repr([("id", "!=", self.cyn.id)])
        trigger._detect()
        self.assertEqual(trigger.log_ids.commercial_partner_id, self.ada | self.bob)
        trigger.audience_id.partner_domain = repr([("id", "=", self.bob.id)])
        self._run_cron()
        by_customer = {row.commercial_partner_id: row for row in trigger.log_ids}
        self.assertEqual(by_customer[self.bob].state, "sent")
        self.assertEqual(by_customer[self.ada].reason, "audience", "left meanwhile")

    def test_a_killed_run_starts_again_without_sending_twice(self):
        """Covers: MKT-02"""
        for partner in (self.ada, self.bob, self.cyn):
            self._value(partner, last_date=self.today - timedelta(days=22), cadence=20)
        trigger = self._trigger("reorder_due")
        trigger._detect()
        Mailing = type(self.env["mailing.mailing"])
        original = Mailing._action_send_mail

        def send_and_die(mailing, res_ids=None):
            original(mailing, res_ids)
            raise RuntimeError("killed")

        with (
            patch.object(Mailing, "_action_send_mail", send_and_die),
            self.assertRaises(RuntimeError),
            self.env.cr.savepoint(),
        ):
            trigger._send_batch()
        self.env.invalidate_all()
        self.assertEqual(set(trigger.log_ids.mapped("state")), {"waiting"})
        self.assertFalse(trigger.mailing_id.mailing_trace_ids)
        self._run_cron()
        self.assertEqual(set(trigger.log_ids.mapped("state")), {"sent"})
        self.assertEqual(len(trigger.mailing_id.mailing_trace_ids), 3)

    def test_a_step_sends_no_more_than_a_batch_of_the_core_holds(self):
        """The core commits after each of its batches: log and mails stay together."""
        self.env["ir.config_parameter"].set_param("mail.batch_size", 2)
        for partner in (self.ada, self.bob, self.cyn):
            self._value(partner, last_date=self.today - timedelta(days=22), cadence=20)
        trigger = self._trigger("reorder_due")
        trigger._detect()
        trigger._send_batch()
        self.assertEqual(
            sorted(trigger.log_ids.mapped("state")), ["sent", "sent", "waiting"]
        )
        self.assertEqual(len(trigger.mailing_id.mailing_trace_ids), 2)

    def test_one_trigger_that_fails_leaves_the_others(self):
        self._due_ada()
        bad = self._trigger("reorder_due", sequence=1)
        good = self._trigger("reorder_due", sequence=2)
        bad.mailing_id.subject = "{{ object.no_such_field }}"
        self.env.flush_all()
        with (
            mute_logger("odoo.addons.crm_marketing.models.crm_marketing_trigger_run"),
            patch.object(type(self.env.cr), "rollback", lambda _cr: None),
        ):
            self._run_cron()
        self.assertEqual(good.log_ids.state, "sent")

    def test_silence_counts_the_own_cadence(self):
        """Covers: MKT-09"""
        self._value(self.ada, last_date=self.today - timedelta(days=45), cadence=20)
        self._value(self.bob, last_date=self.today - timedelta(days=45), cadence=30)
        self._value(self.cyn, last_date=self.today - timedelta(days=45), cadence=0)
        trigger = self._trigger("silence", silence_factor=2, silence_days=40)
        trigger._detect()
        ours = trigger.log_ids.filtered(
            lambda row: row.commercial_partner_id in (self.ada | self.bob | self.cyn)
        )
        self.assertEqual(
            {row.commercial_partner_id: row.occasion_date for row in ours},
            {
                self.ada: self.today - timedelta(days=5),
                self.cyn: self.today - timedelta(days=5),
            },
        )

    def test_a_change_of_class_is_an_occasion(self):
        """Covers: MKT-02"""
        self.env["crm.customer.move"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.ada.id,
                "date": self.today,
                "class_from": "growth",
                "class_to": "being_lost",
            }
        )
        trigger = self._trigger(
            "class_change", class_ids=self.options("value_class", "being_lost").ids
        )
        self._run_cron()
        self.assertEqual(
            trigger.log_ids.filtered(
                lambda row: row.commercial_partner_id == self.ada
            ).state,
            "sent",
        )

    def test_the_end_of_a_price_agreement_is_an_occasion(self):
        """Covers: MKT-09"""
        product = self.env["product.product"].create({"name": "Test paint"})
        end = self.today + timedelta(days=30)
        order = self.env["sale.blanket.order"].create(
            {
                "partner_id": self.ada.id,
                "pricelist_id": self.env["product.pricelist"]
                .create({"name": "Frame", "currency_id": self.company.currency_id.id})
                .id,
                "validity_start_date": "2020-01-01",
                "validity_date": end,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom": product.uom_id.id,
                            "original_uom_qty": 100,
                            "price_unit": 7,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.bob.specific_property_product_pricelist = self.env[
            "product.pricelist"
        ].create(
            {
                "name": "Agreed",
                "item_ids": [
                    Command.create(
                        {
                            "product_tmpl_id": product.product_tmpl_id.id,
                            "applied_on": "1_product",
                            "fixed_price": 6,
                            "date_end": fields.Datetime.to_datetime(end),
                        }
                    )
                ],
            }
        )
        trigger = self._trigger("price_end", lead_days=30)
        trigger._detect()
        ours = trigger.log_ids.filtered(
            lambda row: row.commercial_partner_id in (self.ada | self.bob)
        )
        self.assertEqual(
            sorted(row.occasion.split(":")[0] for row in ours), ["frame", "pricelist"]
        )
        self.assertEqual(set(ours.mapped("occasion_date")), {self.today})

    def test_contracts_anniversaries_and_ratings_of_the_service(self):
        """Covers: MKT-09"""
        if not self.env["crm.audience"]._has_service():
            self.skipTest("crm_service is not installed")
        years = self.today.replace(year=self.today.year - 3)
        product = self.env["product.product"].create({"name": "Test mixer"})
        self.env["service.asset"].create(
            [
                {
                    "name": f"Mixer {number}",
                    "partner_id": self.ada.id,
                    "product_id": product.id,
                    "commissioned_date": years,
                }
                for number in range(2)
            ]
        )
        trigger = self._trigger("anniversary")
        trigger._detect()
        ours = trigger.log_ids.filtered(
            lambda row: row.commercial_partner_id == self.ada
        )
        self.assertEqual(ours.mapped("occasion_date"), [self.today], "one a day")
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "T", "description": "x", "partner_id": self.bob.id}
        )
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                "res_id": ticket.id,
                "partner_id": self.bob.id,
                "rating": 1,
                "consumed": True,
            }
        )
        trigger = self._trigger("low_rating")
        trigger._detect()
        self.assertIn(self.bob, trigger.log_ids.commercial_partner_id)

    def test_occasions_before_the_start_are_left(self):
        """Covers: MKT-02"""
        self._due_ada(5)
        trigger = self._trigger("reorder_due", started=2)
        self._run_cron()
        self.assertFalse(trigger.log_ids)

    def test_the_mail_of_a_trigger_is_not_sent_to_everybody(self):
        trigger = self._trigger("reorder_due")
        self.assertFalse(trigger.mailing_id.total)
        with self.assertRaises(UserError):
            trigger.mailing_id.action_launch()

    def test_a_trigger_without_a_mail_does_not_start(self):
        trigger = self.env["crm.marketing.trigger"].create(
            {
                "name": "No mail",
                "kind": "reorder_due",
                "purpose_id": self.purpose.id,
            }
        )
        with self.assertRaises(UserError):
            trigger.action_start()
