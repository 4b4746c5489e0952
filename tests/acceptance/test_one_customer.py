"""Sales, service and finance open the same record of a customer."""

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import make_people

# What is seen in the form of a customer: by whom, and by whom not.
SEEN = {
    "order_to_cash": ({"seller", "sales manager", "finance"}, set()),
    "visit_count": ({"seller", "sales manager"}, {"service agent", "finance"}),
    "account_plan_count": ({"seller", "sales manager"}, {"service agent", "finance"}),
    "credit_limit": ({"finance"}, {"service agent"}),
}


@tagged("post_install", "-at_install")
class TestOneCustomer(TransactionCase):
    """Covers: CUS-01"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = make_people(cls.env)
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "One Coatings Ltd",
                "is_company": True,
                "user_id": cls.people["seller"].id,
                "child_ids": [Command.create({"name": "Ann Buyer"})],
            }
        )

    def _form(self, role):
        partner = self.env["res.partner"].with_user(self.people[role])
        view = partner.get_view(self.env.ref("base.view_partner_form").id, "form")
        return view["id"], etree.fromstring(view["arch"])

    def _main_fields(self, arch):
        return {
            node.get("name")
            for node in arch.iter("field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }

    def test_everybody_opens_the_same_form(self):
        views = {self._form(role)[0] for role in self.people}
        self.assertEqual(len(views), 1)

    def test_every_role_reads_all_that_its_form_shows(self):
        for role, user in self.people.items():
            _view, arch = self._form(role)
            names = self._main_fields(arch)
            self.assertIn("name", names)
            customer = self.customer.with_user(user)
            with self.subTest(role=role):
                values = customer.web_read({name: {} for name in names})
                self.assertEqual(values[0]["name"], "One Coatings Ltd")

    def test_each_sees_what_the_role_may_and_no_more(self):
        shown = {role: self._main_fields(self._form(role)[1]) for role in self.people}
        for name, (yes, no) in SEEN.items():
            for role in yes | no:
                with self.subTest(field=name, role=role):
                    self.assertEqual(name in shown[role], role in yes)

    def test_buttons_of_the_form_lead_where_the_role_may_go(self):
        """A smart button that is shown opens a list which the role may read."""
        for role, user in self.people.items():
            _view, arch = self._form(role)
            customer = self.customer.with_user(user)
            buttons = arch.xpath("//div[@name='button_box']//button[@type='object']")
            self.assertTrue(buttons, role)
            for name in {button.get("name") for button in buttons}:
                method = getattr(customer.with_context(active_id=customer.id), name)
                if not method.__func__.__module__.startswith("odoo.addons.crm_"):
                    continue
                with self.subTest(role=role, button=name):
                    action = method()
                    model = isinstance(action, dict) and action.get("res_model")
                    if model:
                        self.env[model].with_user(user).check_access("read")

    def test_figures_are_those_the_role_may_see(self):
        """The bar counts only documents which the reader may open."""
        other = self.people["sales manager"]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": other.id,
                "order_line": [
                    Command.create(
                        {
                            "name": "Primer",
                            "product_id": self.env["product.product"]
                            .create({"name": "Primer", "taxes_id": False})
                            .id,
                            "price_unit": 100,
                        }
                    )
                ],
            }
        )
        figures = {}
        for role in ("seller", "sales manager"):
            value = self.customer.with_user(self.people[role]).order_to_cash
            steps = value["steps"] if value else []
            figures[role] = sum(s["amount"] for s in steps if s["key"] == "quoted")
        self.assertEqual(figures, {"seller": 0, "sales manager": order.amount_total})

    def test_a_role_without_sales_cannot_read_its_records_by_name(self):
        plan = self.env["crm.account.plan"].create(
            {"name": "Plan", "partner_id": self.customer.id}
        )
        with self.assertRaises(AccessError):
            plan.with_user(self.people["service agent"]).read(["name"])
        self.assertTrue(plan.with_user(self.people["sales manager"]).read(["name"]))
