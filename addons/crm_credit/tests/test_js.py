from odoo.tests import tagged

from .common_js import HootCase


@tagged("post_install", "-at_install")
class TestCrmCreditJs(HootCase):
    def test_browser_components_work(self):
        """Covers: FRM-03"""
        self.run_hoot("crm_credit")
