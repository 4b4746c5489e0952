from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_sending import SendingCommon

PLACE = '<p>Dear <t t-out="object.name"/></p><t t-out="object.one_to_one_content"/>'


@tagged("post_install", "-at_install")
class TestMailingContent(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Block = cls.env["crm.content.block"]
        cls.growth = Block.create(
            {
                "name": "Growth",
                "subject": "Grow with us",
                "body": '<p>Growth of <t t-out="object.name"/></p>',
                "value_class_ids": cls.options("value_class", "growth").ids,
            }
        )
        cls.fallback = Block.create(
            {"name": "Else", "body": "<p>News</p>", "is_fallback": True}
        )
        cls.letter = cls.mailing(
            subject="{{ object.one_to_one_subject or 'News' }}",
            body_html=PLACE,
            body_arch=PLACE,
            block_ids=(cls.growth | cls.fallback).ids,
            audience_id=cls.audience().id,
        )

    def _suggest(self, partner, price=12.5):
        products = self.env["product.product"].create(
            [
                {"name": "Test hardener", "list_price": price},
                {"name": "Test paint", "list_price": 5},
            ]
        )
        rule = self.env["crm.association.rule"].create(
            {
                "company_id": self.company.id,
                "left_id": products[1].id,
                "product_id": products[0].id,
                "count": 8,
                "left_count": 11,
                "right_count": 9,
                "confidence": 0.7,
                "lift": 2,
            }
        )
        self.env["crm.customer.suggestion"].create(
            {
                "company_id": self.company.id,
                "partner_id": partner.id,
                "product_id": products[0].id,
                "rule_id": rule.id,
                "score": 1,
                "place": 1,
            }
        )
        return products[0]

    def _body(self, partner):
        return self.letter._render_field("body_html", partner.ids)[partner.id]

    def test_each_recipient_gets_the_own_blocks_and_nothing_of_others(self):
        """Covers: MKT-04"""
        self.letter._action_send_mail()
        mails = self.env["mail.mail"].search([("mailing_id", "=", self.letter.id)])
        bodies = {mail.recipient_ids: mail.body_html for mail in mails}
        self.assertEqual(set(bodies), {self.ada, self.bob, self.cyn})
        self.assertIn("Growth of Ada Works", bodies[self.ada])
        self.assertNotIn("News", bodies[self.ada])
        self.assertIn("News", bodies[self.bob])
        self.assertNotIn("Growth", bodies[self.bob])
        self.assertNotIn("Ada", bodies[self.bob])
        subjects = {mail.recipient_ids: mail.subject for mail in mails}
        self.assertEqual(subjects[self.ada], "Grow with us")
        self.assertEqual(subjects[self.bob], "News")

    def test_products_come_with_reason_and_agreed_price(self):
        """Covers: MKT-04"""
        offer = self.env["crm.content.block"].create(
            {"name": "Offer", "kind": "products", "body": "<p>For you</p>"}
        )
        self.letter.block_ids = offer | self.fallback
        product = self._suggest(self.ada)
        self.ada.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Agreed",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": product.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "fixed_price": 9.9,
                        }
                    )
                ],
            }
        )
        body = self._body(self.ada)
        self.assertIn("Test hardener", body)
        self.assertIn("Because you bought Test paint", body)
        self.assertNotIn("8 of 11", body, "what others bought is not said")
        self.assertIn("9.90", body)
        self.assertNotIn("12.50", body)
        self.assertIn("News", self._body(self.bob), "nothing to recommend: fallback")
        offer.show_prices = False
        self.env.invalidate_all()
        self.assertNotIn("9.90", self._body(self.ada))

    def test_the_frame_agreement_goes_before_the_price_list(self):
        """Covers: MKT-04"""
        offer = self.env["crm.content.block"].create(
            {"name": "Offer", "kind": "products"}
        )
        self.letter.block_ids = offer
        product = self._suggest(self.ada)
        order = self.env["sale.blanket.order"].create(
            {
                "partner_id": self.ada.id,
                "pricelist_id": self.env["product.pricelist"]
                .create({"name": "Frame", "currency_id": self.company.currency_id.id})
                .id,
                "validity_start_date": "2020-01-01",
                "validity_date": "2099-12-31",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom": product.uom_id.id,
                            "original_uom_qty": 100,
                            "price_unit": 7.77,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.assertIn("7.77", self._body(self.ada))

    def test_the_contact_reads_the_own_language(self):
        """Covers: MKT-04"""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.growth.with_context(lang="zh_CN").body = "<p>增长</p>"
        self.growth.with_context(lang="zh_CN").subject = "与我们一起成长"
        self.ada.lang = "zh_CN"
        preview = self.env["crm.mailing.preview"].create(
            {"mailing_id": self.letter.id, "partner_id": self.ada.id}
        )
        self.assertIn("增长", preview.body)
        self.assertEqual(preview.subject, "与我们一起成长")

    def test_the_preview_shows_blocks_plain_text_and_why_not(self):
        """Covers: MKT-04"""
        preview = self.env["crm.mailing.preview"].create(
            {"mailing_id": self.letter.id, "partner_id": self.ada.id}
        )
        self.assertEqual(preview.block_ids, self.growth)
        self.assertIn("Growth of Ada Works", preview.plain_text)
        self.assertNotIn("<p>", preview.plain_text)
        self.assertFalse(preview.excluded_reason)
        self.ada._record_consent(self.purpose, "refused", "phone")
        preview.invalidate_recordset()
        self.assertEqual(preview.excluded_reason, "Refused this purpose")

    def test_a_batch_takes_as_many_queries_as_one_recipient(self):
        """Covers: MKT-04"""
        offer = self.env["crm.content.block"].create(
            {"name": "Offer", "kind": "products"}
        )
        bought = self.env["crm.content.block"].create(
            {
                "name": "Bought",
                "body": "<p>x</p>",
                "bought_categ_ids": self.env["product.category"]
                .search([], limit=1)
                .ids,
            }
        )
        self.letter.block_ids |= offer | bought
        product = self._suggest(self.ada)
        accounts = self.ada
        for number in range(40):
            accounts |= self.account(f"Many{number}", "growth", "333")
        rule = self.env["crm.association.rule"].search(
            [("product_id", "=", product.id)]
        )
        self.env["crm.customer.suggestion"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": account.id,
                    "product_id": product.id,
                    "rule_id": rule.id,
                    "place": 1,
                }
                for account in accounts - self.ada
            ]
        )
        render = self.env["crm.content.render"]
        render._render(self.letter, self.ada)  # templates and settings are known then

        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            render._render(self.letter, partners)
            return self.cr.sql_log_count - before

        one = count(self.ada)
        self.assertLessEqual(count(accounts), one + 3)

    def test_blocks_need_a_place_in_the_body(self):
        self.letter.write({"body_html": "<p>x</p>", "body_arch": "<p>x</p>"})
        with self.assertRaises(UserError):
            self.letter.action_put_in_queue()
        self.letter.action_insert_blocks()
        self.assertTrue(self.letter.has_placeholder)
        self.letter.action_put_in_queue()
        self.assertEqual(self.letter.state, "in_queue")

    def test_a_season_needs_both_ends(self):
        with self.assertRaises(ValidationError):
            self.growth.month_from = "11"

    def test_dynamic_blocks_are_for_template_editors(self):
        """A block cannot be a way to run code."""
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", 1)
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids -= editors
        user = new_test_user(
            self.env, "mkt_writer", "mass_mailing.group_mass_mailing_user"
        )
        user.group_ids -= editors
        Block = self.env["crm.content.block"].with_user(user)
        Block.create({"name": "Fine", "body": '<p><t t-out="object.name"/></p>'})
        with self.assertRaises(AccessError):
            Block.create(
                {"name": "Bad", "body": "<p><t t-out=\"object.env['res.users']\"/></p>"}
            )
