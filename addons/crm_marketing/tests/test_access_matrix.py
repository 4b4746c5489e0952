from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common_result import ResultCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
MARKETER = "mass_mailing.group_mass_mailing_user"
SELLER = "sales_team.group_sale_salesman"
GROUPS = {
    "marketer": MARKETER,
    "chief": "crm_marketing.group_manager",
    "seller": SELLER,
    "sales_manager": "sales_team.group_sale_manager",
    "analyst": "crm_analytics.group_analyst",
    "finance": "account.group_account_invoice",
    "agent": "crm_service.group_service_user",  # where service is installed
    "portal": "base.group_portal",
    "public": "base.group_public",
}
# sales managers are analysts, and chiefs of marketing, too
FIGURES = ("r", "r", "", "r", "r", "", "", "", "")
DATES = ("r", "r", "r", "r", "", "", "", "", "")  # of accounts: theirs, or all
RULES = ("r", "rwcu", "", "", "", "", "", "", "")  # the chief decides on them
KNOWN = ("r", "rwcu", "r", "r", "r", "r", "r", "", "")  # words of every employee
WORK = ("rwc", "rwcu", "", "", "", "", "", "", "")  # only the chief deletes
SALES = ("", "", "rwcu", "rwcu", "", "", "", "", "")  # wizards on hand-overs

# What each group of GROUPS, in that order, may do with each model of ours.
MATRIX = {
    "crm.audience": WORK,
    "crm.audience.member": DATES,
    "crm.audience.option": KNOWN,
    "crm.audience.snapshot": DATES,
    "crm.auto.reply": RULES,
    "crm.auto.reply.log": ("r", "r", "", "", "", "", "", "", ""),
    "crm.campaign.effect": ("", "r", "", "r", "r", "", "", "", ""),
    "crm.campaign.entry": FIGURES,
    "crm.care.date": DATES,
    "crm.care.kind": ("r", "rw", "r", "r", "", "", "", "", ""),
    "crm.care.reminder": ("", "r", "", "", "", "", "", "", ""),
    "crm.consent": ("rc", "rc", "rc", "rc", "", "", "", "", ""),
    "crm.content.block": WORK,
    "crm.fair.visitor": ("rwcu", "rwcu", "rwcu", "rwcu", "", "", "", "", ""),
    "crm.interest": DATES,
    "crm.lead.conversion": DATES,
    "crm.lead.score.rule": ("r", "rwcu", "r", "r", "", "", "", "", ""),
    "crm.lead.transfer": DATES,
    "crm.lead.transfer.offer": SALES,
    "crm.lead.transfer.return": SALES,
    "crm.mailing.preview": ("rwcu", "rwcu", "", "", "", "", "", "", ""),
    "crm.marketing.activity": ("rwcu", "rwcu", "", "r", "r", "", "", "", ""),
    "crm.marketing.activity.type": ("r", "rwcu", "", "r", "r", "", "", "", ""),
    "crm.marketing.budget": FIGURES,
    "crm.marketing.cost": FIGURES,
    "crm.marketing.plan": ("r", "rwcu", "", "r", "r", "", "", "", ""),
    "crm.marketing.purpose": KNOWN,
    "crm.marketing.trigger": ("r", "rwcu", "r", "r", "", "", "", "", ""),
    "crm.marketing.trigger.log": DATES,
    "crm.news": ("rwcu", "rwcu", "r", "r", "", "", "", "", ""),
}

# Where the company of a record is told.
COMPANY = {
    "crm.audience": "company_id",
    "crm.audience.member": "company_id",
    "crm.audience.snapshot": "company_id",
    "crm.auto.reply": "company_id",
    "crm.auto.reply.log": "rule_id.company_id",
    "crm.campaign.effect": "company_id",
    "crm.campaign.entry": "company_id",
    "crm.care.date": "company_id",
    "crm.care.reminder": "partner_id.company_id",
    "crm.consent": "partner_id.company_id",
    "crm.content.block": "company_id",
    "crm.interest": "company_id",
    "crm.lead.conversion": "company_id",
    "crm.lead.score.rule": "company_id",
    "crm.lead.transfer": "company_id",
    "crm.marketing.activity": "company_id",
    "crm.marketing.budget": "company_id",
    "crm.marketing.cost": "company_id",
    "crm.marketing.plan": "company_id",
    "crm.marketing.trigger": "company_id",
    "crm.marketing.trigger.log": "company_id",
    "crm.news": "company_id",
}
# Words that are the same for all companies.
SHARED = {
    "crm.audience.option",
    "crm.care.kind",
    "crm.marketing.activity.type",
    "crm.marketing.purpose",
}
# Of a colleague's account or lead: not for a seller, but for marketing and the manager.
PERSONAL = {
    "crm.audience.member": "commercial_partner_id",
    "crm.care.date": "partner_id",
    "crm.consent": "partner_id",
    "crm.interest": "commercial_partner_id",
    "crm.lead.conversion": "lead_id.partner_id",
    "crm.lead.transfer": "lead_id.partner_id",
    "crm.marketing.trigger.log": "commercial_partner_id",
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(ResultCommon):
    """Who may do what with every model of ours. Covers: SAL-19, FRM-07"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(
                cls.env,
                f"matrix_{name}",
                # without service its agents are employees like others
                group if cls.env.ref(group, False) else "base.group_user",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in GROUPS.items()
        }

    @classmethod
    def our_models(cls):
        return {
            name: model
            for name, model in cls.env.items()
            if type(model)._original_module == "crm_marketing" and not model._abstract
        }

    # --- a world with one record of each model in a company

    @classmethod
    def world(cls, data, owner):
        """Make an account of ``owner`` with everything around it, in a company."""
        company = data["company"]
        env = cls.env(
            su=True,
            context=dict(
                cls.env.context,
                allowed_company_ids=company.ids,
                tracking_disable=True,
                mail_notrack=True,
            ),
        )
        industry = env["res.partner.industry"].create({"name": "Matrix"})
        customer = env["res.partner"].create(
            {
                "name": "Matrix",
                "is_company": True,
                "company_id": company.id,
                "user_id": owner.id,
                "email": f"matrix{company.id}@matrix.example",
                "industry_id": industry.id,
            }
        )
        campaign = env["utm.campaign"].create(
            {"title": f"Matrix {company.id}", "company_id": company.id}
        )
        cls._send(env, customer, campaign, industry)
        cls._hand_over(env, customer, campaign, owner)
        cls._plan(env, customer, campaign, data)
        cls._care(env, customer)
        env.flush_all()
        env.invalidate_all()
        return customer

    @classmethod
    def _send(cls, env, customer, campaign, industry):
        purpose = env.ref("crm_marketing.purpose_products")
        audience = env["crm.audience"].create(
            {"name": "Matrix", "industry_ids": industry.ids}
        )
        env["crm.audience.snapshot"]._freeze(audience, purpose, campaign=campaign)
        customer._record_consent(purpose, "granted", "form")
        env["crm.content.block"].create(
            {"name": "Matrix", "body": "<p>Matrix</p>", "company_id": env.company.id}
        )
        rule = env["crm.auto.reply"].create({"name": "Matrix"})
        env["crm.auto.reply.log"].create(
            {"rule_id": rule.id, "key": "matrix", "state": "answered"}
        )
        trigger = env["crm.marketing.trigger"].create(
            {"name": "Matrix", "kind": "silence", "purpose_id": purpose.id}
        )
        today = fields.Date.today()
        env["crm.marketing.trigger.log"].create(
            {
                "trigger_id": trigger.id,
                "company_id": env.company.id,
                "commercial_partner_id": customer.id,
                "occasion": "matrix",
                "occasion_date": today,
                "due_date": today,
            }
        )
        env["crm.campaign.effect"].create(
            {
                "campaign_id": campaign.id,
                "company_id": env.company.id,
                "metric": "revenue",
                "why": "too_few",
            }
        )

    @classmethod
    def _hand_over(cls, env, customer, campaign, owner):
        lead = env["crm.lead"].create(
            {
                "name": "Matrix",
                "type": "lead",
                "partner_id": customer.id,
                "user_id": owner.id,
                "company_id": env.company.id,
                "campaign_id": campaign.id,
            }
        )
        env["crm.lead.transfer"].create(
            {
                "lead_id": lead.id,
                "from_user_id": env.uid,
                "user_id": owner.id,
                "deadline": fields.Date.today(),
            }
        )
        env["crm.lead.score.rule"].create(
            {"name": "Matrix", "points": 1, "company_id": env.company.id}
        )

    @classmethod
    def _plan(cls, env, customer, campaign, data):
        today = fields.Date.today()
        plan = env["crm.marketing.plan"].create(
            {"name": "Matrix", "date_from": today, "date_to": today, "budget": 9}
        )
        activity = env["crm.marketing.activity"].create(
            {
                "name": "Matrix",
                "plan_id": plan.id,
                "type_id": cls.kind.id,
                "planned_cost": 5,
                "campaign_id": campaign.id,
            }
        )
        activity.action_make_account()
        account = activity.analytic_account_id
        bill = env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": customer.id,
                "invoice_date": today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Matrix",
                            "price_unit": 5,
                            "tax_ids": [Command.clear()],
                            "account_id": data["default_account_expense"].id,
                            "analytic_distribution": {str(account.id): 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()

    @classmethod
    def _care(cls, env, customer):
        soon = fields.Date.add(fields.Date.today(), days=20)
        prices = env["product.pricelist"].create(
            {
                "name": "Matrix",
                "company_id": env.company.id,
                "item_ids": [
                    Command.create(
                        {"applied_on": "3_global", "date_end": f"{soon} 12:00:00"}
                    )
                ],
            }
        )
        customer.specific_property_product_pricelist = prices
        env["crm.care.reminder"].create(
            {
                "code": "price",
                "res_id": customer.id,
                "partner_id": customer.id,
                "date": soon,
            }
        )
        news = env["crm.news"].create({"name": "Matrix", "summary": "Matrix"})
        env["crm.interest"]._record(customer, news)

    def _records(self, model, company):
        # sudo: what is there, whoever may see it
        return self.env[model].sudo().search([(COMPANY[model], "=", company.id)])

    # --- the promises

    def test_every_model_is_in_the_table(self):
        self.assertEqual(set(self.our_models()), set(MATRIX))
        stored = {n for n, model in self.our_models().items() if not model._transient}
        self.assertEqual(stored, set(COMPANY) | SHARED)

    def test_every_model_has_the_rights_of_the_table(self):
        access = self.env["ir.model.access"]
        for model, rights in MATRIX.items():
            for (name, user), allowed in zip(self.users.items(), rights, strict=True):
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if access.with_user(user).check(
                        model, operation, raise_exception=False
                    )
                )
                with self.subTest(model=model, user=name):
                    self.assertEqual(found, allowed)

    def test_who_may_read_a_record_can_open_all_of_it(self):
        """No field of a screen asks for a right that its reader does not have."""
        self.world(self.company_data, self.users["seller"])
        for model, rights in MATRIX.items():
            if model not in COMPANY:
                continue
            records = self._records(model, self.company)
            self.assertTrue(records, model)
            for (name, user), right in zip(self.users.items(), rights, strict=True):
                if right:
                    with self.subTest(model=model, user=name):
                        seen = records.with_user(user)._filtered_access("read")
                        self.assertTrue(seen)
                        seen.web_read(
                            {
                                field: {"fields": {"display_name": {}}}
                                if description.get("relation")
                                else {}
                                for field, description in seen.fields_get().items()
                            }
                        )

    def test_records_of_another_company_are_out_of_sight_and_reach(self):
        """Covers: FRM-07"""
        data = self.setup_other_company(name="Matrix abroad")
        abroad = data["company"]
        everything = f"{GROUPS['chief']},{GROUPS['sales_manager']}"
        boss = self.person("matrix_boss", everything)
        owner = self.person("matrix_abroad", everything, company=abroad)
        self.world(data, owner)
        for model in COMPANY:
            with self.subTest(model=model):
                records = self._records(model, abroad)
                self.assertTrue(records, "the test makes a record of each model")
                domain = [("id", "in", records.ids)]
                self.assertFalse(self.env[model].with_user(boss).search(domain))
                for record in records.with_user(boss):
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(record.has_access(operation))
                seen = self.env[model].with_user(owner).with_company(abroad)
                self.assertEqual(seen.search(domain), records)

    def test_a_seller_sees_the_own_accounts_and_not_a_colleague_s(self):
        """Covers: FRM-04"""
        colleague = self.person("matrix_colleague", SELLER)
        customer = self.world(self.company_data, colleague)
        for model, path in PERSONAL.items():
            with self.subTest(model=model):
                # sudo: what is there, whoever may see it
                records = self.env[model].sudo().search([(path, "=", customer.id)])
                self.assertTrue(records)
                domain = [("id", "in", records.ids)]
                find = lambda user: records.with_user(user).search(domain)  # noqa: B023,E731
                self.assertFalse(find(self.users["seller"]))
                for user in (colleague, *map(self.users.get, ("chief", "marketer"))):
                    self.assertEqual(find(user), records, user.login)
                self.assertEqual(find(self.users["sales_manager"]), records)

    def test_customers_see_nothing_of_what_is_known_of_contacts(self):
        """Covers: MKT-05"""
        customer = self.world(self.company_data, self.users["seller"])
        guest = self.users["portal"]
        guest.partner_id.parent_id = customer
        colleague = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": customer.id}
        )
        fields_ours = [
            name
            for name, field in colleague._fields.items()
            if field._modules and set(field._modules) == {"crm_marketing"}
        ]
        self.assertIn("marketing_channel", fields_ours)
        self.assertIn("one_to_one_content", fields_ours)
        for contact in (customer, colleague, guest.partner_id):
            contact = contact.with_user(guest)
            self.assertTrue(contact.has_access("read"), "contacts of the own company")
            readable = contact.fields_get(fields_ours)
            self.assertEqual(list(readable), [])
