from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestMailingEverybody(SendingCommon):
    """A mailing that lost its audience goes to nobody. Covers: MKT-02, MKT-05"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketer = new_test_user(
            cls.env,
            "mkt_everybody",
            "mass_mailing.group_mass_mailing_user",
            email="mkt_everybody@ours.example",
        )
        cls.own = cls.audience()
        cls.env["res.partner"].create(
            {"name": "Not of the audience", "email": "somebody@else.example"}
        )

    def _emptied(self, **values):
        letter = self.mailing(audience_id=self.own.id, **values).with_user(
            self.marketer
        )
        letter.write({"audience_id": False})
        return letter

    def _run_queue(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "mass_mailing.ir_cron_mass_mailing_queue"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _recipients(self, letter):
        domain = letter._get_recipients_domain()
        return self.env["res.partner"].search(domain)

    def assert_blocked(self, call, *arguments):
        with self.assertRaises(UserError) as caught:
            call(*arguments)
            self.env.flush_all()
        self.assertIn("would go to all contacts", str(caught.exception))

    def test_it_is_neither_sent_nor_scheduled_nor_put_in_the_queue(self):
        letter = self._emptied()
        self.assertTrue(letter.has_lost_audience)
        self.assertFalse(self._recipients(letter))
        self.assert_blocked(letter.action_launch)
        letter.write({"schedule_type": "scheduled", "schedule_date": "2099-01-01"})
        self.assert_blocked(letter.action_schedule)
        self.assert_blocked(letter.action_put_in_queue)
        self.assert_blocked(letter.action_send_mail)
        self.assert_blocked(letter.write, {"state": "in_queue"})
        letter.invalidate_recordset()
        self._run_queue()
        self.assertEqual(letter.state, "draft")
        self.assertFalse(letter.mailing_trace_ids)

    def test_it_cannot_lose_it_while_it_waits(self):
        letter = self.mailing(audience_id=self.own.id)
        letter.write({"schedule_type": "scheduled", "schedule_date": "2099-01-01"})
        letter.action_schedule()
        self.assert_blocked(letter.write, {"audience_id": False})

    def test_nor_can_the_audience_be_deleted_under_it(self):
        self.mailing(audience_id=self.own.id)
        self.env["utm.campaign"].create({"title": "C", "audience_id": self.own.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.own.unlink()

    def test_a_copy_keeps_the_audience_or_the_loss_of_it(self):
        letter = self.mailing(audience_id=self.own.id)
        self.assertEqual(letter.copy().audience_id, self.own)
        copy = self._emptied().copy()
        self.assertTrue(copy.has_lost_audience)
        self.assert_blocked(copy.action_launch)
        action = self._emptied().action_duplicate()
        self.assertFalse(
            self._recipients(self.env["mailing.mailing"].browse(action["res_id"]))
        )

    def test_chosen_recipients_or_another_audience_are_good_again(self):
        letter = self._emptied()
        letter.mailing_domain = repr([("id", "=", self.ada.id)])
        self.assertFalse(letter.has_lost_audience)
        self.assertEqual(self._recipients(letter), self.ada)
        letter.mailing_domain = "[]"
        self.assertTrue(letter.has_lost_audience)
        letter.mailing_domain = "[(1, '=', 1)]"
        self.assertTrue(letter.has_lost_audience)
        letter.audience_id = self.own
        self.assertFalse(letter.has_lost_audience)
        mailing_list = self.env["mailing.list"].create({"name": "Chosen"})
        letter.write(
            {
                "audience_id": False,
                "mailing_model_id": self.env["ir.model"]._get_id("mailing.list"),
                "contact_list_ids": mailing_list.ids,
            }
        )
        self.assertFalse(letter.has_lost_audience)

    def test_a_mailing_that_never_had_one_is_as_in_the_core(self):
        letter = self.mailing()
        self.assertFalse(letter.has_lost_audience)
        self.assertIn(self.ada, self._recipients(letter))

    def test_a_draft_of_a_campaign_goes_to_its_audience_or_to_nobody(self):
        campaign = self.env["utm.campaign"].create(
            {"title": "C", "audience_id": self.own.id, "purpose_id": self.purpose.id}
        )
        plain = self.mailing(campaign_id=campaign.id, audience_id=False)
        self.assert_blocked(plain.action_launch)
        letter = self.mailing(campaign_id=campaign.id)
        letter.audience_id = False
        self.assert_blocked(letter.action_launch)
        letter.campaign_id = False
        self.assert_blocked(letter.action_launch)
        campaign.action_freeze_audience()
        other = self.own.copy({"name": "Other"})
        for value in (False, other.id):
            with self.assertRaises(ValidationError) as caught:
                campaign.audience_id = value
            self.assertIn("frozen audience", str(caught.exception))

    def test_a_test_mail_shows_a_recipient_s_mail_and_none_without_audience(self):
        block = self.env["crm.content.block"].create(
            {"name": "B", "body": '<p>Only for <t t-out="object.name"/></p>'}
        )
        place = '<t t-out="object.one_to_one_content"/>'
        values = {"block_ids": block.ids, "body_html": place, "body_arch": place}
        self.own.value_class_ids = self.options("value_class", "dormant")
        letter = self.mailing(audience_id=self.own.id, **values)
        sent = self._test_mail(letter)
        self.assertEqual(len(sent), 1)
        self.assertIn("Only for Cyn Works", sent[0]["body_html"])
        self.assertEqual(sent[0]["email_to"], "tester@ours.example")
        self.assertFalse(letter.mailing_trace_ids)
        lost = self._emptied(**values)
        self.assert_blocked(self._test_mail, lost)

    def _test_mail(self, letter):
        wizard = (
            self.env["mailing.mailing.test"]
            .with_user(self.marketer)
            .create({"mass_mailing_id": letter.id, "email_to": "tester@ours.example"})
        )
        mail_class = type(self.env["mail.mail"])
        original, made = mail_class.create, []

        def create(model, vals_list):
            made.extend(vals_list if isinstance(vals_list, list) else [vals_list])
            return original(model, vals_list)

        with patch.object(mail_class, "create", create):
            wizard.send_mail_test()
        return made

    def _versions(self, count=2, **values):
        campaign = self.env["utm.campaign"].create(
            {"title": "A/B", "ab_testing_winner_selection": "manual"}
        )
        return self.env["mailing.mailing"].union(
            *(
                self.mailing(
                    subject=f"Version {number}",
                    name=f"Version {number}",
                    campaign_id=campaign.id,
                    audience_id=self.own.id,
                    ab_testing_enabled=True,
                    ab_testing_pc=34,
                    **values,
                )
                for number in range(count)
            )
        )

    def test_versions_of_a_test_and_the_winner_share_audience_and_hold_out(self):
        """Covers: MKT-03"""
        self.own.holdout_percent = 34
        versions = self._versions()
        for letter in versions:
            letter.action_launch()
            self._run_queue()
        self.assertEqual(versions.mapped("state"), ["done", "done"])
        snapshot = versions.snapshot_id
        self.assertEqual(len(snapshot), 1)
        self.assertEqual((snapshot.holdout_count, snapshot.recipient_count), (1, 2))
        winner = self.env["mailing.mailing"].browse(
            versions[0].action_send_winner_mailing()["res_id"]
        )
        self._run_queue()
        self.assertEqual(winner.state, "done")
        self.assertEqual(winner.snapshot_id, snapshot)
        held = snapshot.member_ids.filtered("is_holdout").email_normalized
        sent = [email for letter in versions | winner for email in self.sent_to(letter)]
        self.assertEqual(len(sent), len(set(sent)), "each one version")
        self.assertEqual(
            set(sent),
            {p.email for p in (self.ada, self.bob, self.cyn)} - {held},
        )

    def test_versions_of_a_test_without_audience_are_not_sent(self):
        versions = self._versions()
        versions.write({"audience_id": False})
        self.assert_blocked(versions[0].action_launch)
        self.assertEqual(versions.mapped("has_lost_audience"), [True, True])
        with self.assertRaises(UserError):
            versions[1].action_select_as_winner()

    def test_ids_given_by_a_caller_do_not_reach_who_is_held_out(self):
        """Covers: MKT-03"""
        self.own.holdout_percent = 34
        letter = self.mailing(audience_id=self.own.id)
        everybody = self.ada | self.bob | self.cyn
        letter.with_user(self.marketer).action_send_mail(everybody.ids)
        held = letter.snapshot_id.member_ids.filtered("is_holdout").email_normalized
        self.assertTrue(held)
        self.assertEqual(self.sent_to(letter), {p.email for p in everybody} - {held})
