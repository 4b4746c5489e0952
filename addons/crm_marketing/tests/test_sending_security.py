from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestSendingSecurity(SendingCommon):
    """Who sees and changes what of audiences, consents and triggers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketer = new_test_user(
            cls.env, "mkt_user", "mass_mailing.group_mass_mailing_user"
        )
        cls.manager = new_test_user(
            cls.env, "mkt_manager", "crm_marketing.group_manager"
        )
        cls.clerk = new_test_user(cls.env, "mkt_clerk", "base.group_user")
        audience = cls.audience()
        cls.snapshot = cls.env["crm.audience.snapshot"]._freeze(audience, cls.purpose)

    def _can(self, user, model, operation):
        return self.env[model].with_user(user).has_access(operation)

    def test_the_access_matrix(self):
        """Covers: MKT-02"""
        matrix = {
            # model: marketer, manager, seller, clerk
            "crm.audience": ("rwc", "rwcu", "", ""),
            "crm.audience.snapshot": ("r", "r", "r", ""),
            "crm.audience.member": ("r", "r", "r", ""),
            "crm.content.block": ("rwc", "rwcu", "", ""),
            "crm.marketing.trigger": ("r", "rwcu", "r", ""),
            "crm.marketing.trigger.log": ("r", "r", "r", ""),
            "crm.auto.reply": ("r", "rwcu", "", ""),
            "crm.marketing.purpose": ("r", "rwcu", "r", "r"),
            "crm.consent": ("rc", "rc", "rc", ""),
        }
        users = (self.marketer, self.manager, self.seller, self.clerk)
        letters = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
        for model, rights in matrix.items():
            for user, right in zip(users, rights, strict=True):
                found = "".join(
                    letter
                    for letter, operation in letters.items()
                    if self._can(user, model, operation)
                )
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(found, right)

    def test_a_seller_sees_the_members_of_own_accounts(self):
        self.cyn.user_id = self.manager
        members = self.snapshot.member_ids.with_user(self.seller)._filtered_access(
            "read"
        )
        self.assertEqual(members.partner_id, self.ada | self.bob, "bob has no seller")

    def test_a_marketer_counts_and_freezes_without_reading_values(self):
        """Covers: MKT-02"""
        audience = (
            self.env["crm.audience"]
            .with_user(self.marketer)
            .create(
                {
                    "name": "Own",
                    "industry_ids": self.industry.ids,
                    "value_class_ids": self.options("value_class", "growth").ids,
                    "preview_purpose_id": self.purpose.id,
                }
            )
        )
        audience.action_count()
        self.assertEqual(audience.recipient_count, 1)
        with self.assertRaises(AccessError):
            self.env["crm.customer.value"].with_user(self.marketer).search([])

    def test_a_company_does_not_see_the_audiences_of_the_other(self):
        other = self.env["res.company"].create({"name": "Test second company"})
        audience = self.audience(company_id=other.id)
        self.assertFalse(
            self.env["crm.audience"]
            .with_user(self.marketer)
            .search([("id", "=", audience.id)])
        )
        user = new_test_user(
            self.env,
            "mkt_other",
            "mass_mailing.group_mass_mailing_user",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.assertFalse(
            self.snapshot.member_ids.with_user(user)._filtered_access("read")
        )


@tagged("post_install", "-at_install")
class TestUnsubscribe(SendingCommon, HttpCase):
    def test_leaving_withdraws_from_the_purpose_only(self):
        """Covers: MKT-05"""
        letter = self.mailing(audience_id=self.audience().id)
        letter._action_send_mail()
        self.env.flush_all()
        email = self.ada.email_normalized
        url = letter._get_unsubscribe_oneclick_url(email, self.ada.id)
        response = self.url_open(url[url.index("/mailing") :], method="POST")
        self.assertEqual(response.status_code, 200)
        self.assertRecordValues(
            self.ada.consent_ids,
            [{"state": "withdrawn", "source": "unsubscribe"}],
        )
        self.assertFalse(
            self.env["mail.blacklist"].search_count([("email", "=", email)])
        )
        wrong = url.replace("hash_token=", "hash_token=0")
        self.url_open(wrong[wrong.index("/mailing") :], method="POST")
        self.assertEqual(len(self.ada.consent_ids), 1)
