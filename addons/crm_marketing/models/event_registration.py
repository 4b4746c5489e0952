from odoo import models


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def _get_lead_values(self, rule):
        """Leads of visitors count for the event's campaign, and say what it was."""
        values = super()._get_lead_values(rule)
        event = self.event_id[:1]
        return values | self._get_event_utm(event, values)

    def _get_event_utm(self, event, values):
        """Campaign and source that the lead gets from the event."""
        source = self.env.ref(
            f"crm_marketing.utm_source_{event.marketing_kind}", raise_if_not_found=False
        )
        return {
            "campaign_id": values.get("campaign_id") or event.campaign_id.id,
            "source_id": values.get("source_id") or (source.id if source else False),
        }
