from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user


class TestContractAccess(TransactionCase):
    """Who sees which contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.acme, cls.rival = partners.create(
            [
                {"name": "Acme", "is_company": True},
                {"name": "Rival", "is_company": True},
            ]
        )
        cls.follower, cls.colleague = (
            new_test_user(cls.env, login, groups="base.group_portal")
            for login in ("acme_follower", "acme_colleague")
        )
        (cls.follower | cls.colleague).partner_id.parent_id = cls.acme
        cls.stranger = new_test_user(cls.env, "rival_user", groups="base.group_portal")
        cls.stranger.partner_id.parent_id = cls.rival
        cls.contract = cls.env["contract.contract"].create(
            {
                "name": "Gold",
                "partner_id": cls.follower.partner_id.id,
                "contract_line_ids": [(0, 0, {"name": "Care", "price_unit": 100})],
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _seen_by(self, user, model="contract.contract"):
        records = self.contract
        if model == "contract.line":
            records = self.contract.contract_line_ids
        if model == "contract.modification":
            records = self.contract.modification_ids
        self.assertTrue(records)
        return bool(self.env[model].with_user(user).search([("id", "in", records.ids)]))

    def test_a_colleague_sees_the_contract_of_his_company(self):
        """Covers: SRV-13"""
        for model in ("contract.contract", "contract.line", "contract.modification"):
            with self.subTest(model=model):
                self.assertTrue(self._seen_by(self.colleague, model))

    def test_another_company_sees_nothing_of_it(self):
        for model in ("contract.contract", "contract.line", "contract.modification"):
            with self.subTest(model=model):
                self.assertFalse(self._seen_by(self.stranger, model))

    def test_a_supplier_contract_is_not_shown_to_colleagues(self):
        self.contract.contract_type = "purchase"
        self.assertFalse(self._seen_by(self.colleague))

    def test_service_reads_and_only_the_manager_writes(self):
        """Covers: SRV-02"""
        for group in ("technician", "user_team", "user"):
            user = new_test_user(
                self.env, f"svc_{group}", groups=f"crm_service.group_service_{group}"
            )
            contract = self.contract.with_user(user)
            self.assertEqual(contract.name, "Gold")
            with self.assertRaises(AccessError):
                contract.write({"name": "Silver"})
        manager = new_test_user(
            self.env, "svc_manager", groups="crm_service.group_service_manager"
        )
        self.contract.with_user(manager).write({"name": "Silver"})
        self.assertEqual(self.contract.name, "Silver")

    def test_a_contract_of_another_company_stays_hidden_from_service(self):
        company = self.env["res.company"].create({"name": "Second company"})
        agent = new_test_user(
            self.env, "svc_other", groups="crm_service.group_service_user"
        )
        contract = self.contract.copy({"company_id": company.id, "journal_id": False})
        self.assertFalse(
            self.env["contract.contract"]
            .with_user(agent)
            .search([("id", "=", contract.id)])
        )
