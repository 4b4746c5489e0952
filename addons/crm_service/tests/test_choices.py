from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestChoices(TransactionCase):
    """Choices that repeat those of another model. Covers: FRM-05"""

    def test_repeated_choices_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        selections = self.env["ir.model.fields.selection"]
        for source, name, copies in (
            ("helpdesk.ticket", "kind", ("service.decision", "service.level.line")),
            (
                "helpdesk.ticket",
                "priority",
                ("service.decision", "service.level.line", "service.tier.rule"),
            ),
            ("service.entitlement", "kind", ("service.decision:unit",)),
            ("service.complaint", "justified", ("service.complaint.report",)),
        ):
            field = self.env["ir.model.fields"]._get(source, name)
            for choice in selections.search([("field_id", "=", field.id)]):
                choice.with_context(lang="zh_CN").name = f"译 {choice.value}"
            for copy in copies:
                model, _colon, own = copy.partition(":")
                with self.subTest(model=model, field=own or name):
                    for lang, chinese in (("zh_CN", True), ("en_US", False)):
                        shown = (
                            self.env[model]
                            .with_context(lang=lang)
                            .fields_get([own or name], ["selection"])
                        )[own or name]["selection"]
                        self.assertTrue(shown)
                        self.assertEqual(
                            all(label.startswith("译 ") for _value, label in shown),
                            chinese,
                        )
