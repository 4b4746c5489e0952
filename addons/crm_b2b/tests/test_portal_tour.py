from odoo.tests import tagged

from .test_portal_premier import PremierCommon


@tagged("post_install", "-at_install")
class TestPremierTour(PremierCommon):
    def test_a_customer_asks_for_a_quotation_by_hand(self):
        """Covers: SAL-18"""
        self.start_tour("/my", "crm_b2b_premier", login=self.buyer.login)
        order = self.env["sale.order"].search(
            [("portal_request_partner_id", "=", self.contact.id)]
        )
        self.assertEqual(order.order_line.product_uom_qty, 12)

    def test_the_same_on_a_phone_without_scrolling_sideways(self):
        """Covers: SAL-18"""
        self.browser_size = "390x844"
        self.login(self.buyer)
        for path in ("/my/premier", "/my/premier/products", "/my/premier/basket"):
            self.browser_js(
                path,
                """
                const wide = document.documentElement.scrollWidth > window.innerWidth;
                const small = [...document.querySelectorAll(
                    '.o_premier .btn, .o_premier input:not([type=hidden])')].filter(
                    (el) => el.offsetHeight && el.offsetHeight < 44);
                console.log(wide || small.length
                    ? `wide ${wide}, small: ${small.map((el) => el.outerHTML)}`
                    : 'test successful');
                """,
                ready="document.readyState === 'complete'",
                login=self.buyer.login,
            )
