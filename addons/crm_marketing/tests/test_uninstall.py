from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    """Covers: FRM-09"""

    def test_statements_do_not_keep_the_purposes_of_the_addon(self):
        """Records go before tables: the server would log an error for each."""
        purpose = self.env["crm.marketing.purpose"].create(
            {"name": "News T", "code": "news_t"}
        )
        partner = self.env["res.partner"].create({"name": "Contact"})
        self.env["crm.consent"].create(
            {"partner_id": partner.id, "purpose_id": purpose.id}
        )
        self.env.flush_all()
        uninstall_hook(self.env)
        self.env.cr.execute(
            "DELETE FROM crm_marketing_purpose WHERE id = %s", [purpose.id]
        )
        self.assertEqual(self.env.cr.rowcount, 1)
