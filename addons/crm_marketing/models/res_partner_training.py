from odoo import fields, models


class ResPartner(models.Model):
    """What people of a customer looked at, and the trainings they attended."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    interest_ids = fields.One2many(
        "crm.interest", "partner_id", "Interests", groups="base.group_user"
    )
    training_count = fields.Integer(
        compute="_compute_training_count",
        groups="event.group_event_registration_desk",
    )

    def _get_training_domain(self):
        """Registrations of the contacts of these partners for trainings."""
        return fields.Domain(
            [
                ("partner_id", "child_of", self.ids),
                ("event_id.marketing_kind", "=", "training"),
                ("state", "in", ("open", "done")),
            ]
        )

    def _compute_training_count(self):
        counts = dict.fromkeys(self.ids, 0)
        rows = self.env["event.registration"]._read_group(
            self._get_training_domain(), ["partner_id"], ["__count"]
        )
        for contact, count in rows:
            while contact:
                if contact.id in counts:
                    counts[contact.id] += count
                contact = contact.parent_id
        for partner in self:
            partner.training_count = counts.get(partner.id, 0)

    def action_open_trainings(self):
        """Open the trainings of the customer's people."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trainings of %(customer)s", customer=self.name),
            "res_model": "event.registration",
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._get_training_domain()),
            "context": {"create": False},
        }
