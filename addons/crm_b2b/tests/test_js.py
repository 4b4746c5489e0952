from odoo.tests import tagged

from odoo.addons.crm_credit.tests.common_js import HootCase


@tagged("post_install", "-at_install")
class TestCrmB2bJs(HootCase):
    def test_browser_components_work(self):
        """Bar, whitespace and quick entry. Covers: SAL-01, SAL-15, CUS-05"""
        self.run_hoot("crm_b2b")
