from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

OUR_MODULES = ("crm_b2b", "crm_credit")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
SELLER = "sales_team.group_sale_salesman"
GROUPS = {
    "seller": SELLER,
    "team": "crm_b2b.group_sale_salesman_team",
    "all_leads": "sales_team.group_sale_salesman_all_leads",
    "manager": "sales_team.group_sale_manager",
    "finance": "crm_credit.group_credit_release",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
ADVICE = ("r", "r", "r", "rwcu", "", "", "")  # set up by the manager, read by sellers
READ = ("r", "r", "r", "r", "", "", "")
OWN = ("rwcu", "rwcu", "rwcu", "rwcu", "", "", "")
KEPT = ("rwc", "rwc", "rwc", "rwcu", "", "", "")  # sellers do not delete it
DECISION = ("r", "r", "r", "r", "r", "", "")

# What each group of GROUPS, in that order, may do with each model of ours.
MATRIX = {
    "crm.account.plan": KEPT,
    "crm.account.plan.goal": OWN,
    "crm.account.plan.member": OWN,
    "crm.account.plan.review": OWN,
    "crm.buying.role": OWN,
    "crm.buying.role.type": ADVICE,
    "crm.channel.report": READ,
    "crm.credit.check": DECISION,
    "crm.credit.hold": ("rwcu", "rwcu", "rwcu", "rwcu", "rwcu", "", ""),
    "crm.credit.release": ("r", "r", "r", "r", "rwcu", "", ""),
    "crm.deal.registration": KEPT,
    "crm.forecast.accuracy": READ,
    "crm.forecast.line": ("rw", "rw", "rw", "rwcu", "", "", ""),
    "crm.forecast.period": ADVICE,
    "crm.forecast.reliability": READ,
    "crm.forecast.snapshot": READ,
    "crm.forecast.snapshot.row": ("",) * 7,  # read through the model above
    "crm.forecast.waterfall": OWN,
    "crm.forecast.waterfall.line": OWN,
    "crm.handover": ADVICE,
    "crm.handover.brief": ("rw", "rw", "rw", "rwcu", "", "", ""),
    "crm.handover.line": READ,
    "crm.import.count": ("", "", "", "r", "", "", ""),
    "crm.import.issue": ("", "", "", "r", "", "", ""),
    "crm.import.run": ("", "", "", "rwcu", "", "", ""),
    "crm.import.wizard": ("", "", "", "rwcu", "", "", ""),
    "crm.lead.answer": OWN,
    "crm.lead.competitor": OWN,
    "crm.lead.criterion": KEPT,
    "crm.lead.gate.override": ("", "", "", "rwcu", "", "", ""),
    "crm.lead.line": OWN,
    "crm.lead.review": KEPT,
    "crm.open.business.report": READ,
    "crm.otif.report": READ,
    "crm.pipeline.report": READ,
    "crm.portal.basket": ("r", "r", "r", "r", "", "r", ""),
    "crm.portal.basket.line": ("r", "r", "r", "r", "", "r", ""),
    "crm.price.report": READ,
    "crm.price.sighting": KEPT,
    "crm.quota": ADVICE,
    "crm.quota.report": READ,
    "crm.relationship.review": ("rw", "rw", "rw", "rwu", "", "", ""),
    "crm.review.reason": ADVICE,
    "crm.scorecard": ADVICE,
    "crm.scorecard.option": ADVICE,
    "crm.scorecard.question": ADVICE,
    "crm.stage.criterion": ADVICE,
    "crm.territory": ADVICE,
    "crm.visit.due": READ,
    "crm.visit.plan": ADVICE,
    "crm.visit.report": KEPT,
    "crm.visit.step": OWN,
    "crm.visit.topic": ADVICE,
    "crm.wallet.estimate": KEPT,
}

# Where the company of a record is told; models absent here are the same for all
# companies, or belong to one user for a moment.
COMPANY = {
    "crm.account.plan": "company_id",
    "crm.account.plan.goal": "plan_id.company_id",
    "crm.account.plan.member": "plan_id.company_id",
    "crm.account.plan.review": "plan_id.company_id",
    "crm.channel.report": "company_id",
    "crm.deal.registration": "company_id",
    "crm.relationship.review": "company_id",
    "crm.visit.due": "company_id",
    "crm.visit.plan": "company_id",
    "crm.visit.report": "company_id",
    "crm.visit.step": "visit_id.company_id",
    "crm.wallet.estimate": "company_id",
    "crm.buying.role": "lead_id.company_id",
    "crm.credit.check": "company_id",
    "crm.credit.release": "company_id",
    "crm.forecast.accuracy": "company_id",
    "crm.forecast.line": "company_id",
    "crm.forecast.period": "company_id",
    "crm.forecast.reliability": "company_id",
    "crm.forecast.snapshot": "company_id",
    "crm.handover": "company_id",
    "crm.handover.brief": "handover_id.company_id",
    "crm.handover.line": "handover_id.company_id",
    "crm.import.count": "run_id.company_id",
    "crm.import.issue": "run_id.company_id",
    "crm.import.run": "company_id",
    "crm.lead.answer": "lead_id.company_id",
    "crm.lead.competitor": "lead_id.company_id",
    "crm.lead.criterion": "lead_id.company_id",
    "crm.lead.line": "lead_id.company_id",
    "crm.lead.review": "lead_id.company_id",
    "crm.open.business.report": "company_id",
    "crm.otif.report": "company_id",
    "crm.pipeline.report": "company_id",
    "crm.portal.basket": "company_id",
    "crm.portal.basket.line": "basket_id.company_id",
    "crm.price.report": "company_id",
    "crm.price.sighting": "company_id",
    "crm.quota": "company_id",
    "crm.quota.report": "company_id",
    "crm.territory": "company_id",
}
SHARED = {
    "crm.forecast.snapshot.row",  # open to nobody
    "crm.buying.role.type",
    "crm.review.reason",
    "crm.scorecard",
    "crm.scorecard.option",
    "crm.scorecard.question",
    "crm.stage.criterion",
    "crm.visit.topic",
}

# A colleague's records which a seller does not see, and one with all documents does.
PERSONAL = {
    "crm.buying.role",
    "crm.forecast.accuracy",
    "crm.forecast.line",
    "crm.forecast.reliability",
    "crm.forecast.snapshot",
    "crm.lead.answer",
    "crm.lead.competitor",
    "crm.lead.criterion",
    "crm.lead.line",
    "crm.lead.review",
    "crm.open.business.report",
    "crm.otif.report",
    "crm.pipeline.report",
    "crm.price.report",
    "crm.quota",
    "crm.quota.report",
    "crm.account.plan",
    "crm.channel.report",
    "crm.deal.registration",
    "crm.relationship.review",
    "crm.visit.due",
    "crm.visit.report",
    "crm.wallet.estimate",
}

# Models of core with documents of a team, and the field that says whose they are.
TEAM_OF_CORE = {
    "crm.lead": "user_id",
    "sale.order": "user_id",
    "sale.order.line": "salesman_id",
    "sale.report": "user_id",
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(TransactionCase):
    """Who may do what with every model of ours. Covers: SAL-19"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env.company
        cls.users = {
            name: new_test_user(
                cls.env, f"matrix_{name}", group, company_id=cls.home.id
            )
            for name, group in GROUPS.items()
        }
        everything = ",".join(GROUPS[name] for name in ("manager", "finance"))
        cls.boss = new_test_user(
            cls.env, "matrix_boss", everything, company_id=cls.home.id
        )

    def _our_models(self):
        return {
            name: model
            for name, model in self.env.items()
            if type(model)._original_module in OUR_MODULES and not model._abstract
        }

    def test_every_model_is_in_the_table(self):
        self.assertEqual(set(self._our_models()), set(MATRIX))

    def test_every_model_has_the_rights_of_the_table(self):
        for model, rights in MATRIX.items():
            for (name, user), allowed in zip(self.users.items(), rights, strict=True):
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env["ir.model.access"]
                    .with_user(user)
                    .check(model, operation, raise_exception=False)
                )
                with self.subTest(model=model, user=name):
                    self.assertEqual(found, allowed)

    def test_every_stored_model_belongs_to_a_company_or_is_shared_on_purpose(self):
        stored = {
            name for name, model in self._our_models().items() if not model._transient
        }
        self.assertEqual(stored, set(COMPANY) | SHARED)

    # -- a world with one record of each model in a company

    def _world(self, company, owner):
        """Make a deal with everything around it, owned by ``owner``."""
        env = self.env(
            context=dict(
                self.env.context,
                allowed_company_ids=company.ids,
                crm_b2b_skip_gates=True,
                tracking_disable=True,
            )
        )
        today = fields.Date.today()
        team = env["crm.team"].create(
            {
                "name": "Matrix team",
                "company_id": company.id,
                "member_ids": [Command.link(owner.id)],
                "scorecard_id": env.ref("crm_b2b.scorecard_bant").id,
            }
        )
        customer = env["res.partner"].create(
            {"name": "Matrix", "is_company": True, "company_id": company.id}
        )
        customer.user_id = owner
        stage = env["crm.stage"].search([("is_won", "=", False)], limit=1)
        env["crm.stage.criterion"].create({"name": "Matrix", "stage_id": stage.id})
        lead = env["crm.lead"].create(
            {
                "name": "Matrix deal",
                "type": "opportunity",
                "company_id": company.id,
                "partner_id": customer.id,
                "user_id": owner.id,
                "team_id": team.id,
                "stage_id": stage.id,
                "date_deadline": fields.Date.add(today, months=-2),
                "expected_revenue": 100,
            }
        )
        self._around(env, lead, customer)
        open_lead = lead.copy({"name": "Matrix open", "stage_id": stage.id})
        self._forecast(env, lead, open_lead, company)
        lead.action_set_lost()
        env["crm.lead.review"].create(
            {
                "lead_id": lead.id,
                "reason_ids": env.ref("crm_b2b.review_reason_price").ids,
            }
        )
        self._company_records(env, company, owner, customer)
        env.flush_all()
        env.invalidate_all()

    def _around(self, env, lead, customer):
        role = env.ref("crm_b2b.buying_role_buyer")
        person = env["res.partner"].create(
            {"name": "Matrix buyer", "parent_id": customer.id}
        )
        rival = env["res.partner"].create({"name": "Rival", "is_competitor": True})
        family = env["product.category"].create({"name": "Matrix family"})
        env["crm.buying.role"].create(
            {"lead_id": lead.id, "partner_id": person.id, "role_id": role.id}
        )
        env["crm.lead.competitor"].create({"lead_id": lead.id, "partner_id": rival.id})
        env["crm.lead.line"].create({"lead_id": lead.id, "categ_id": family.id})
        env["crm.price.sighting"].create(
            {"competitor_id": rival.id, "price": 1, "company_id": lead.company_id.id}
        )

    def _forecast(self, env, lead, open_lead, company):
        past = fields.Date.add(lead.date_deadline, days=-10)
        env.flush_all()
        # the ORM refuses snapshots of the past
        env.execute_query(
            SQL(
                """INSERT INTO crm_forecast_snapshot_row (snapshot_date, lead_key,
                       company_key, user_key, team_key, forecast_category, status,
                       probability, predicted, amount, weighted_amount, date_deadline)
                   SELECT %s, id, company_id, user_id, team_id, 'pipeline',
                          'pending', 50, 50, 100, 50, date_deadline
                     FROM crm_lead WHERE id IN %s RETURNING id""",
                past,
                (lead.id, open_lead.id),
            )
        )
        period = env["crm.forecast.period"]._ensure_period(company, past)
        env["crm.forecast.line"]._open_lines(period)

    def _company_records(self, env, company, owner, customer):
        common = {"company_id": company.id}
        env["crm.quota"].create(
            {"kind": "person", "user_id": owner.id, "target": 1, **common}
        )
        env["crm.territory"].create({"name": "Matrix", "user_id": owner.id, **common})
        handover = env["crm.handover"].create(
            {"from_user_id": owner.id, "to_user_id": env.uid, **common}
        )
        handover.action_preview()
        self.assertTrue(handover.brief_ids)
        run = env["crm.import.run"].create(
            {"name": "m", "profile_name": "m", "profile_text": "m", **common}
        )
        env["crm.import.count"].create({"run_id": run.id, "kind": "deals"})
        env["crm.import.issue"].create({"run_id": run.id, "level": "warning"})
        self._sell(env, company, owner, customer)
        self._work_account(env, owner, customer, common)
        env["crm.credit.release"].create(
            {"partner_id": customer.id, "reason": "Matrix", **common}
        )
        env["crm.credit.check"].create(
            {"partner_id": customer.id, "stage": "order", "result": "allow", **common}
        )

    def _sell(self, env, company, owner, customer):
        warehouses = env["stock.warehouse"]
        if not warehouses.search([("company_id", "=", company.id)], limit=1):
            warehouses.create({"name": "Matrix", "company_id": company.id})
        product = env["product.product"].create(
            {"name": "Matrix resin", "type": "consu", "taxes_id": []}
        )
        order = env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": owner.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 10})
                ],
            }
        )
        order.action_confirm()
        env["crm.portal.basket"].create(
            {
                "user_id": self.users["portal"].id,
                "company_id": company.id,
                "line_ids": [Command.create({"product_id": product.id})],
            }
        )

    def _work_account(self, env, owner, customer, common):
        """Plans, visits and estimates of the account, and a partner's deal."""
        mine = {"partner_id": customer.id, "user_id": owner.id, **common}
        plan = env["crm.account.plan"].create({"name": "Matrix", **mine})
        env["crm.account.plan.goal"].create(
            {"plan_id": plan.id, "name": "Matrix", "target": 1}
        )
        env["crm.account.plan.member"].create(
            {"plan_id": plan.id, "user_id": owner.id, "role": "Matrix"}
        )
        env["crm.account.plan.review"].create(
            {"plan_id": plan.id, "date": fields.Date.today()}
        )
        rhythm = env["crm.visit.plan"].create({"name": "Matrix", **common})
        customer.visit_plan_id = rhythm
        visit = env["crm.visit.report"].create({"name": "Matrix", **mine})
        env["crm.visit.step"].create(
            {
                "visit_id": visit.id,
                "summary": "Matrix",
                "user_id": owner.id,
                "date_deadline": fields.Date.today(),
            }
        )
        family = env["product.category"].create({"name": "Matrix wallet"})
        env["crm.wallet.estimate"].create(
            {"categ_id": family.id, "yearly_spend": 1, **mine}
        )
        env["crm.relationship.review"].create(
            {
                "date": fields.Date.today(),
                "team_id": owner.sale_team_id.id,
                **mine,
            }
        )
        dealer = env["res.partner"].create({"name": "Dealer", "is_company": True})
        env["crm.deal.registration"].create(
            {
                "subject": "Matrix",
                **mine,
                "partner_id": dealer.id,
                "end_customer_id": customer.id,
            }
        )
        env["crm.lead"].search([("name", "=", "Matrix open")]).write(
            {"channel_partner_id": dealer.id}
        )

    def _records(self, model, company):
        # sudo: what is there, whoever may see it
        return self.env[model].sudo().search([(COMPANY[model], "=", company.id)])

    def test_records_of_another_company_are_out_of_sight_and_reach(self):
        """Covers: FRM-07"""
        other = self.env["res.company"].create({"name": "Matrix abroad"})
        owner = new_test_user(
            self.env,
            "matrix_abroad",
            f"{GROUPS['manager']},{GROUPS['finance']}",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._world(other, owner)
        for model in COMPANY:
            with self.subTest(model=model):
                records = self._records(model, other)
                self.assertTrue(records, "the test makes a record of each model")
                domain = [("id", "in", records.ids)]
                at_home = self.env[model].with_user(self.boss)
                self.assertFalse(at_home.search(domain))
                for record in records:
                    mine = record.with_user(self.boss)
                    self.assertFalse(mine.has_access("read"))
                    self.assertFalse(mine.has_access("write"))
                    self.assertFalse(mine.has_access("unlink"))
                abroad = self.env[model].with_user(owner).with_company(other)
                self.assertEqual(abroad.search(domain), records)

    def _colleague_records(self, model, colleague):
        known = self.env[model]._fields
        user = "user_id" if "user_id" in known else "lead_id.user_id"
        # sudo: what is there, whoever may see it
        return self.env[model].sudo().search([(user, "=", colleague.id)])

    def _seen_by(self, records, users):
        domain = [("id", "in", records.ids)]
        return {name: records.with_user(u).search(domain) for name, u in users.items()}

    def test_a_seller_sees_the_own_and_not_a_colleagues(self):
        """Covers: SAL-19, FRM-04"""
        colleague = new_test_user(self.env, "matrix_colleague", SELLER)
        self._world(self.home, colleague)
        names = ("seller", "team", "all_leads", "manager")
        users = {name: self.users[name] for name in names} | {"colleague": colleague}
        for model in PERSONAL:
            with self.subTest(model=model):
                records = self._colleague_records(model, colleague)
                self.assertTrue(records)
                seen = self._seen_by(records, users)
                self.assertFalse(seen["seller"])
                self.assertFalse(seen["team"], "another team's")
                self.assertEqual(seen["colleague"], records)
                self.assertEqual(seen["all_leads"], records)
                self.assertEqual(seen["manager"], records)

    def test_members_with_the_right_and_leaders_see_the_documents_of_the_team(self):
        """Covers: FRM-04"""
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        colleague = new_test_user(self.env, "matrix_colleague", SELLER)
        self._world(self.home, colleague)
        team = colleague.sale_team_id
        leader = new_test_user(self.env, "matrix_leader", SELLER)
        users = {name: self.users[name] for name in ("seller", "team")}
        users["leader"] = leader
        found = {
            model: records
            for model in PERSONAL | TEAM_OF_CORE.keys()
            if (records := self._team_records(model, colleague))
        }
        self.assertEqual(set(found), PERSONAL | TEAM_OF_CORE.keys())
        for model, records in found.items():
            with self.subTest(model=model, when="before"):
                seen = self._seen_by(records, users)
                self.assertFalse(any(seen.values()), seen)
        # nobody empties a cache: the teams do it themselves
        team.member_ids += self.users["team"] | self.users["seller"]
        team.user_id = leader
        for model, records in found.items():
            with self.subTest(model=model, when="in the team"):
                seen = self._seen_by(records, users)
                self.assertEqual(seen["team"], records)
                self.assertEqual(seen["leader"], records)
                self.assertFalse(seen["seller"], "only the own documents")
        team.member_ids -= self.users["team"]
        team.user_id = False
        for model, records in found.items():
            with self.subTest(model=model, when="after"):
                seen = self._seen_by(records, users)
                self.assertFalse(seen["team"] | seen["leader"])

    def _team_records(self, model, colleague):
        """Return the records of ``colleague`` and of his team; of core's ones too."""
        if model not in TEAM_OF_CORE:
            return self._colleague_records(model, colleague)
        domain = [(TEAM_OF_CORE[model], "=", colleague.id)]
        # sudo: what is there, whoever may see it
        return self.env[model].sudo().search(domain)

    def test_a_member_of_a_team_does_not_see_what_it_does_in_another_company(self):
        """Covers: FRM-04, FRM-07"""
        abroad = self.env["res.company"].create({"name": "Matrix abroad"})
        companies = [Command.set((self.home | abroad).ids)]
        worldwide = new_test_user(
            self.env, "matrix_worldwide", SELLER, company_ids=companies
        )
        colleague = new_test_user(
            self.env, "matrix_colleague", SELLER, company_ids=companies
        )
        team = self.env["crm.team"].create(
            {"name": "Everywhere", "company_id": False, "user_id": worldwide.id}
        )
        deals = self.env["crm.lead"].create(
            [
                {
                    "name": "Deal",
                    "company_id": company.id,
                    "team_id": team.id,
                    "user_id": colleague.id,
                }
                for company in (self.home, abroad)
            ]
        )
        seen = self.env["crm.lead"].with_user(worldwide)
        domain = [("id", "in", deals.ids)]
        for company, deal in zip((self.home, abroad), deals, strict=True):
            here = seen.with_context(allowed_company_ids=company.ids)
            self.assertEqual(here.search(domain), deal)
        both = seen.with_context(allowed_company_ids=(self.home | abroad).ids)
        self.assertEqual(both.search(domain), deals)
        team.user_id = False
        self.assertFalse(both.search(domain))
