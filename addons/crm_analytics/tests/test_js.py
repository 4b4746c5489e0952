from odoo.tests import tagged

from odoo.addons.crm_credit.tests.common_js import HootCase


@tagged("post_install", "-at_install")
class TestCrmAnalyticsJs(HootCase):
    def test_browser_components_work(self):
        """Covers: ANA-03, ANA-06, ANA-10"""
        self.run_hoot("crm_analytics")
