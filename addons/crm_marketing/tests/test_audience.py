from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_analytics.models.crm_customer_value import (
    LIFECYCLE,
    TIERS,
    VALUE_CLASSES,
)

from ..tools import audience_sql, holdout_draw
from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestAudience(SendingCommon):
    def test_each_judgement_can_be_chosen(self):
        """Covers: MKT-02"""
        Option = self.env["crm.audience.option"]
        for kind, selection in (
            ("value_class", VALUE_CLASSES),
            ("lifecycle", LIFECYCLE),
            ("tier", TIERS),
        ):
            codes = Option.search([("kind", "=", kind)]).mapped("code")
            self.assertEqual(codes, [code for code, _name in selection])

    def test_value_class_cell_and_more_conditions_must_all_hold(self):
        """Covers: MKT-02"""
        audience = self.audience(
            value_class_ids=self.options("value_class", "growth", "dormant").ids
        )
        self.assertEqual(set(self.members(audience)), {self.ada, self.cyn})
        audience.partner_domain = "[('name', 'ilike', 'ada')]"
        self.assertEqual(set(self.members(audience)), {self.ada})
        audience.partner_domain = "[]"
        audience.rfm_cell_ids = self.env["crm.rfm.cell"].search(
            [("r_score", "=", 1), ("f_score", "=", 1), ("m_score", "=", 1)]
        )
        self.assertEqual(set(self.members(audience)), {self.cyn})

    def test_conditions_that_cannot_be_read_are_refused(self):
        with self.assertRaises(ValidationError):
            self.audience(partner_domain="[('no_such_field', '=', 1)]")

    def test_contacts_are_chosen_by_role_and_else_the_account(self):
        """Covers: MKT-02"""
        ann = self.contact(self.ada, "Ann", marketing_contact=True)
        self.contact(self.ada, "Abe")
        audience = self.audience(contact_choice="marketing")
        self.assertEqual(set(self.members(audience)), {ann, self.bob, self.cyn})
        audience.use_account_address = False
        self.assertEqual(set(self.members(audience)), {ann})
        audience.contact_choice = "account"
        self.assertEqual(set(self.members(audience)), {self.ada, self.bob, self.cyn})

    def test_bought_and_not_bought_read_posted_invoices_of_the_period(self):
        """Covers: MKT-02"""
        category = self.env["product.category"].create({"name": "Test paints"})
        product = self.env["product.product"].create(
            {"name": "Test paint", "categ_id": category.id}
        )
        self._invoice(self.ada, product, 1)
        self._invoice(self.bob, product, 400)
        self._invoice(self.cyn, product, 1, post=False)
        audience = self.audience(bought_product_ids=product.ids)
        self.assertEqual(set(self.members(audience)), {self.ada})
        audience.bought_months = 0
        self.assertEqual(set(self.members(audience)), {self.ada, self.bob})
        audience.write(
            {
                "bought_product_ids": [Command.clear()],
                "not_bought_categ_ids": product.categ_id.ids,
            }
        )
        self.assertEqual(set(self.members(audience)), {self.bob, self.cyn})

    def _invoice(self, partner, product, days, post=True):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": fields.Date.today() - timedelta(days=days),
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": product.id, "quantity": 1, "price_unit": 10}
                    )
                ],
            }
        )
        if post:
            move.action_post()

    def test_one_address_gets_one_mail(self):
        """Covers: MKT-05"""
        twin = self.contact(self.bob, "Twin", email="OFFICE@ada.example")
        nobody = self.contact(self.bob, "Nobody", email="not an address")
        members = self.members(self.audience())
        self.assertIsNone(members[self.ada])
        self.assertEqual(members[twin], "duplicate")
        self.assertEqual(members[nobody], "no_email")

    def test_refusal_black_list_and_channel_are_respected(self):
        """Covers: MKT-05"""
        audience = self.audience()
        self.ada._record_consent(self.purpose, "refused", "phone")
        self.env["mail.blacklist"]._add(self.bob.email)
        self.cyn.marketing_channel = "phone"
        self.assertEqual(
            self.members(audience),
            {self.ada: "refused", self.bob: "blacklist", self.cyn: "channel"},
        )
        self.ada._record_consent(self.purpose, "granted", "phone")
        self.assertIsNone(self.members(audience)[self.ada])

    def test_what_one_contact_refused_holds_for_the_address(self):
        """Covers: MKT-05"""
        twin = self.contact(self.bob, "Twin", email=self.ada.email)
        twin._record_consent(self.purpose, "withdrawn", "portal")
        self.assertEqual(self.members(self.audience())[self.ada], "refused")

    def test_opt_in_needs_a_given_consent(self):
        """Covers: MKT-05"""
        self.purpose.basis = "opt_in"
        self.ada._record_consent(self.purpose, "granted", "form")
        members = self.members(self.audience())
        self.assertIsNone(members[self.ada])
        self.assertEqual(members[self.bob], "no_consent")

    def test_the_limit_counts_mails_of_all_purposes_that_count(self):
        """Covers: MKT-05"""
        self.company.write({"marketing_cap_count": 2, "marketing_cap_days": 30})
        other = self.purpose.copy({"name": "Other", "code": "other"})
        first = self.mailing(purpose_id=other.id)
        self._trace(first, self.ada)
        self.assertIsNone(self.members(self.audience())[self.ada])
        self._trace(first, self.ada)
        self.assertEqual(self.members(self.audience())[self.ada], "cap")
        other.is_capped = False
        self.assertIsNone(self.members(self.audience())[self.ada])

    def test_the_contacts_own_wish_is_kept(self):
        """Covers: MKT-05"""
        self.ada.marketing_frequency = "month"
        trace = self._trace(self.mailing(), self.ada)
        trace.sent_datetime = fields.Datetime.now() - timedelta(days=20)
        self.assertEqual(self.members(self.audience())[self.ada], "cap")
        self.ada.marketing_frequency = "week"
        self.assertIsNone(self.members(self.audience())[self.ada])

    def _trace(self, mailing, partner, status="sent"):
        return self.env["mailing.trace"].create(
            {
                "mass_mailing_id": mailing.id,
                "model": "res.partner",
                "res_id": partner.id,
                "email": partner.email_normalized,
                "trace_status": status,
                "sent_datetime": fields.Datetime.now(),
            }
        )

    def test_counting_shows_numbers_reasons_and_a_sample(self):
        """Covers: MKT-02"""
        self.ada._record_consent(self.purpose, "refused", "phone")
        audience = self.audience()
        audience.action_count()
        self.assertRecordValues(
            audience,
            [{"account_count": 3, "contact_count": 3, "recipient_count": 2}],
        )
        self.assertEqual(audience.exclusion_counts, {"refused": 1})
        self.assertIn("1: ", audience.exclusions)
        self.assertEqual(audience.sample_partner_ids, self.bob | self.cyn)

    def test_frozen_stays_frozen_and_holds_out_whole_customers(self):
        """Covers: MKT-03"""
        accounts = self.ada | self.bob | self.cyn
        for number in range(17):
            accounts |= self.account(f"Extra{number}", "growth", "333")
        for account in accounts:
            self.contact(account, "Second")
        audience = self.audience(holdout_percent=25)
        campaign = self.env["utm.campaign"].create(
            {
                "title": "Test campaign",
                "audience_id": audience.id,
                "purpose_id": self.purpose.id,
            }
        )
        campaign.action_freeze_audience()
        snapshot = campaign.snapshot_id
        self.assertRecordValues(
            snapshot,
            [
                {
                    "account_count": 20,
                    "contact_count": 40,
                    "holdout_count": 5,
                    "recipient_count": 30,
                }
            ],
        )
        held = snapshot.member_ids.filtered("is_holdout").commercial_partner_id
        units = {
            (m.commercial_partner_id.id, m.value_class) for m in snapshot.member_ids
        }
        self.assertEqual(
            set(held.ids), holdout_draw.draw(units, 25, int(snapshot.seed))
        )
        self.account("Late", "growth", "333")
        self.assertEqual(campaign._freeze_audience(), snapshot)
        self.assertEqual(len(snapshot.member_ids), 40)
        with self.assertRaises(UserError):
            snapshot.write({"seed": "1"})

    def test_history_of_consent_only_grows(self):
        """Covers: MKT-05"""
        first = self.ada._record_consent(self.purpose, "granted", "form")
        self.assertFalse(self.ada._record_consent(self.purpose, "granted", "form"))
        second = self.ada._record_consent(self.purpose, "withdrawn", "mail")
        self.assertEqual(self.ada.consent_ids, first | second)
        current = self.env["crm.consent"].search(
            [("is_current", "=", True), ("partner_id", "=", self.ada.id)]
        )
        self.assertEqual(current, second)
        self.assertFalse(first.is_current)
        with self.assertRaises(UserError):
            first.write({"state": "refused"})
        with self.assertRaises(UserError):
            first.unlink()

    def test_service_criteria_need_crm_service(self):
        """Covers: MKT-02"""
        if not self.env["crm.audience"]._has_service():
            self.skipTest("crm_service is not installed")
        product = self.env["product.product"].create({"name": "Test mixer"})
        self.env["service.asset"].create(
            {"name": "Mixer 1", "partner_id": self.bob.id, "product_id": product.id}
        )
        audience = self.audience(asset_product_ids=product.ids)
        self.assertEqual(set(self.members(audience)), {self.bob})

    def test_a_company_sees_its_own_customers_and_values(self):
        other = self.env["res.company"].create({"name": "Test second company"})
        self.bob.company_id = other
        audience = self.audience()
        self.assertNotIn(self.bob, self.members(audience))
        audience = self.audience(company_id=other.id)
        members = audience._get_members_query(self.purpose)
        self.env.cr.execute(members)
        rows = self.env.cr.fetchall()
        self.assertIn(self.bob.id, [row[0] for row in rows])
        self.assertEqual({row[4] for row in rows}, {None}, "values of the first only")

    def test_all_reasons_have_words(self):
        labels = self.env["crm.audience.member"]._fields["excluded_reason"]
        codes = [code for code, _words in labels.selection]
        self.assertEqual(codes, list(audience_sql.REASONS))
