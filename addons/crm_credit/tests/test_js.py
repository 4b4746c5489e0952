from odoo.tests import tagged

from odoo.addons.web.tests import test_js as web_test_js


@tagged("post_install", "-at_install")
class TestCrmCreditJs(web_test_js.HOOTCommon):
    # what Odoo's own runner takes from its --test-tags
    _test_params = []

    def test_browser_components_work(self):
        """Covers: FRM-03"""
        self._test_params = [("+", "@crm_credit")]
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            + self.get_hoot_filters(),
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
        )
