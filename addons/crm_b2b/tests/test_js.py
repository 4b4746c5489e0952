from odoo.tests import tagged

from odoo.addons.web.tests.test_js import HOOTCommon


@tagged("post_install", "-at_install")
class TestCrmB2bJs(HOOTCommon):
    def get_hoot_filters(self):
        self._test_params = [("+", "@crm_b2b")]
        return super().get_hoot_filters()

    def test_browser_components_work_on_desktop_and_phone(self):
        """Covers: SAL-01"""
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"{self.hoot_filters}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
        )
