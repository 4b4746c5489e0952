from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestPortalSuggestions(ValueCommon, HttpCase):
    """Covers: ANA-09"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The portal shows the main company of its user.
        cls.acme, cls.rival = cls.customer("Acme"), cls.customer("Rival Paints")
        cls.products = cls.env["product.product"].create(
            [
                {"name": name, "list_price": 10, "type": "consu", "sale_ok": True}
                for name in ("Resin T", "Hardener T", "Thinner T")
            ]
        )
        rule = (
            cls.env["crm.association.rule"]
            .sudo()
            .create(
                {
                    "company_id": cls.company.id,
                    "left_id": cls.products[0].id,
                    "product_id": cls.products[1].id,
                    "count": 8,
                    "left_count": 11,
                    "right_count": 20,
                    "support": 0.1,
                    "confidence": 0.7,
                    "lift": 2.0,
                    "leverage": 0.05,
                }
            )
        )
        for partner, product in (
            (cls.acme, cls.products[1]),
            (cls.rival, cls.products[2]),
        ):
            cls.env["crm.customer.suggestion"].sudo().create(
                {
                    "company_id": cls.company.id,
                    "partner_id": partner.id,
                    "product_id": product.id,
                    "rule_id": rule.id,
                    "score": 1,
                    "place": 1,
                }
            )
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.users = {}
        for partner in (cls.acme, cls.rival):
            user = new_test_user(
                cls.env, f"portal_{partner.id}", "base.group_portal", **make
            )
            user.partner_id.write({"parent_id": partner.id})
            user.write(
                {"group_ids": [Command.link(cls.env.ref("base.group_portal").id)]}
            )
            cls.users[partner] = user

    def _premier(self, partner):
        return self.env["crm.portal.premier"].with_user(self.users[partner])

    def test_a_customer_gets_own_suggestions_with_a_reason(self):
        [(product, reason)] = self._premier(self.acme)._get_suggestions()
        self.assertEqual(product, self.products[1])
        self.assertIn("8 of 11 orders", reason)
        self.assertIn("Resin T", reason)

    def test_nobody_gets_the_suggestions_of_another_customer(self):
        for partner, own, foreign in (
            (self.acme, self.products[1], self.products[2]),
            (self.rival, self.products[2], self.products[1]),
        ):
            premier = self._premier(partner)
            self.assertEqual([o[0] for o in premier._get_suggestions()], [own])
            self.assertEqual(premier._find_products((own | foreign).ids), own)

    def test_what_is_not_for_sale_is_not_offered(self):
        self.products[1].sale_ok = False
        self.assertFalse(self._premier(self.acme)._get_suggestions())

    def test_the_page_shows_them_and_they_can_be_ordered(self):
        user = self.users[self.acme]
        self.authenticate(user.login, user.login)
        page = self.url_open("/my/premier").text
        self.assertIn("Hardener T", page)
        self.assertNotIn("Thinner T", page)
        found = self.url_open("/my/premier/products?filterby=suggested").text
        self.assertIn("Hardener T", found)
        self.assertNotIn("Thinner T", found)
