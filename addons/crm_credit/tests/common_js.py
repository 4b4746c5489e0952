from odoo.addons.web.tests import test_js as web_test_js


class HootCase(web_test_js.HOOTCommon):
    """Runs the JavaScript tests of one addon in a browser."""

    # what Odoo's own runner takes from its --test-tags
    _test_params = []

    def run_hoot(self, addon):
        self._test_params = [("+", f"@{addon}")]
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            + self.get_hoot_filters(),
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
        )
