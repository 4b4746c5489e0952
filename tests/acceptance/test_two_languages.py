"""English and Chinese, complete."""

import polib

from odoo.tests import TransactionCase, tagged

from tool import paths, translations

from .common import ADDONS, our_models


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

    def test_what_the_files_say_is_what_users_see(self):
        """Menus, fields and choices of ours have their Chinese word on the screen."""
        seen = set(self._menus()) | set(self._fields())
        self.assertGreater(len(seen), 1000)
        words = self._translated()
        wrong = {
            f"{where}: {word}"
            for where, source, word in seen
            if source in words and word == source
        }
        self.assertEqual(sorted(wrong), [])

    def _menus(self):
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "in", ADDONS)]
        )
        menus = self.env["ir.ui.menu"].with_context(lang="en_US")
        for menu in menus.browse(data.mapped("res_id")):
            yield f"menu {menu.id}", menu.name, menu.with_env(self.chinese).name

    def _fields(self):
        """Labels and choices of the fields which our addons brought."""
        for name, model in our_models(self.chinese).items():
            chinese = model.fields_get()
            english = model.with_context(lang="en_US").fields_get()
            for field, about in chinese.items():
                if model._fields[field]._module not in ADDONS:
                    continue
                where = f"{name}.{field}"
                yield where, english[field]["string"], about["string"]
                choices = about.get("selection")
                if isinstance(choices, list):
                    for ours, (_key, label) in zip(
                        english[field]["selection"], choices, strict=True
                    ):
                        yield where, ours[1], label

    def _translated(self):
        """The terms which our files translate by another word."""
        return {
            entry.msgid
            for path in paths.ADDONS.glob("*/i18n/zh_CN.po")
            for entry in polib.pofile(str(path))
            if entry.msgstr and entry.msgstr != entry.msgid
        }

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
