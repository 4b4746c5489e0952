"""Users of zh_CN read the reused addons in Chinese: labels, menus, messages."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

REUSED = ("account_financial_risk", "commission_oca", "contract", "helpdesk_mgmt")


@tagged("post_install", "-at_install")
class TestReusedAddonsInChinese(TransactionCase):
    """Covers: FRM-03"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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

    def test_no_field_menu_or_view_of_them_is_left_in_english(self):
        """What has a Chinese term in our files has it in the database."""
        for model in ("ir.model.fields.selection", "ir.ui.menu", "ir.model.fields"):
            name = {"ir.model.fields": "field_description"}.get(model, "name")
            data = self.env["ir.model.data"].search(
                [("model", "=", model), ("module", "in", REUSED)]
            )
            records = self.chinese[model].browse(data.mapped("res_id")).exists()
            english = [
                record[name]
                for record in records
                if record[name] and record[name].isascii() and len(record[name]) > 3
            ]
            self.assertEqual(english, [], model)
