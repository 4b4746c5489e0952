from odoo import fields, models
from odoo.tools import format_datetime


class ServiceClock(models.Model):
    _inherit = "service.clock"

    def _get_panel_values(self):
        """Return what the panel on the request shows about this clock."""
        self.ensure_one()
        due = format_datetime(self.env, self.deadline, dt_format="EEE d MMM HH:mm")
        verb = (
            self.env._("Respond") if self.kind == "response" else self.env._("Resolve")
        )
        done = (
            self.env._("Answered")
            if self.kind == "response"
            else self.env._("Resolved")
        )
        if self.state == "met":
            return {
                "colour": "success",
                "text": self.env._("%(done)s in time", done=done),
            }
        if self.state == "missed":
            return {
                "colour": "danger",
                "text": self.env._("%(done)s too late", done=done),
            }
        if self.state == "void":
            return {"colour": "muted", "text": self.env._("%(verb)s: void", verb=verb)}
        if not self.deadline:
            return {
                "colour": "muted",
                "text": self.env._("%(verb)s: clock stands", verb=verb),
            }
        values = {"verb": verb, "due": due, "left": self._get_left_text()}
        if self.breached:
            return {
                "colour": "danger",
                "text": self.env._("%(verb)s: LATE since %(due)s", **values),
            }
        return {
            "colour": "",
            "text": self.env._("%(verb)s by %(due)s (%(left)s left)", **values),
        }

    def _get_left_text(self):
        minutes = int((self.deadline - fields.Datetime.now()).total_seconds() // 60)
        days, minutes = divmod(minutes, 1440)
        hours, minutes = divmod(minutes, 60)
        if days:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
