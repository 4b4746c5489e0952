"""Users of zh_CN read the reused addons in Chinese: labels, menus, messages."""

import polib

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_b2b import hooks as crm_b2b_hooks
from odoo.addons.crm_credit import hooks as crm_credit_hooks
from odoo.addons.crm_service import hooks as crm_service_hooks

from tool import paths

LABELS = {
    "ir.model.fields": "field_description",
    "ir.model.fields.selection": "name",
    "ir.ui.menu": "name",
}
REUSED = ("account_financial_risk", "commission_oca", "contract", "helpdesk_mgmt")


@tagged("post_install", "-at_install")
class TestReusedAddonsInChinese(TransactionCase):
    """Covers: FRM-03"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # pytest imports an addon to collect its tests, and Odoo then takes it as loaded
        for hooks in (crm_credit_hooks, crm_b2b_hooks, crm_service_hooks):
            hooks.post_load()
        cls.env["res.lang"]._activate_lang("zh_CN")
        # our addons bring the terms of those they build on
        cls.env["ir.module.module"]._load_module_terms(
            ["crm_credit", "crm_b2b", "crm_service"], ["zh_CN"]
        )
        cls.env.invalidate_all()
        cls.chinese = cls.env(context=dict(cls.env.context, lang="zh_CN"))

    def test_labels_of_fields_and_tabs(self):
        view = self.chinese["res.partner"].get_view(
            self.env.ref("base.view_partner_form").id, "form"
        )
        self.assertIn("财务风险", view["arch"])
        self.assertNotIn("Financial Risk", view["arch"])
        labels = self.chinese["helpdesk.ticket"].fields_get(
            ["duplicate_id", "number"], ["string"]
        )
        self.assertEqual(labels["duplicate_id"]["string"], "重复于")
        self.assertEqual(labels["number"]["string"], "工单编号")

    def test_menus(self):
        menu = self.chinese.ref("commission_oca.menu_commission")
        self.assertEqual(menu.name, "佣金")
        self.assertEqual(
            self.chinese.ref("commission_oca.menu_agent_form").name, "代理"
        )

    def test_messages_of_code(self):
        order = self.chinese["sale.blanket.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "pricelist_id": self.env["product.pricelist"].create({"name": "P"}).id,
            }
        )
        with self.assertRaisesRegex(UserError, "必须填写有效期截止日期"):
            order.action_confirm()

    def test_what_the_files_say_is_what_users_see(self):
        for addon in REUSED:
            words = self._translated(addon)
            self.assertGreater(len(words), 50)
            for model, name in LABELS.items():
                data = self.env["ir.model.data"].search(
                    [("model", "=", model), ("module", "=", addon)]
                )
                english = self.env[model].with_context(lang="en_US")
                for record in english.browse(data.mapped("res_id")).exists():
                    if record[name] in words:
                        seen = record.with_env(self.chinese)[name]
                        self.assertNotEqual(seen, record[name], (addon, record))

    def _translated(self, addon):
        """The terms which our file translates by another word."""
        (path,) = paths.ADDONS.glob(f"*/i18n_oca/{addon}/i18n_extra/zh_CN.po")
        return {
            entry.msgid
            for entry in polib.pofile(str(path))
            if entry.msgstr != entry.msgid
        }
