"""The organisation: every role gets where its menus lead, and no further."""

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from .common import ADDONS, make_people, our_models

# What a colleague of whatever department may look up.
FOR_EVERY_EMPLOYEE = {
    "crm.audience.option",
    "crm.credit.check",
    "crm.credit.release",
    "crm.marketing.purpose",
    "service.asset",
}


@tagged("post_install", "-at_install")
class TestGroupsAndRules(TransactionCase):
    """Covers: FRM-04"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = make_people(cls.env)

    def _our_menus(self, user):
        """The menus of ours that ``user`` sees, with a window behind them."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "in", ADDONS)]
        )
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        menus = self.env["ir.ui.menu"].browse(visible & set(data.mapped("res_id")))
        return menus.filtered(
            lambda menu: menu.action and menu.action._name == "ir.actions.act_window"
        )

    def test_no_menu_leads_to_a_refusal(self):
        seen = {}
        for role, user in self.people.items():
            for menu in self._our_menus(user):
                action = menu.action
                with self.subTest(role=role, menu=menu.complete_name):
                    self._open(action, user)
                seen.setdefault(role, set()).add(menu.id)
        working = set(self.people) - {"marketing"}
        self.assertEqual({role for role in working if not seen.get(role)}, set())

    def _open(self, action, user):
        """Do what the browser does: the views, then the first records."""
        model = self.env[action.res_model].with_user(user)
        views = [(view or False, kind) for view, kind in action.views]
        if action.search_view_id:
            views.append((action.search_view_id.id, "search"))
        found = model.get_views(views)["views"]
        if model._transient or not action.domain or "active_id" in action.domain:
            return
        context = {"uid": user.id, "user": user, "context": {}}
        domain = safe_eval(action.domain, dict(context, **{"allowed_company_ids": []}))
        self.assertTrue(found)
        model.search_fetch(domain, ["display_name"], limit=1)

    def test_every_model_of_ours_has_rights_and_none_for_everybody(self):
        access = self.env["ir.model.access"]
        for name in our_models(self.env):
            lines = access.search([("model_id.model", "=", name)])
            with self.subTest(model=name):
                self.assertTrue(lines)
                self.assertTrue(all(line.group_id for line in lines))

    def test_a_record_with_a_company_has_a_rule_for_it(self):
        rules = self.env["ir.rule"].search([("domain_force", "like", "compan")])
        ruled = set(rules.mapped("model_id.model"))
        bare = {
            name
            for name, model in our_models(self.env).items()
            if not model._transient
            and (field := model._fields.get("company_id"))
            and (field.store or not model._auto)
            and name not in ruled
        }
        self.assertEqual(bare, set())

    def test_a_new_employee_reads_nothing_of_ours(self):
        user = self.env["res.users"].create(
            {
                "name": "New",
                "login": "acceptance_new",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        readable = {
            name
            for name, model in our_models(self.env).items()
            if not model._transient and model.with_user(user).has_access("read")
        }
        self.assertEqual(readable - FOR_EVERY_EMPLOYEE, set())
