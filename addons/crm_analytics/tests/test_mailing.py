import base64
import warnings
from io import BytesIO
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..tools import workbook_contracts, workbook_pipeline
from ..tools.workbook_labels import CUSTOMER_VALUE
from .common import ValueCommon


class MailingCommon(ValueCommon):
    """Two people with a deal each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.seller = new_test_user(
            cls.env,
            "mailing_seller",
            "sales_team.group_sale_salesman",
            password="mailing_seller",
            email="seller@example.com",
            **make,
        )
        cls.analyst = new_test_user(
            cls.env,
            "mailing_analyst",
            "crm_analytics.group_analyst",
            email="analyst@example.com",
            **make,
        )
        cls.document(cls.customer("Acme"), cls.day(1), 100)
        cls.refresh()
        cls.deals = cls.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "user_id": user.id,
                    "team_id": False,
                    "company_id": cls.company.id,
                    "expected_revenue": amount,
                    "probability": 50,
                }
                for name, user, amount in (
                    ("=Mine", cls.seller, 1000),
                    ("Theirs", cls.analyst, 500),
                )
            ]
        )

    def _mailing(self, **values):
        return self.env["crm.insight.mailing"].create(
            {
                "name": "Weekly",
                "company_id": self.company.id,
                "user_ids": [fields.Command.set(self.analyst.ids)],
                **values,
            }
        )

    @staticmethod
    def _sheets(content):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of openpyxl on data bars
            book = openpyxl.load_workbook(BytesIO(content), data_only=True)
        return {sheet.title: list(sheet.values) for sheet in book.worksheets}


@tagged("post_install", "-at_install")
class TestMailing(MailingCommon, MailCase):
    """Covers: ANA-13"""

    def test_what_is_due_goes_out_once_and_comes_again(self):
        today = fields.Date.today()
        mailing = self._mailing(next_date=fields.Date.subtract(today, days=9))
        later = self._mailing(next_date=fields.Date.add(today, days=1))
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("crm_analytics.ir_cron_mailing").method_direct_trigger()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(mailing.last_date, today)
        self.assertEqual(mailing.next_date, fields.Date.add(today, days=5))
        self.assertFalse(later.last_date)

    def test_the_workbook_is_attached(self):
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self._mailing().action_send()
        mail = self._new_mails
        attachment = mail.attachment_ids
        self.assertTrue(attachment.name.startswith("customer_value_"))
        sheets = self._sheets(base64.b64decode(attachment.datas))
        self.assertIn("Customers", sheets)

    def test_each_recipient_gets_what_they_may_see(self):
        mailing = self._mailing(
            workbook="pipeline", user_ids=[fields.Command.set(self.seller.ids)]
        )
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mailing.action_send()
        sheets = self._sheets(base64.b64decode(self._new_mails.attachment_ids.datas))
        names = [row[0] for row in sheets["Deals"][1:]]
        self.assertIn("=Mine", names)
        self.assertNotIn("Theirs", names)

    def test_the_workbooks_speak_the_language_of_their_reader(self):
        words = self.env["crm.workbook.words"]
        known = set(words._get_words())
        for labels in (
            CUSTOMER_VALUE,
            workbook_contracts.LABELS,
            workbook_pipeline.LABELS,
        ):
            self.assertLessEqual(set(labels.values()), known)
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["crm_analytics"], ["zh_CN"])
        self.analyst.lang = "zh_CN"
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self._mailing().action_send()
        sheets = self._sheets(base64.b64decode(self._new_mails.attachment_ids.datas))
        chinese = words.with_context(lang="zh_CN")._translate(CUSTOMER_VALUE)
        self.assertNotEqual(chinese["customers"], "Customers")
        self.assertIn(chinese["customers"], sheets)
        self.assertIn(chinese["monetary"], sheets[chinese["customers"]][0])
        proof = sheets[chinese["proof"]]
        column = proof[0].index(chinese["agrees"])
        self.assertEqual({row[column] for row in proof[1:]}, {chinese["yes"]})

    def test_who_may_not_see_it_is_no_recipient(self):
        with self.assertRaises(UserError):
            self._mailing(user_ids=[fields.Command.set(self.seller.ids)])

    def _colleague(self, login, **values):
        return new_test_user(
            self.env,
            login,
            "crm_analytics.group_analyst",
            email=f"{login}@example.com",
            company_id=self.company.id,
            company_ids=self.company.ids,
            **values,
        )

    def test_who_is_not_in_the_company_is_no_recipient(self):
        """Covers: ANA-13"""
        other = self.setup_other_company()["company"]
        with self.assertRaises(UserError) as refused:
            self._mailing(company_id=other.id)
        self.assertIn(other.name, str(refused.exception))
        mailing = self._mailing()
        with self.assertRaises(UserError):
            mailing.company_id = other

    def _run_cron(self):
        """Addresses that got a workbook."""
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("crm_analytics.ir_cron_mailing").method_direct_trigger()
        return [
            address
            for mail in self._mails
            for address in mail["email_to"]
            if mail["attachments"]
        ]

    def test_a_recipient_who_lost_the_rights_holds_up_nobody(self):
        """Covers: ANA-13"""
        today = fields.Date.today()
        lost, gone = self._colleague("mailing_lost"), self._colleague("mailing_gone")
        first = self._mailing(
            interval="daily",
            user_ids=[fields.Command.set((lost | gone | self.analyst).ids)],
        )
        only = self._mailing(user_ids=[fields.Command.set(lost.ids)])
        last = self._mailing(name="Last", next_date=today)
        lost.write(
            {"group_ids": [fields.Command.set([self.env.ref("base.group_user").id])]}
        )
        other = self.setup_other_company()["company"]
        gone.write(
            {"company_ids": [fields.Command.set(other.ids)], "company_id": other}
        )
        addresses = self._run_cron()
        self.assertEqual(len(addresses), 2, addresses)
        self.assertTrue(all("analyst@example.com" in each for each in addresses))
        self.assertEqual(first.last_date, today)
        self.assertEqual(last.last_date, today)
        self.assertEqual(first.next_date, fields.Date.add(today, days=1))
        self.assertIn("Not sent to " + lost.name, first.failure)
        self.assertIn("Not sent to " + gone.name, first.failure)
        self.assertIn(lost.name, first.message_ids[0].body)
        self.assertFalse(only.last_date)
        self.assertEqual(only.next_date, fields.Date.add(today, days=7))
        self.assertFalse(last.failure)
        note = first.action_send()["params"]
        self.assertEqual(note["type"], "warning")
        first.user_ids = self.analyst
        self.assertEqual(first.action_send()["params"]["type"], "success")
        self.assertFalse(first.failure)

    @mute_logger("odoo.addons.crm_analytics.models.crm_insight_mailing")
    def test_a_workbook_that_cannot_be_made_holds_up_no_other(self):
        """Covers: ANA-13"""
        today = fields.Date.today()
        other = self._mailing()
        broken = self._mailing(
            workbook="pipeline", user_ids=[fields.Command.set(self.seller.ids)]
        )
        failing = patch.object(
            type(self.env["crm.lead"]),
            "_get_pipeline_workbook",
            side_effect=ZeroDivisionError("by nought"),
        )
        with failing:
            self.assertEqual(len(self._run_cron()), 1)
        self.assertEqual(other.last_date, today)
        self.assertIn("by nought", broken.failure)
        self.assertGreater(broken.next_date, today)
        with (
            patch.object(type(other), "_send", side_effect=ZeroDivisionError),
            self.mock_mail_gateway(),
            self.enter_registry_test_mode(),
        ):
            other.next_date = today
            self.env.ref("crm_analytics.ir_cron_mailing").method_direct_trigger()
        self.assertGreater(other.next_date, today)

    def test_the_sums_of_the_pipeline_are_those_of_its_deals(self):
        with self.env["crm.lead"]._get_pipeline_workbook(self.company) as book:
            sheets = self._sheets(book.read())
        deals = sheets["Deals"]
        amount = deals[0].index("Expected revenue")
        total = sum(row[amount] for row in deals[1:])
        for name in ("Stages", "Months"):
            sums = [row for row in sheets[name] if isinstance(row[1], int)]
            self.assertEqual(sum(row[1] for row in sums), len(deals) - 1)
            self.assertAlmostEqual(sum(row[2] for row in sums), total)


@tagged("post_install", "-at_install")
class TestPipelineDownload(MailingCommon, HttpCase):
    """Covers: ANA-13"""

    def test_a_seller_downloads_the_pipeline(self):
        self.authenticate("mailing_seller", "mailing_seller")
        answer = self.url_open("/crm_analytics/pipeline.xlsx")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(
            "=Mine", [row[0] for row in self._sheets(answer.content)["Deals"]]
        )
