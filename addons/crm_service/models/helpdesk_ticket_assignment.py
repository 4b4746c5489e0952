from odoo import api, fields, models

from ..tools import assignment


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    service_assignment = fields.Selection(
        [("manual", "By hand"), ("load", "By skill and load")],
        "Requests are assigned",
        default="manual",
        required=True,
        help="By skill and load: a new request goes to the member with the skills of "
        "its category and the fewest open requests, urgent ones counted double.",
    )


class HelpdeskTicketCategory(models.Model):
    _inherit = "helpdesk.ticket.category"

    service_skill_ids = fields.Many2many(
        "hr.skill", string="Skills needed", help="For the assignment of requests."
    )


class HelpdeskTicket(models.Model):
    """New requests without an agent find one."""

    _inherit = "helpdesk.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        waiting = {}
        for vals in vals_list:
            if vals.get("team_id") and not vals.get("user_id"):
                waiting.setdefault(vals["team_id"], []).append(vals)
        teams = self.env["helpdesk.ticket.team"].sudo().browse(waiting)
        for team in teams.filtered(lambda team: team.service_assignment == "load"):
            team._assign_requests(waiting[team.id])
        return super().create(vals_list)


class TeamAssignment(models.Model):
    _inherit = "helpdesk.ticket.team"

    def _assign_requests(self, vals_list):
        """Put the agent into ``vals_list`` of new requests of this team."""
        self.ensure_one()
        categories = self.env["helpdesk.ticket.category"].browse(
            {vals["category_id"] for vals in vals_list if vals.get("category_id")}
        )
        skills = {
            category.id: frozenset(category.service_skill_ids.ids)
            for category in categories
        }
        chosen = assignment.spread(
            self._get_candidates(),
            [
                (
                    skills.get(vals.get("category_id"), frozenset()),
                    vals.get("priority", "1"),
                )
                for vals in vals_list
            ],
        )
        for vals, user_id in zip(vals_list, chosen, strict=True):
            if user_id:
                vals["user_id"] = user_id

    def _get_candidates(self):
        """Return the members of the team who are not absent, with skills and load."""
        members = self.user_ids.filtered(lambda user: user.active and not user.share)
        employees = members.employee_ids.filtered(
            lambda employee: (
                not employee.company_id
                or not self.company_id
                or employee.company_id == self.company_id
            )
        )
        load = dict.fromkeys(members, 0.0)
        rows = self.env["helpdesk.ticket"]._read_group(
            [("user_id", "in", members.ids), ("closed", "=", False)],
            ["user_id", "priority"],
            ["__count"],
        )
        for user, priority, number in rows:
            load[user] += number * assignment.WEIGHTS.get(priority, 1.0)
        absent = employees._get_absent_now()
        return [
            assignment.Candidate(
                user.id,
                frozenset((user.employee_ids & employees).skill_ids.ids),
                load[user],
            )
            for user in members.sorted("id")
            if not user.employee_ids & absent
        ]


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _get_absent_now(self):
        """Return who has a leave in the working calendar now."""
        now = fields.Datetime.now()
        rows = self.env["resource.calendar.leaves"]._read_group(
            [
                ("resource_id", "in", self.resource_id.ids),
                ("date_from", "<=", now),
                ("date_to", ">=", now),
            ],
            ["resource_id"],
        )
        away = self.env["resource.resource"].union(*(resource for [resource] in rows))
        return self.filtered(lambda employee: employee.resource_id in away)
