import base64
import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_import import ImportCase


@tagged("post_install", "-at_install")
class TestCrmImportWizard(ImportCase):
    def wizard(self, files, **values):
        attachments = self.env["ir.attachment"].create(
            [{"name": name, "raw": content} for name, content in files.items()]
        )
        values.setdefault("profile", "maven_crm_opportunities")
        return self.env["crm.import.wizard"].create(
            {"file_ids": attachments.ids, **values}
        )

    def test_uploaded_files_lead_to_a_checked_import(self):
        action = self.wizard(self.files()).action_check()
        run = self.Run.browse(action["res_id"])
        self.assertEqual(run.state, "checked")
        self.assertEqual(self.counts(run)["deals"][0], 16)

    def test_a_zip_file_holds_the_files(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in self.files().items():
                archive.writestr(f"export/{name}", content)
        action = self.wizard({"export.zip": packed.getvalue()}).action_check()
        run = self.Run.browse(action["res_id"])
        self.assertEqual(self.counts(run)["deals"][0], 16)

    def test_unusable_input_is_refused_with_a_sentence(self):
        files = self.files()
        missing = {k: v for k, v in files.items() if k != "products.csv"}
        cases = [
            ({}, {}, "Upload the files first"),
            (missing, {}, "products.csv is missing"),
            ({**files, "accounts.csv": b""}, {}, "accounts.csv is empty"),
            ({**files, "accounts.csv": b"\xff\xfe"}, {}, "not written in utf-8-sig"),
            ({**files, "accounts.csv": b"a;b\n1;2\n"}, {}, "no column account"),
            ({"x.zip": b"no zip"}, {}, "not a readable zip"),
            (files, {"profile": "own"}, "Upload your profile"),
            (files, self.own(b"a: ["), "not valid YAML, line 1"),
            (files, self.own(b"\xff"), "not a text file in UTF-8"),
            (files, self.own(b"name: x"), 'lacks "files.deals"'),
        ]
        runs = self.Run.search_count([])
        for content, values, sentence in cases:
            wizard = self.wizard(content, **values)
            with (
                self.subTest(sentence),
                self.assertRaisesRegex(UserError, sentence),
                self.env.cr.savepoint(),
            ):
                wizard.action_check()
        self.assertEqual(self.Run.search_count([]), runs)

    def own(self, content):
        return {"profile": "own", "profile_file": base64.b64encode(content)}
