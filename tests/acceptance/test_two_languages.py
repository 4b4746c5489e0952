"""English and Chinese, complete."""

import re

from odoo.tests import TransactionCase, tagged

from tool import paths, translations

from .common import ADDONS, our_models

CHINESE = re.compile("[\u4e00-\u9fff]")
# Words that are the same in both languages.
SAME = re.compile(r"^[A-Z0-9 ()%/.&:-]*$")


@tagged("post_install", "-at_install")
class TestTwoLanguages(TransactionCase):
    """Covers: FRM-03"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(list(ADDONS), ["zh_CN"])
        cls.env.invalidate_all()
        cls.chinese = cls.env(context=dict(cls.env.context, lang="zh_CN"))

    def test_every_term_of_every_template_is_translated(self):
        self.assertEqual(translations.check(paths.ADDONS), [])

    def test_menus_of_ours_are_chinese(self):
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "in", ADDONS)]
        )
        menus = self.chinese["ir.ui.menu"].browse(data.mapped("res_id"))
        english = [menu.name for menu in menus if not self._is_chinese(menu.name)]
        self.assertEqual(english, [])

    def test_models_fields_and_choices_of_ours_are_chinese(self):
        english = set()
        for name, model in our_models(self.chinese).items():
            for field, about in model.fields_get().items():
                words = [about["string"]]
                if isinstance(about.get("selection"), list):
                    words += [label for _value, label in about["selection"]]
                owner = model._fields[field]._module
                if owner in ADDONS:
                    english |= {
                        f"{name}.{field}: {word}"
                        for word in words
                        if word and not self._is_chinese(word)
                    }
        self.assertEqual(sorted(english), [])

    def _is_chinese(self, word):
        return bool(CHINESE.search(word) or SAME.match(word))

    def test_every_list_and_form_of_ours_opens_in_both_languages(self):
        views = self.env["ir.ui.view"].search(
            [
                ("model", "in", list(our_models(self.env))),
                ("type", "in", ("list", "form", "kanban", "search", "pivot")),
                ("inherit_id", "=", False),
            ]
        )
        self.assertGreater(len(views), 100)
        for env in (
            self.env(context=dict(self.env.context, lang="en_US")),
            self.chinese,
        ):
            for view in views:
                arch = env[view.model].get_view(view.id, view.type)["arch"]
                self.assertTrue(arch)
