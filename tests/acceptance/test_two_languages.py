"""English and Chinese, complete."""

import re

import polib

from odoo.tests import TransactionCase, tagged

from tool import paths, translations

from .common import ADDONS, our_models

# Models whose labels come from the files.
NAMED = ("ir.model.fields", "ir.model.fields.selection", "ir.ui.menu", "ir.model")


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
        """Labels, choices and menus of ours have their Chinese word on the screen."""
        wrong, seen = [], 0
        for xmlid, field, source, word in self._translated():
            record = self.env.ref(xmlid, raise_if_not_found=False)
            if not record or record.with_context(lang="en_US")[field] != source:
                continue
            seen += 1
            shown = record.with_env(self.chinese)[field]
            if shown == source:
                wrong.append(f"{xmlid}: {source} for {word}")
        self.assertGreater(seen, 1000)
        self.assertEqual(wrong, [])

    def _translated(self):
        """Yield (external id, field, term, translation) of what is no view."""
        pattern = re.compile(rf"model:(?:{'|'.join(NAMED)}),(\w+):(\S+)")
        for path in paths.ADDONS.glob("*/i18n/zh_CN.po"):
            for entry in polib.pofile(str(path)):
                if not entry.msgstr or entry.msgstr == entry.msgid:
                    continue
                for occurrence, _line in entry.occurrences:
                    if found := pattern.fullmatch(occurrence):
                        field, xmlid = found.groups()
                        yield xmlid, field, entry.msgid, entry.msgstr

    def test_choices_taken_from_another_model_are_in_the_language_of_the_user(self):
        """Covers: SAL-07, CUS-07"""
        for model, field in (
            ("crm.quota.report", "kind"),
            ("crm.quota.report", "basis"),
        ):
            choices = dict(self.chinese[model].fields_get([field])[field]["selection"])
            english = dict(
                self.env[model]
                ._fields[field]
                ._description_selection(self.env(context={"lang": "en_US"}))
            )
            for key, label in choices.items():
                self.assertNotEqual(label, english[key])
        kinds = dict(self.chinese["crm.handover.line"]._get_kinds())
        self.assertNotEqual(kinds["crm.account.plan"], "Account plan")

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
