from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from .visit_common import VisitCase

OUR_MODULES = ("crm_service",)
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
GROUPS = {
    "technician": "crm_service.group_service_technician",
    "team": "crm_service.group_service_user_team",
    "agent": "crm_service.group_service_user",
    "manager": "crm_service.group_service_manager",
    "finance": "account.group_account_invoice",
    "seller": "sales_team.group_sale_salesman",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
WIZARD = ("", "rwcu", "rwcu", "rwcu", "", "", "", "")
MANAGE = ("", "", "", "rwcu", "", "", "", "")  # wizards of managers
SET_UP = ("r", "r", "r", "rwcu", "", "", "", "")
KEPT = ("rwc", "rwc", "rwc", "rwcu", "", "", "", "")  # only managers delete

# What each group of GROUPS, in that order, may do with each model of ours.
MATRIX = {
    "service.article": ("rwc", "rwc", "rwc", "rwcu", "", "", "r", ""),
    "service.asset": ("rw", "rwc", "rwc", "rwcu", "r", "r", "r", ""),
    "service.asset.reading": KEPT,
    "service.asset.replace": WIZARD,
    "service.call": KEPT,
    "service.cause": ("r", "r", "r", "rwcu", "r", "", "", ""),
    "service.clock": ("r", "r", "r", "r", "", "", "", ""),
    "service.complaint": ("rw", "rwc", "rwc", "rwcu", "r", "", "", ""),
    "service.complaint.report": ("", "r", "r", "r", "r", "", "", ""),
    "service.complaint.step": ("rw", "rwc", "rwc", "rwcu", "r", "", "", ""),
    "service.contract.price": ("r", "r", "r", "rwcu", "rwc", "r", "", ""),
    "service.contract.report": ("", "", "", "r", "r", "", "", ""),
    "service.contract.suspend": MANAGE,
    "service.contract.suspension": ("r", "r", "r", "rwcu", "rwcu", "r", "", ""),
    "service.decision": ("r", "r", "r", "r", "", "", "", ""),
    "service.decision.override": MANAGE,
    "service.entitlement": ("r", "r", "r", "rwcu", "r", "r", "r", ""),
    "service.entitlement.move": ("r", "r", "r", "rc", "r", "r", "r", ""),
    "service.level": SET_UP,
    "service.level.line": SET_UP,
    "service.level.step": SET_UP,
    "service.maintenance.due": ("r", "r", "r", "r", "", "", "", ""),
    "service.maintenance.line": ("r", "r", "rwcu", "rwcu", "", "", "", ""),
    "service.maintenance.plan": ("r", "r", "rwc", "rwcu", "", "", "", ""),
    "service.price.revision": MANAGE,
    "service.price.revision.line": MANAGE,
    "service.request.merge": ("", "rwcu", "rwcu", "rwcu", "", "", "", ""),
    "service.request.question": SET_UP,
    "service.request.report": ("", "r", "r", "r", "", "", "", ""),
    "service.return": ("rw", "rwc", "rwc", "rwcu", "r", "", "r", ""),
    "service.return.line": ("rw", "rwcu", "rwcu", "rwcu", "r", "", "r", ""),
    "service.return.select": WIZARD,
    "service.return.select.line": WIZARD,
    "service.satisfaction.report": ("", "r", "r", "r", "", "r", "", ""),
    "service.technician.report": ("", "", "r", "r", "r", "", "", ""),
    "service.tier.rule": SET_UP,
    "service.visit": ("rw", "rwc", "rwc", "rwcu", "r", "", "r", ""),
    "service.visit.check": ("rwcu", "rwcu", "rwcu", "rwcu", "", "", "r", ""),
    "service.visit.day": WIZARD,
    "service.visit.day.line": WIZARD,
    "service.visit.slots": WIZARD,
    "service.visit.slots.line": WIZARD,
    "service.visit.template": SET_UP,
    "service.visit.template.line": SET_UP,
    "service.work.line": ("rwcu", "rwcu", "rwcu", "rwcu", "rw", "", "", ""),
}
#: The same words for all companies.
SHARED = {"service.cause"}


@tagged("post_install", "-at_install")
class TestServiceAccessMatrix(TransactionCase):
    """Who may do what with every model of the service. Covers: SAL-19, FRM-07"""

    def _our_models(self):
        return {
            name: model
            for name, model in self.env.items()
            if type(model)._original_module in OUR_MODULES and not model._abstract
        }

    def test_every_model_is_in_the_table(self):
        self.assertEqual(set(self._our_models()), set(MATRIX))

    def test_every_model_has_the_rights_of_the_table(self):
        users = {
            name: new_test_user(self.env, f"service_{name}", group)
            for name, group in GROUPS.items()
        }
        for model, rights in MATRIX.items():
            for (name, user), allowed in zip(users.items(), rights, strict=True):
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env["ir.model.access"]
                    .with_user(user)
                    .check(model, operation, raise_exception=False)
                )
                with self.subTest(model=model, user=name):
                    self.assertEqual(found, allowed)

    def test_every_stored_model_keeps_companies_apart(self):
        """A rule for everybody names the company. Covers: FRM-07"""
        for name, model in self._our_models().items():
            if model._transient or name in SHARED:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", name), ("groups", "=", False)]
            )
            with self.subTest(model=name):
                self.assertIn("company_ids", " ".join(rules.mapped("domain_force")))


@tagged("post_install", "-at_install")
class TestServiceTwoCompanies(HttpCase, VisitCase):
    """A customer of two companies: whoever works in one sees nothing of the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.abroad = cls.env["res.company"].create({"name": "Abroad Inc."})
        cls.admin_abroad = new_test_user(
            cls.env,
            "two_abroad",
            groups="crm_service.group_service_manager",
            company_id=cls.abroad.id,
            company_ids=[Command.set(cls.abroad.ids)],
        )
        cls.portal = new_test_user(
            cls.env, "two_portal", groups="base.group_portal", email="p@x.example"
        )
        cls.portal.partner_id.parent_id = cls.partner
        cls.here = cls._world(cls.company, "Here")
        cls.there = cls._world(cls.abroad, "Secret")

    @classmethod
    def _world(cls, company, word):
        """Return {model: record} of the same customer in ``company``."""
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        product = env["product.product"].create(
            {"name": f"{word} pump", "is_storable": True}
        )
        asset = env["service.asset"].create(
            {
                "name": f"{word} asset",
                "product_id": product.id,
                "partner_id": cls.partner.id,
                "company_id": company.id,
                "state": "active",
            }
        )
        contract = env["contract.contract"].create(
            {
                "name": f"{word} contract",
                "partner_id": cls.partner.id,
                "company_id": company.id,
                "state": "active",
                "contract_line_ids": [
                    Command.create(
                        {
                            "name": "Care",
                            "product_id": product.id,
                            "date_start": fields.Date.today(),
                            "recurring_rule_type": "monthly",
                        }
                    )
                ],
            }
        )
        entitlement = env["service.entitlement"].create(
            {
                "name": f"{word} hours",
                "contract_line_id": contract.contract_line_ids.id,
                "kind": "hours",
                "quantity": 5,
            }
        )
        ticket = env["helpdesk.ticket"].create(
            {
                "name": f"{word} request",
                "description": "x",
                "partner_id": cls.partner.id,
                "company_id": company.id,
                "asset_id": asset.id,
            }
        )
        visit = env["service.visit"].create(
            {
                "summary": f"{word} visit",
                "partner_id": cls.partner.id,
                "company_id": company.id,
                "asset_ids": [Command.set(asset.ids)],
                "state": "planned",
                "date_start": fields.Datetime.now(),
                "checklist_ids": [Command.create({"name": word})],
            }
        )
        plan = env["service.maintenance.plan"].create(
            {
                "name": f"{word} plan",
                "partner_id": cls.partner.id,
                "company_id": company.id,
                "date_start": fields.Date.today() + timedelta(days=400),
                "line_ids": [Command.create({"asset_id": asset.id})],
            }
        )
        reading = env["service.asset.reading"].create(
            {"asset_id": asset.id, "value": 1}
        )
        work = env["service.work.line"].create(
            {"ticket_id": ticket.id, "product_id": cls.labour.id}
        )
        call = env["service.call"].create(
            {"number": "123", "partner_id": cls.partner.id, "company_id": company.id}
        )
        records = (
            asset,
            contract,
            contract.contract_line_ids,
            entitlement,
            ticket,
            ticket.decision_id,
            visit,
            visit.checklist_ids,
            plan,
            plan.line_ids,
            reading,
            work,
            call,
        )
        cls.env.flush_all()
        return {record._name: record.with_env(cls.env) for record in records}

    def test_nothing_of_another_company_is_in_sight_or_reach(self):
        """Covers: FRM-07"""
        for user, own, other in (
            (self.leader, self.here, self.there),
            (self.admin_abroad, self.there, self.here),
        ):
            for name, record in other.items():
                with self.subTest(model=name, user=user.login):
                    seen = self.env[name].with_user(user)
                    self.assertFalse(seen.search([("id", "in", record.ids)]))
                    self.assertEqual(
                        seen.search([("id", "in", own[name].ids)]), own[name]
                    )
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(record.with_user(user).has_access(operation))

    def test_nothing_of_another_company_is_found_by_name(self):
        """Covers: FRM-07"""
        for name in (
            "service.asset",
            "contract.contract",
            "helpdesk.ticket",
            "service.visit",
            "service.maintenance.plan",
            "service.entitlement",
        ):
            for user in (self.leader, self.portal):
                records = self.env[name].with_user(user)
                if records.has_access("read"):
                    with self.subTest(model=name, user=user.login):
                        self.assertFalse(records.name_search("Secret"))

    def test_counts_on_buttons_are_those_of_the_lists_behind_them(self):
        """Complaint 1: counts that tell of records nobody may open."""
        partner = self.partner.with_user(self.leader)
        asset = self.here["service.asset"].with_user(self.leader)
        contract = self.here["contract.contract"].with_user(self.leader)
        for record, field, action in (
            (partner, "service_asset_count", partner.action_view_service_assets()),
            (asset, "ticket_count", asset.action_view_tickets()),
            (contract, "entitlement_count", contract.action_view_entitlements()),
            (
                contract,
                "maintenance_plan_count",
                contract.action_view_maintenance_plans(),
            ),
        ):
            with self.subTest(button=field):
                listed = (
                    self.env[action["res_model"]]
                    .with_user(self.leader)
                    .search_count(action["domain"])
                )
                self.assertEqual(record[field], listed)
        self.assertEqual(partner.service_asset_count, 1)
        self.assertEqual(partner.sale_contract_count, 1)

    def test_the_overview_shows_the_own_company(self):
        overview = self.env["service.overview"].with_user(self.leader).get_overview()
        self.assertNotIn("Secret", repr(overview))

    def test_the_portal_shows_the_company_of_the_user(self):
        """Covers: SRV-13, FRM-07"""
        self.authenticate("two_portal", "two_portal")
        for path, word in (
            ("/my/assets", "Here asset"),
            ("/my/contracts", "Here contract"),
        ):
            with self.subTest(path=path):
                page = self.url_open(path).text
                self.assertIn(word, page)
                self.assertNotIn("Secret", page)
        for path, name in (
            ("/my/assets", "service.asset"),
            ("/my/visits", "service.visit"),
            ("/my/ticket", "helpdesk.ticket"),
            ("/my/contracts", "contract.contract"),
        ):
            with self.subTest(path=path):
                page = self.url_open(f"{path}/{self.there[name].id}")
                self.assertNotIn("Secret", page.text)

    def test_a_technician_sees_his_visits_and_what_belongs_to_them(self):
        """Covers: SRV-07"""
        mine = self.visit(
            employee_id=self.ann.id,
            ticket_id=self.ticket(team_id=False, user_id=False).id,
            checklist_ids=[Command.create({"name": "Mine"})],
        )
        other = self.visit(
            employee_id=self.bob.id,
            ticket_id=self.ticket(team_id=self.team.id, user_id=self.agent.id).id,
            checklist_ids=[Command.create({"name": "Not mine"})],
        )
        for name, records in (
            ("service.visit", (mine, other)),
            ("service.visit.check", (mine.checklist_ids, other.checklist_ids)),
            ("helpdesk.ticket", (mine.ticket_id, other.ticket_id)),
        ):
            with self.subTest(model=name):
                seen = self.env[name].with_user(self.ann_user)
                ids = [record.id for record in records]
                self.assertEqual(seen.search([("id", "in", ids)]), records[0])
                self.assertFalse(
                    records[1].with_user(self.ann_user).has_access("write")
                )
        self.assertTrue(mine.checklist_ids.with_user(self.ann_user).has_access("write"))
        self.assertFalse(mine.ticket_id.with_user(self.ann_user).has_access("write"))

    def test_finance_bills_and_sees_no_requests(self):
        finance = new_test_user(
            self.env, "matrix_finance", groups="account.group_account_invoice"
        )
        self.assertTrue(
            self.here["contract.contract"].with_user(finance).has_access("read")
        )
        self.assertTrue(
            self.here["service.work.line"].with_user(finance).has_access("write")
        )
        self.assertFalse(
            self.here["helpdesk.ticket"].with_user(finance).has_access("read")
        )
