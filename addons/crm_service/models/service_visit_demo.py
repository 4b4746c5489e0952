from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class ServiceVisit(models.Model):
    """The demo visits live through their past: planned, done, confirmed."""

    _inherit = "service.visit"

    @api.model
    def _make_demo_visits(self):
        done, today, soon = (
            self.env.ref(f"crm_service.demo_visit_{name}")
            for name in ("done", "today", "soon")
        )
        midnight = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        for visit, days, hour in ((done, -3, 8), (today, 0, 9), (soon, 1, 13)):
            visit.date_start = midnight + timedelta(days=days, hours=hour)
            visit.action_plan()
        seal = self.env.ref("crm_service.demo_part_seal")
        done.work_line_ids = [
            Command.create({"kind": "hours", "quantity": 1.5}),
            Command.create({"kind": "part", "product_id": seal.id, "quantity": 2}),
        ]
        done.checklist_ids.done = True
        done.write(
            {
                "report": self.env._(
                    "Shaft seal replaced, oil filled up, test run of 20 minutes."
                ),
                "unsigned_reason": self.env._("Shift leader was called away"),
            }
        )
        if self.env.company.chart_template:
            done.action_confirm()
