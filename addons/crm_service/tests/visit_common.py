from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from .desk_common import DeskCase

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class VisitCase(DeskCase):
    """Two technicians in Brussels, the first with a skill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.labour = cls.env["product.product"].create(
            {
                "name": "Hour",
                "type": "service",
                "list_price": 100.0,
                "standard_price": 40.0,
                "taxes_id": False,
            }
        )
        cls.part = cls.env["product.product"].create(
            {"name": "Seal", "type": "consu", "list_price": 30, "standard_price": 10}
        )
        cls.company.service_labour_product_id = cls.labour
        cls.company.resource_calendar_id = cls.calendar
        cls.skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "Service",
                "skill_ids": [Command.create({"name": "High voltage"})],
                "skill_level_ids": [
                    Command.create({"name": "Can do", "level_progress": 100})
                ],
            }
        )
        cls.skill = cls.skill_type.skill_ids
        cls.ann_user = new_test_user(
            cls.env, "visit_ann", groups="crm_service.group_service_technician"
        )
        cls.bob_user = new_test_user(
            cls.env, "visit_bob", groups="crm_service.group_service_technician"
        )
        cls.ann, cls.bob = (
            cls.env["hr.employee"].create(
                {
                    "name": name,
                    "user_id": user.id,
                    "resource_calendar_id": cls.calendar.id,
                    "tz": "Europe/Brussels",
                }
            )
            for name, user in (("Ann", cls.ann_user), ("Bob", cls.bob_user))
        )
        cls.env["hr.employee.skill"].create(
            {
                "employee_id": cls.ann.id,
                "skill_id": cls.skill.id,
                "skill_type_id": cls.skill_type.id,
                "skill_level_id": cls.skill_type.skill_level_ids.id,
            }
        )
        cls.team.technician_ids = cls.ann | cls.bob
        cls.env["helpdesk.ticket.team"].search(
            [("id", "!=", cls.team.id)]
        ).technician_ids = False
        # Monday of the next week, in Brussels in UTC
        cls.monday = cls.today + timedelta(days=7 - cls.today.weekday())

    @classmethod
    def at(cls, hour, minute=0, day=None):
        """Return a working hour as naive UTC; Brussels is an hour or two ahead."""
        import zoneinfo  # noqa: PLC0415

        local = datetime.combine(day or cls.monday, time(hour, minute)).replace(
            tzinfo=zoneinfo.ZoneInfo("Europe/Brussels")
        )
        return local.astimezone(zoneinfo.ZoneInfo("UTC")).replace(tzinfo=None)

    @classmethod
    def work(cls, ticket, **values):
        return cls.env["service.work.line"].create(
            {"ticket_id": ticket.id, "product_id": cls.labour.id, **values}
        )

    @classmethod
    def visit(cls, **values):
        return cls.env["service.visit"].create(
            {"summary": "Check", "partner_id": cls.partner.id, **values}
        )

    def need_accounts(self):
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
        )
        if not journal:
            self.skipTest("needs a chart of accounts")

    def finish(self, visit, **values):
        """Start, fill in and confirm ``visit`` as its technician does."""
        if visit.state == "planned":
            visit.action_start()
        visit.write(
            {
                "report": "<p>Seal replaced</p>",
                "signature": PNG,
                "signed_by": "Carl",
                **values,
            }
        )
        visit.action_confirm()
