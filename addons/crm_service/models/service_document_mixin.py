from odoo import models


class ServiceDocumentMixin(models.AbstractModel):
    """What a return and a complaint open in the same way."""

    _name = "service.document.mixin"
    _description = "Service Document"

    def _get_document_action(self, records, name):
        """Open one record as a form, several as a list."""
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
        }
        if len(records) == 1:
            return action | {"view_mode": "form", "res_id": records.id}
        return action | {
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
        }

    def _open_composer(self, name, template):
        """Open a mail about these records; ``template`` is an external id."""
        template = self.env.ref(template, raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "force_email": True,
            },
        }
