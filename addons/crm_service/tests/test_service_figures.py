from ast import literal_eval
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .visit_common import VisitCase


@tagged("post_install", "-at_install")
class TestServiceFigures(VisitCase):
    """Each figure of the design against records counted by hand."""

    def figures(self, tickets, group, *aggregates, user=None):
        self.env.flush_all()
        report = self.env["service.request.report"].with_user(user or self.env.user)
        return report._read_group([("ticket_id", "in", tickets.ids)], group, aggregates)

    def reply(self, ticket):
        ticket.with_user(self.agent).message_post(
            body="Turn it off and on.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def date_back(self, ticket, **delta):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = create_date - %s WHERE id = %s",
            [timedelta(**delta), ticket.id],
        )
        self.env.invalidate_all()

    def test_promises_kept_by_agent_and_team(self):
        """Covers: SRV-04, SRV-16"""
        kept, broken = self.ticket(), self.ticket()
        broken.clock_ids.write({"deadline": fields.Datetime.now() - timedelta(hours=1)})
        kept.stage_id = self.stage_done
        [(user, team, share, number)] = self.figures(
            kept | broken, ["user_id", "team_id"], "resolution_met:avg", "__count"
        )
        self.assertEqual((user, team, share, number), (self.agent, self.team, 50, 2))

    def test_a_promise_that_still_runs_counts_neither_way(self):
        [(share, late)] = self.figures(
            self.ticket(), [], "resolution_met:avg", "late_count:sum"
        )
        self.assertFalse(share)
        self.assertEqual(late, 0)

    def test_first_contact_means_one_answer_and_no_visit(self):
        """Covers: SRV-16"""
        once, twice, visited, void = (self.ticket() for _number in range(4))
        for ticket in (once, twice, twice, visited):
            self.reply(ticket)
        self.visit(ticket_id=visited.id).state = "done"
        (once | twice | visited).stage_id = self.stage_done
        void.stage_id = self.stage_cancelled
        found = {
            ticket: share
            for ticket, share in self.figures(
                once | twice | visited | void, ["ticket_id"], "first_contact:avg"
            )
        }
        self.assertEqual(
            [found[ticket] for ticket in (once, twice, visited)], [100, 0, 0]
        )
        [(share,)] = self.figures(
            once | twice | visited | void, [], "first_contact:avg"
        )
        self.assertAlmostEqual(share, 100 / 3, 3)

    def test_the_first_answer_is_timed(self):
        """Covers: SRV-16"""
        ticket = self.ticket()
        self.date_back(ticket, hours=3)
        self.reply(ticket)
        [(hours,)] = self.figures(ticket, [], "first_response_hours:avg")
        self.assertAlmostEqual(hours, 3, 1)

    def test_the_backlog_has_its_age(self):
        """Covers: SRV-16"""
        fresh, week, old, done = (self.ticket() for _number in range(4))
        self.date_back(week, days=5)
        self.date_back(old, days=50)
        done.stage_id = self.stage_done
        rows = self.figures(fresh | week | old | done, ["age"], "open_count:sum")
        self.assertEqual(
            {age: number for age, number in rows if number},
            {"1": 1, "7": 1, "over": 1},
        )

    def test_an_agent_of_a_team_sees_the_figures_of_his_team(self):
        """Covers: SRV-16"""
        mine = new_test_user(
            self.env, "figures_mine", groups="crm_service.group_service_user_team"
        )
        other = self.team.copy({"name": "Other desk", "user_ids": [Command.clear()]})
        self.team.user_ids |= mine
        here, there = self.ticket(), self.ticket(team_id=other.id, user_id=False)
        seen = self.figures(here | there, ["ticket_id"], user=mine)
        self.assertEqual([ticket.id for [ticket] in seen], here.ids)

    def test_technicians_are_measured_against_their_working_hours(self):
        """Covers: SRV-15, SRV-16"""
        ticket = self.ticket()
        month = self.today.replace(day=1)
        line = self.work(ticket, employee_id=self.ann.id, quantity=6, date=month)
        line.action_confirm()
        visit = self.visit(employee_id=self.ann.id, travel_minutes=30)
        visit.write({"state": "done", "date_start": fields.Datetime.now()})
        self.env.flush_all()
        row = self.env["service.technician.report"].search(
            [("employee_id", "=", self.ann.id), ("month", "=", month)]
        )
        worked = sum(
            lines.quantity
            for lines in self.env["service.work.line"].search(
                row.action_open_work()["domain"]
            )
        )
        self.assertEqual(row.worked_hours, worked)
        self.assertEqual((row.worked_hours, row.travel_hours), (6, 0.5))
        self.assertEqual(row.visit_count, 1)
        expected = self.calendar.get_work_hours_count(
            fields.Datetime.to_datetime(month),
            fields.Datetime.to_datetime(self.today) + timedelta(days=1),
            compute_leaves=True,
        )
        self.assertAlmostEqual(row.available_hours, expected, 1)
        self.assertAlmostEqual(row.utilisation, 100 * 6.5 / expected, 1)

    def earned(self):
        """The money row of Ann's month, as those who may see it do."""
        self.env.flush_all()
        return self.env["service.technician.report"].search(
            [
                ("employee_id", "=", self.ann.id),
                ("month", "=", self.today.replace(day=1)),
            ]
        )

    def test_revenue_and_cost_of_a_technician(self):
        """Covers: SRV-15"""
        self.ann.hourly_cost = 50
        asset = self.asset(commissioned_date=self.today, state="active")
        mine = {"employee_id": self.ann.id, "date": self.today}
        charged = self.work(self.ticket(), quantity=4, **mine)
        parts = self.work(
            self.ticket(), kind="part", product_id=self.part.id, quantity=2, **mine
        )
        warranty = self.work(self.ticket(asset_id=asset.id), quantity=3, **mine)
        goodwill = self.work(self.ticket(), quantity=1, goodwill=True, **mine)
        draft = self.work(self.ticket(), quantity=9, **mine)
        (charged | parts | warranty | goodwill).action_confirm()
        self.assertEqual(draft.state, "draft")
        self.assertRecordValues(
            self.earned(),
            [
                {
                    "worked_hours": 8,
                    "billable_hours": 4,
                    "covered_hours": 3,
                    "goodwill_hours": 1,
                    "charged": 460,
                    "invoiced": 0,
                    "covered_value": 300,
                    "cost": 420,
                    "covered_cost": 150,
                    "goodwill_cost": 50,
                    "margin": 40,
                }
            ],
        )
        self.need_accounts()
        charged._create_invoices()
        self.env.invalidate_all()
        self.assertEqual(self.earned().invoiced, 400)

    def test_work_charged_in_another_currency_counts_in_the_company_s(self):
        """Covers: SRV-15"""
        other = self.env["res.currency"].create(
            {
                "name": "QQQ",
                "symbol": "Q",
                "rate_ids": [Command.create({"name": "2016-01-01", "rate": 4.0})],
            }
        )
        self.partner.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Q", "currency_id": other.id}
        )
        line = self.work(self.ticket(), employee_id=self.ann.id, date=self.today)
        line.action_confirm()
        self.assertEqual(line.currency_id, other)
        self.assertNotEqual(line.amount, 100)
        self.assertAlmostEqual(self.earned().charged, 100, 1)
        self.assertAlmostEqual(self.earned().covered_value, 0)

    def test_who_sees_what_a_technician_costs(self):
        """Covers: SRV-15, SAL-19"""
        line = self.work(self.ticket(), employee_id=self.ann.id, date=self.today)
        line.action_confirm()
        row = self.earned()
        desk, finance = (
            new_test_user(self.env, f"figures_{group.split('.')[0]}", groups=group)
            for group in (
                "crm_service.group_service_user",
                "account.group_account_invoice",
            )
        )
        self.assertEqual(row.with_user(finance).cost, 40)
        self.assertEqual(row.with_user(desk).worked_hours, 1)
        with self.assertRaises(AccessError):
            row.with_user(desk).read(["cost"])
        self.assertNotIn(
            "margin", self.env["service.technician.report"].with_user(desk).fields_get()
        )

    def test_the_profit_by_technician_opens_with_work_only(self):
        """Covers: SRV-15"""
        line = self.work(self.ticket(), employee_id=self.ann.id, date=self.today)
        line.action_confirm()
        self.env.flush_all()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_service.service_technician_report_action_profit"
        )
        context = literal_eval(action["context"])
        report = self.env["service.technician.report"]
        named = {*context["pivot_measures"], context["graph_measure"]}
        self.assertLessEqual(named, set(report._fields))
        search = report.get_view(view_type="search")["arch"]
        self.assertIn('name="worked"', search)
        rows = report.search(
            ["|", "|", ("cost", "!=", 0), ("charged", "!=", 0)]
            + [("covered_value", "!=", 0)]
        )
        self.assertIn(self.ann, rows.employee_id)
        self.assertNotIn(self.bob, rows.employee_id)

    def test_a_day_off_is_no_capacity(self):
        report = self.env["service.technician.report"]
        # a working day of the month before
        day = self.today.replace(day=1) - timedelta(days=3)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        rows = report.search(
            [("employee_id", "=", self.ann.id), ("month", "=", day.replace(day=1))]
        )
        before = rows.available_hours
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.ann.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": fields.Datetime.to_datetime(day),
                "date_to": fields.Datetime.to_datetime(day) + timedelta(hours=23),
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertAlmostEqual(rows.available_hours, before - 8, 1)

    def test_cost_of_warranty_and_goodwill(self):
        """Covers: SRV-15"""
        asset = self.asset(
            commissioned_date=self.today, state="active"
        )  # twelve months of warranty
        warranty = self.work(self.ticket(asset_id=asset.id), quantity=2)
        goodwill = self.work(self.ticket(), quantity=1, goodwill=True)
        charged = self.work(self.ticket(), quantity=4)
        lines = warranty | goodwill | charged
        lines.action_confirm()
        self.assertEqual(
            lines.mapped("outcome"), ["warranty", "not_covered", "not_covered"]
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_service.service_work_line_action_cost"
        )
        shown = self.env["service.work.line"].search(
            fields.Domain(literal_eval(action["domain"]))
            & fields.Domain("id", "in", lines.ids)
        )
        self.assertEqual(shown, warranty | goodwill)
        self.assertEqual(sum(shown.mapped("cost")), 3 * 40)
