import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.crm_service.models.service_call import SCOPE


@tagged("post_install", "-at_install")
class TestServiceCall(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.be")
        cls.agent = new_test_user(
            cls.env, "call_agent", groups="crm_service.group_service_user"
        )
        cls.agent.service_extension = "4711x"
        cls.partner = cls.env["res.partner"].create(
            {"name": "Caller Ltd.", "is_company": True, "phone": "+32 2 555 98 71"}
        )
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.agent)
            .sudo()
            ._generate(SCOPE, "exchange", fields.Datetime.now() + timedelta(days=1))
        )

    def post(self, data, key=None, as_json=False):
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        if as_json:
            headers["Content-Type"] = "application/json"
            data = json.dumps(data)
        return self.url_open("/crm_service/call", data=data, headers=headers)

    def test_a_known_number_pops_up_at_the_agent_and_is_logged(self):
        """Covers: CUS-09"""
        sent = []
        users = self.env.registry["res.users"]
        with patch.object(
            users, "_bus_send", lambda user, kind, data: sent.append((user, kind, data))
        ):
            response = self.post({"number": "025559871", "extension": "4711x"})
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.json()["known"])
        call = self.env["service.call"].browse(response.json()["call_id"])
        self.assertRecordValues(
            call, [{"partner_id": self.partner.id, "user_id": self.agent.id}]
        )
        [(user, kind, data)] = sent
        self.assertEqual((user, kind), (self.agent, "crm_service.call"))
        self.assertEqual(data["partner_id"], self.partner.id)
        self.assertIn("025559871", self.partner.message_ids[0].body)

    def test_numbers_in_other_forms_and_parts_find_the_same_caller(self):
        """Covers: CUS-09"""
        calls = self.env["service.call"]
        for number in ("+3225559871", "0032 2 555 98 71", "02/555.98.71", "25559871"):
            self.assertEqual(calls._find_caller(number)[0], self.partner, number)
        self.assertFalse(calls._find_caller("9871")[0])
        self.assertFalse(calls._find_caller("+32 2 555 00 00")[0])

    def test_a_number_of_two_customers_pops_up_neither(self):
        self.partner.copy({"name": "Same number", "phone": self.partner.phone})
        self.assertFalse(self.env["service.call"]._find_caller("025559871")[0])

    def test_wrong_or_missing_key_is_refused_and_nothing_is_logged(self):
        """Covers: CUS-09"""
        before = self.env["service.call"].search_count([])
        self.assertEqual(self.post({"number": "1234567"}, key="wrong").status_code, 401)
        self.assertEqual(self.post({"number": "1234567"}, key="").status_code, 401)
        self.assertEqual(self.env["service.call"].search_count([]), before)

    def test_broken_input_is_answered_with_400(self):
        for data in (
            {"extension": "1"},
            {"number": "1234567", "direction": "sideways"},
            {"number": "1234567", "duration": "long"},
        ):
            self.assertEqual(self.post(data).status_code, 400, data)
        self.assertEqual(self.post(["x"], as_json=True).status_code, 400)

    def test_a_key_of_a_user_without_service_rights_is_not_enough(self):
        user = new_test_user(self.env, "call_nobody", groups="base.group_user")
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate(SCOPE, "x", fields.Datetime.now() + timedelta(days=1))
        )
        self.assertEqual(self.post({"number": "1234567"}, key=key).status_code, 403)

    def test_the_end_of_a_call_updates_the_same_log_entry(self):
        data = {"number": "+3225559871", "reference": "pbx-77"}
        first = self.post(data, as_json=True).json()["call_id"]
        second = self.post(data | {"state": "ended", "duration": 61}, as_json=True)
        self.assertEqual(second.json()["call_id"], first)
        call = self.env["service.call"].browse(first)
        self.assertRecordValues(call, [{"state": "ended", "duration": 61}])
