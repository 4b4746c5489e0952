"""Operational, collaborative and analytic parts, told by the addons."""

import ast

from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged

from tool import paths

from .common import ADDONS, our_models

OPERATIONAL = ("crm_credit", "crm_b2b", "crm_service")
ANALYTIC = ("crm_analytics",)
ACTING = ("crm_marketing",)


def _ours_below(addon):
    """The addons of ours that ``addon`` stands on."""
    found = set()
    for name in Manifest.for_addon(addon)["depends"]:
        if name in ADDONS:
            found |= {name} | _ours_below(name)
    return found


def _imports(addon):
    """The addons of ours that the code of ``addon`` imports from."""
    found = set()
    for path in (paths.ADDONS / addon).rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.ImportFrom) and module.startswith("odoo.addons."):
                found.add(module.split(".")[2])
    return found & set(ADDONS) - {addon}


@tagged("post_install", "-at_install")
class TestLayers(TransactionCase):
    """Covers: FRM-02, FRM-01"""

    def test_sales_and_service_do_not_know_each_other_nor_the_analysis(self):
        for addon in OPERATIONAL:
            self.assertLessEqual(_ours_below(addon), {"crm_credit"})
        self.assertNotIn("crm_service", _ours_below("crm_b2b"))

    def test_analysis_stands_on_operation_and_marketing_on_analysis(self):
        for addon in ANALYTIC:
            self.assertIn("crm_b2b", _ours_below(addon))
            self.assertNotIn("crm_marketing", _ours_below(addon))
        for addon in ACTING:
            self.assertIn("crm_analytics", _ours_below(addon))

    def test_code_imports_only_from_below(self):
        for addon in ADDONS:
            with self.subTest(addon=addon):
                self.assertLessEqual(_imports(addon), _ours_below(addon))

    def test_collaboration_is_in_each_operational_addon(self):
        """Talk on the record for the staff, and a portal for the customer."""
        talking = {"crm_b2b": 0, "crm_service": 0}
        for model in our_models(self.env).values():
            if "message_ids" in model._fields:
                addon = type(model)._original_module
                talking[addon] = talking.get(addon, 0) + 1
        self.assertGreaterEqual(talking["crm_b2b"], 5)
        self.assertGreaterEqual(talking["crm_service"], 3)
        for addon in ("crm_b2b", "crm_service"):
            routes = "".join(
                path.read_text(encoding="utf-8")
                for path in (paths.ADDONS / addon / "controllers").glob("*.py")
            )
            self.assertIn('"/my/', routes, addon)

    def test_there_is_no_second_customer_product_order_or_invoice(self):
        """Covers: FRM-01"""
        for name, model in our_models(self.env).items():
            if not model._auto:
                continue
            with self.subTest(model=name):
                self.assertFalse(
                    {"street", "email", "vat"} <= set(model._fields),
                    "customers are contacts",
                )
                self.assertNotIn(
                    name.split(".")[-1], ("order", "invoice", "product", "payment")
                )
