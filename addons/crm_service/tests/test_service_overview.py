from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestServiceOverview(VisitCase):
    def overview(self, user=None):
        overview = self.env["service.overview"].with_user(user or self.leader)
        return overview.get_overview()

    def card(self, overview):
        [card] = [c for c in overview["teams"] if c["id"] == self.team.id]
        return {figure["key"]: figure for figure in card["figures"]}

    def test_each_figure_counts_what_its_list_opens(self):
        """Covers: SRV-16"""
        late = self.ticket()
        late.clock_ids.write({"deadline": fields.Datetime.now() - timedelta(hours=1)})
        self.ticket(user_id=False)
        self.ticket(stage_id=self.stage_waiting.id)
        done = self.ticket()
        done.stage_id = self.stage_done
        figures = self.card(self.overview())
        for figure in figures.values():
            found = self.env["helpdesk.ticket"].search_count(figure["action"]["domain"])
            self.assertEqual(found, figure["count"], figure["key"])
        self.assertEqual(figures["late"]["count"], 1)
        self.assertEqual(figures["unassigned"]["count"], 1)

    def test_the_share_of_promises_kept_has_its_number(self):
        """Covers: SRV-04, SRV-16"""
        before = self.overview()["sla"]["trend"][-1]
        kept, missed = self.ticket(), self.ticket()
        missed.clock_ids.write({"deadline": fields.Datetime.now() - timedelta(days=1)})
        (kept | missed).stage_id = self.stage_done
        after = self.overview()["sla"]["trend"][-1]
        ended = (kept | missed).clock_ids.filtered(
            lambda clock: clock.state in ("met", "missed")
        )
        self.assertEqual(after["number"] - before["number"], len(ended))
        self.assertTrue(len(ended))

    def test_visits_of_today_and_renewals_are_listed(self):
        """Covers: SRV-02, SRV-07"""
        before = self.overview()
        self.visit(
            employee_id=self.ann.id,
            date_start=fields.Datetime.now(),
            state="planned",
        )
        contract = self.entitlement().contract_id
        contract.contract_line_ids.date_end = self.today + timedelta(days=30)
        after = self.overview()
        self.assertEqual(after["visits"]["count"], before["visits"]["count"] + 1)
        self.assertEqual(after["renewals"]["count"], before["renewals"]["count"] + 1)

    def test_an_agent_of_another_company_sees_nothing_of_it(self):
        self.ticket()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "overview_elsewhere",
            groups="crm_service.group_service_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        overview = self.overview(user)
        mine = self.env["helpdesk.ticket"].with_user(user).search([])
        self.assertEqual(sum(card["open"] for card in overview["teams"]), len(mine))
        self.assertEqual(overview["visits"]["count"], 0)
        self.assertEqual(overview["renewals"]["count"], 0)


@tagged("post_install", "-at_install")
class TestServiceTours(HttpCase, VisitCase):
    def test_the_overview_leads_to_its_lists(self):
        """Covers: SRV-16"""
        user = new_test_user(
            self.env,
            "tour_overview",
            groups="crm_service.group_service_manager",
            tz="UTC",
        )
        team = self.team.copy({"name": "Tour desk", "user_ids": False})
        team.user_ids = user
        ticket = self.ticket(team_id=team.id, user_id=user.id)
        ticket.clock_ids.write({"deadline": fields.Datetime.now() - timedelta(hours=1)})
        self.visit(
            summary="Tour visit",
            employee_id=self.ann.id,
            date_start=fields.Datetime.now(),
            state="planned",
        )
        self.start_tour(
            "/odoo/service-overview", "crm_service_overview", login="tour_overview"
        )


@tagged("post_install", "-at_install")
class TestVisitPhone(HttpCase, VisitCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_technician_does_a_visit_on_the_phone(self):
        """Covers: SRV-07"""
        visit = self.visit(
            summary="Phone visit",
            employee_id=self.ann.id,
            date_start=fields.Datetime.now(),
            checklist_ids=[Command.create({"name": "Valve tight"})],
        )
        visit.action_plan()
        self.start_tour("/odoo/my-visits", "crm_service_visit_phone", login="visit_ann")
        self.assertEqual(visit.state, "done")
        self.assertTrue(visit.signature)
        self.assertEqual(visit.signed_by, "Carl Customer")
