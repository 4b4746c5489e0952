from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import OrderToCashCommon

PAGES = (
    "/my/home",
    "/my/premier",
    "/my/premier/products",
    "/my/premier/products?search=resin&filterby=bought&sortby=code",
    "/my/premier/products/page/99",
    "/my/premier/basket",
    "/my/premier/orders",
    "/my/premier/orders?search=S&filterby=open&sortby=total",
    "/my/premier/orders?filterby=nonsense&sortby=nonsense",
    "/my/premier/invoices",
    "/my/premier/invoices?filterby=overdue&sortby=due&search=INV",
)


@tagged("post_install", "-at_install")
class PremierCommon(OrderToCashCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.seller
        cls.seller.phone = "+49 30 555"
        cls.buyer = cls.portal_user(cls.contact, "premier_buyer")
        cls.colleague = cls.portal_user(
            cls.env["res.partner"].create(
                {"name": "Bob Colleague", "parent_id": cls.customer.id}
            ),
            "premier_colleague",
        )
        rival = cls.env["res.partner"].create(
            {"name": "Rival Paints", "is_company": True}
        )
        cls.rival = cls.portal_user(
            cls.env["res.partner"].create({"name": "Eve", "parent_id": rival.id}),
            "premier_rival",
        )
        cls.order = cls.quote(quantity=7, client_order_ref="SECRET-REF-77")

    @classmethod
    def portal_user(cls, partner, login):
        return cls.env["res.users"].create(
            {
                "name": partner.name,
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "company_id": cls.env.company.id,
                "company_ids": [Command.set(cls.env.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    def login(self, user):
        self.authenticate(user.login, user.login)

    def page(self, path, **options):
        return self.url_open(path, allow_redirects=False, **options)

    def post(self, path, **values):
        data = values | {"csrf_token": Request.csrf_token(self)}
        return self.url_open(path, data=data, allow_redirects=False)

    def basket_of(self, user):
        return self.env["crm.portal.basket"].search([("user_id", "=", user.id)])


@tagged("post_install", "-at_install")
class TestPremierPage(PremierCommon):
    def test_every_page_opens_in_english_and_on_a_read_only_cursor(self):
        """Covers: SAL-18"""
        self.login(self.buyer)
        for path in PAGES:
            response = self.page(path)
            self.assertEqual(response.status_code, 200, path)

    def test_the_page_shows_people_products_and_own_price(self):
        """Covers: SAL-18 SAL-14"""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Key accounts",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.resin.id,
                            "compute_price": "fixed",
                            "fixed_price": 87.65,
                        }
                    )
                ],
            }
        )
        self.env["res.config.settings"].create(
            {"group_product_pricelist": True}
        ).set_values()
        self.customer.specific_property_product_pricelist = pricelist
        self.login(self.buyer)
        text = self.page("/my/premier").text
        self.assertIn("Coatings Ltd.", text)
        self.assertIn("otc_seller", text)
        self.assertIn("+49 30 555", text)
        self.assertIn("Resin", text)
        self.assertIn("87.65", text)

    def test_overdue_invoices_and_quotations_need_the_customer(self):
        """Covers: SAL-18"""
        sent = self.quote(confirm=False)
        sent.state = "sent"
        late = fields.Date.subtract(fields.Date.today(), days=20)
        invoice = self.invoice(self.order, due=late)
        self.login(self.buyer)
        text = self.page("/my/premier").text
        self.assertIn(sent.name, text)
        self.assertIn(invoice.name, text)
        self.assertIn(
            invoice.name, self.page("/my/premier/invoices?filterby=overdue").text
        )

    def test_a_basket_becomes_a_request_for_the_salesperson(self):
        """Covers: SAL-18"""
        self.login(self.buyer)
        response = self.post(
            "/my/premier/basket/add", product_id=self.resin.id, quantity="12"
        )
        self.assertIn("notice=added", response.headers["Location"])
        line = self.basket_of(self.buyer).line_ids
        self.assertEqual((line.product_id, line.quantity), (self.resin, 12))
        response = self.post(
            "/my/premier/basket/save",
            send="1",
            reference="PO 5",
            note="Please <script>alert(1)</script> soon",
            **{f"quantity_{line.id}": "15"},
        )
        order = self.env["sale.order"].search(
            [("portal_request_partner_id", "=", self.contact.id)]
        )
        self.assertIn(f"/my/premier/orders/{order.id}", response.headers["Location"])
        self.assertRecordValues(
            order,
            [
                {
                    "state": "draft",
                    "partner_id": self.contact.id,
                    "user_id": self.seller.id,
                    "client_order_ref": "PO 5",
                }
            ],
        )
        self.assertEqual(order.order_line.product_uom_qty, 15)
        self.assertEqual(order.activity_ids.user_id, self.seller)
        self.assertNotIn("<script>", "".join(order.message_ids.mapped("body")))
        self.assertFalse(self.basket_of(self.buyer).line_ids)
        self.assertIn(order.name, self.page("/my/premier/orders").text)

    def test_large_and_broken_quantities_are_written_out(self):
        """Covers: SAL-18"""
        big = self.quote(quantity=1234567)
        odd = self.quote(quantity=2.5)
        self.login(self.buyer)
        self.assertIn("1,234,567", self.page(f"/my/premier/orders/{big.id}").text)
        self.assertIn("2.500", self.page(f"/my/premier/orders/{odd.id}").text)

    def test_nonsense_quantities_are_refused(self):
        """Covers: SAL-18"""
        self.login(self.buyer)
        for quantity in ("-3", "abc", "nan", "inf", "0", "1e300"):
            response = self.post(
                "/my/premier/basket/add", product_id=self.resin.id, quantity=quantity
            )
            self.assertIn("notice=invalid", response.headers["Location"], quantity)
        self.assertFalse(self.basket_of(self.buyer).line_ids)

    def test_an_order_fills_the_basket_again(self):
        """Covers: SAL-18"""
        self.login(self.buyer)
        self.post(f"/my/premier/orders/{self.order.id}/again")
        self.assertEqual(self.basket_of(self.buyer).line_ids.quantity, 7)

    def test_a_product_not_agreed_is_left_out_of_the_basket(self):
        """Covers: SAL-18"""
        secret = self.env["product.product"].create({"name": "Secret pigment"})
        self.login(self.buyer)
        response = self.post(
            "/my/premier/basket/add", product_id=secret.id, quantity="1"
        )
        self.assertIn("notice=none", response.headers["Location"])
        self.assertNotIn("Secret pigment", self.page("/my/premier/products").text)

    def test_an_order_shows_its_deliveries_line_by_line(self):
        """Covers: SAL-18"""
        goods = self.env["product.product"].create(
            {"name": "Drum", "type": "consu", "is_storable": True}
        )
        order = self.quote(
            order_line=[Command.create({"product_id": goods.id, "product_uom_qty": 10})]
        )
        move = order.picking_ids.move_ids
        move.quantity = 4
        move.picked = True
        order.picking_ids._action_done()
        row = order._get_portal_lines()[0]
        self.assertEqual((row["line"].qty_delivered, row["open"]), (4, 6))
        backorder = order.picking_ids.filtered(lambda p: p.state != "done")
        self.assertEqual(row["next_date"], backorder.move_ids.date)
        self.login(self.buyer)
        self.assertIn("Next delivery", self.page(f"/my/premier/orders/{order.id}").text)

    def test_a_request_needs_the_token_of_the_form(self):
        """Covers: SAL-18"""
        self.login(self.buyer)
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(
                "/my/premier/basket/add", data={"product_id": self.resin.id}
            )
        self.assertEqual(response.status_code, 400)

    def test_frame_agreement_price_and_rest_are_shown(self):
        """Covers: SAL-18 SAL-14"""
        pricelist = self.env["product.pricelist"].create({"name": "Frame"})
        blanket = self.env["sale.blanket.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": pricelist.id,
                "validity_start_date": fields.Date.today(),
                "validity_date": fields.Date.add(fields.Date.today(), months=3),
                "payment_term_id": self.env.ref(
                    "account.account_payment_term_immediate"
                ).id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.resin.id,
                            "product_uom": self.resin.uom_id.id,
                            "original_uom_qty": 50,
                            "price_unit": 71.25,
                        }
                    )
                ],
            }
        )
        blanket.action_confirm()
        self.login(self.buyer)
        text = self.page("/my/premier/products?filterby=frame").text
        self.assertIn("71.25", text)
        self.post("/my/premier/basket/add", product_id=self.resin.id, quantity="5")
        line = self.basket_of(self.buyer).line_ids
        self.post("/my/premier/basket/save", send="1", **{f"quantity_{line.id}": "5"})
        order = self.env["sale.order"].search(
            [("portal_request_partner_id", "=", self.contact.id)]
        )
        self.assertEqual(order.order_line.price_unit, 71.25)
        self.assertEqual(order.order_line.price_source, "frame")
        self.assertEqual(order.order_line.blanket_order_line, blanket.line_ids)
        self.assertIn(order.name, self.page("/my/premier/orders").text)


@tagged("post_install", "-at_install")
class TestPremierIsolation(PremierCommon):
    def assert_shut(self, response, what):
        """Neither the document nor a page that tells of it."""
        self.assertIn(response.status_code, (303, 302, 403, 404, 400), what)
        self.assertNotIn("SECRET-REF-77", response.text, what)
        if response.status_code in (302, 303):
            self.assertRegex(response.headers["Location"], r"/(my|web/login)")

    def get_attachments(self):
        return self.env["ir.attachment"].create(
            [
                {
                    "name": "SECRET-REF-77.txt",
                    "raw": b"SECRET-REF-77",
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (self.order, self.order.order_line, self.bill)
            ]
        )

    def setUp(self):
        super().setUp()
        self.bill = self.invoice(self.order)
        self.order._portal_ensure_token()
        self.bill._portal_ensure_token()

    def get_closed_paths(self):
        order, bill = self.order.id, self.bill.id
        foreign = self.env["sale.order"].create(
            {"partner_id": self.rival.partner_id.id}
        )
        token = foreign._portal_ensure_token()
        paths = [
            f"/my/premier/orders/{order}",
            f"/my/orders/{order}",
            f"/my/orders/{order}?access_token=wrong",
            f"/my/orders/{order}?access_token={token}",
            f"/my/premier/orders/{order}?access_token={self.order.access_token}",
            f"/my/orders/{order}?report_type=pdf",
            f"/my/invoices/{bill}",
            f"/my/invoices/{bill}?access_token={token}",
            f"/my/invoices/{bill}?report_type=pdf&download=true",
            "/my/premier/orders/0",
            "/my/premier/orders/999999999",
        ]
        for attachment in self.get_attachments():
            paths += [f"/web/content/{attachment.id}", f"/web/image/{attachment.id}"]
        paths += [f"/my/picking/pdf/{p.id}" for p in self.order.picking_ids]
        return paths

    def test_another_customer_reaches_nothing_by_id_or_token(self):
        """Covers: SAL-18"""
        paths = self.get_closed_paths()
        self.login(self.rival)
        for path in paths:
            response = self.page(path)
            if path.startswith("/web/image"):  # a grey picture instead
                self.assertNotIn(b"SECRET-REF-77", response.content, path)
                continue
            self.assert_shut(response, path)

    def test_another_customer_sees_nothing_in_any_list(self):
        """Covers: SAL-18"""
        self.login(self.rival)
        for path in (*PAGES, "/my/orders", "/my/quotes", "/my/invoices"):
            text = self.page(path).text
            for word in ("SECRET-REF-77", "Coatings Ltd.", self.bill.name, "Resin<"):
                self.assertNotIn(word, text, path)
            self.assertNotIn(f"/my/premier/orders/{self.order.id}", text, path)

    def test_nobody_sees_anything_without_login(self):
        """Covers: SAL-18"""
        self.authenticate(None, None)
        for path in (*PAGES, *self.get_closed_paths()):
            response = self.page(path)
            if not path.startswith("/web/image"):
                self.assert_shut(response, path)

    def test_another_customer_cannot_post_with_our_ids(self):
        """Covers: SAL-18"""
        mine = self.env["crm.portal.basket"].with_user(self.buyer)._ensure_mine()
        mine._set_quantities({self.resin.id: 3})
        self.login(self.rival)
        response = self.post(f"/my/premier/orders/{self.order.id}/again")
        self.assertEqual(response.status_code, 404)
        self.post("/my/premier/basket/save", **{f"quantity_{mine.line_ids.id}": "99"})
        self.post("/my/premier/basket/save", send="1")
        self.assertEqual(mine.line_ids.quantity, 3)
        self.assertFalse(
            self.env["sale.order"]
            .search([("portal_request_partner_id", "!=", False)])
            .filtered(
                lambda order: order.partner_id.commercial_partner_id == self.customer
            )
        )

    def rpc(self, path, **params):
        """Answer of a JSON route, as text."""
        return self.url_open(
            path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
        ).text

    def test_another_customer_cannot_answer_for_us(self):
        """Covers: SAL-18"""
        quotation = self.quote(confirm=False)
        quotation.state = "sent"
        self.login(self.rival)
        self.assertIn(
            "Invalid order",
            self.rpc(f"/my/orders/{quotation.id}/accept", name="Eve", signature="x"),
        )
        self.post(f"/my/orders/{quotation.id}/decline", decline_message="no")
        self.assertEqual(quotation.state, "sent")

    def test_the_rpc_of_the_web_client_gives_no_foreign_record(self):
        """Covers: SAL-18"""
        self.login(self.rival)
        for record in (self.order, self.order.order_line, self.bill):
            for method, args in (("read", [record.ids, []]), ("search_read", [[]])):
                with mute_logger("odoo.http"):
                    text = self.rpc(
                        f"/web/dataset/call_kw/{record._name}/{method}",
                        model=record._name,
                        method=method,
                        args=args,
                        kwargs={},
                    )
                self.assertNotIn("SECRET-REF-77", text)
                self.assertNotIn(self.order.name, text)

    def test_the_quick_order_entry_is_shut_for_customers(self):
        """Covers: SAL-15 SAL-18"""
        partner = self.customer.id
        for user in (self.rival, self.buyer):
            telesales = self.env["crm.telesales"].with_user(user)
            for method, *args in (
                ("get_sheet",),
                ("get_update", [[self.resin.id, 1]]),
                ("search_products", "Resin"),
                ("create_order", [[self.resin.id, 1]]),
            ):
                with self.assertRaises(AccessError, msg=method):
                    getattr(telesales, method)(partner, *args)

    def test_baskets_are_private_by_rpc_too(self):
        """Covers: SAL-18"""
        mine = self.env["crm.portal.basket"].with_user(self.buyer)._ensure_mine()
        mine._set_quantities({self.resin.id: 3})
        theirs = mine.with_user(self.rival)
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.read(["user_id"])
        with self.assertRaises(AccessError):
            theirs.line_ids.browse(mine.line_ids.id).read(["quantity"])
        with self.assertRaises(AccessError):
            mine.line_ids.write({"quantity": 5})

    def test_a_contact_with_own_rights_sees_only_own_documents(self):
        """Covers: SAL-18"""
        self.assertEqual(self.contact.portal_scope, "company")
        self.assertEqual(self.colleague.partner_id.portal_scope, "own")
        self.login(self.colleague)
        for path in self.get_closed_paths():
            if not path.startswith("/web/image"):
                self.assert_shut(self.page(path), path)
        own = self.quote(partner_id=self.colleague.partner_id.id)
        text = self.page("/my/premier/orders").text
        self.assertIn(own.name, text)
        self.assertNotIn("SECRET-REF-77", text)

    def test_a_contact_given_the_company_sees_it_at_once(self):
        """Covers: SAL-18"""
        self.login(self.colleague)
        path = f"/my/premier/orders/{self.order.id}"
        self.assertEqual(self.page(path).status_code, 404)
        self.colleague.partner_id.portal_scope = "company"
        self.assertEqual(self.page(path).status_code, 200)
        invoices = self.page("/my/premier/invoices").text
        self.assertIn(self.bill.name, invoices)

    def test_drafts_of_the_seller_are_not_shown(self):
        """Covers: SAL-18"""
        draft = self.quote(confirm=False)
        self.login(self.buyer)
        self.assertEqual(self.page(f"/my/premier/orders/{draft.id}").status_code, 404)
        self.assert_shut(self.page(f"/my/orders/{draft.id}"), "core's page")
        self.assertNotIn(draft.name, self.page("/my/premier/orders").text)

    def test_documents_of_another_of_our_companies_stay_there(self):
        """Covers: SAL-18"""
        other = self.env["res.company"].create({"name": "Other seller"})
        hidden = self.env["sale.order"].create(
            {"partner_id": self.contact.id, "company_id": other.id, "state": "sale"}
        )
        self.login(self.buyer)
        response = self.page(f"/my/premier/orders/{hidden.id}")
        self.assertEqual(response.status_code, 404)

    def test_a_salesperson_reads_baskets_but_changes_none(self):
        """Covers: SAL-18"""
        basket = self.env["crm.portal.basket"].with_user(self.buyer)._ensure_mine()
        basket._set_quantities({self.resin.id: 3})
        seen = basket.with_user(self.seller)
        self.assertEqual(seen.line_ids.quantity, 3)
        with self.assertRaises(AccessError):
            seen.line_ids.write({"quantity": 5})
        outsider = new_test_user(self.env, "premier_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            basket.with_user(outsider).read(["user_id"])
