from collections import Counter
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestSendingAgain(SendingCommon):
    """Whatever starts again, nobody gets a mail twice. Covers: MKT-02"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["utm.campaign"].create(
            {
                "title": "Again",
                "audience_id": cls.audience().id,
                "purpose_id": cls.purpose.id,
            }
        )
        cls.letter = cls.mailing(campaign_id=cls.campaign.id)
        cls.everybody = cls.ada | cls.bob | cls.cyn

    def _run_queue(self):
        with self.enter_registry_test_mode():
            action = self.env.ref(
                "mass_mailing.ir_cron_mass_mailing_queue"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return action

    def _mails(self):
        """{address: mails made and not cancelled}."""
        mails = self.env["mail.mail"].search(
            [("mailing_id", "=", self.letter.id), ("state", "!=", "cancel")]
        )
        traces = self.letter.mailing_trace_ids.filtered(
            lambda trace: trace.trace_status != "cancel"
        )
        self.assertEqual(
            sorted(traces.mapped("email")),
            sorted(mails.mailing_trace_ids.mapped("email")),
            "each mail is accounted for",
        )
        return Counter(traces.mapped("email"))

    def test_a_campaign_launched_run_and_sent_again(self):
        once = dict.fromkeys(self.everybody.mapped("email"), 1)
        self.letter.action_launch()
        for _time in range(2):
            self._run_queue()
            self.assertEqual(self._mails(), once)
        self.assertEqual(self.letter.state, "done")
        self.letter.action_put_in_queue()
        self._run_queue()
        self.assertEqual(self._mails(), once)
        self.letter.action_send_mail(self.everybody.ids)
        self.assertEqual(self._mails(), once)
        self.letter.action_retry_failed()
        self._run_queue()
        self.assertEqual(self._mails(), once)
        self.assertEqual(len(self.campaign.mailing_mail_ids.snapshot_id), 1)

    def test_a_worker_killed_between_batches_goes_on_where_it_was(self):
        """The core commits each batch; the second one dies with its worker."""
        self.env["ir.config_parameter"].set_param("mail.batch_size", 1)
        composer = type(self.env["mail.compose.message"])
        original, batches = composer._process_mail_values_state, []

        def killed(model, values):
            batches.append(len(values))
            if len(batches) > 1:
                raise MemoryError("killed")
            return original(model, values)

        send = composer._action_send_mail

        def committing(model, auto_commit=False):
            model.force_send = False  # in the queue, committed as without a test
            return send(model, auto_commit=True)

        self.letter.action_launch()
        with (
            patch.object(composer, "_process_mail_values_state", killed),
            patch.object(composer, "_action_send_mail", committing),
            mute_logger(
                "odoo.addons.base.models.ir_cron", "odoo.sql_db", "py.warnings"
            ),
        ):
            self._run_queue()
        self.assertGreater(len(batches), 1)
        first = self._mails()
        self.assertEqual(list(first.values()), [1], "the first batch is kept")
        self.assertEqual(self.letter.state, "sending")
        members = self.campaign.snapshot_id.member_ids
        self._run_queue()
        self._run_queue()
        self.assertEqual(self.letter.state, "done")
        self.assertEqual(
            self._mails(), dict.fromkeys(self.everybody.mapped("email"), 1)
        )
        self.assertEqual(self.campaign.snapshot_id.member_ids, members)
