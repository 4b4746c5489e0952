"""Pictures and documents that a customer hands in with a return."""

from odoo import models

from ..tools import uploads
from .service_upload import refuse_uploads

#: States in which more can be handed in.
OPEN_STATES = ("draft", "authorised", "received", "inspected")


class ServiceReturn(models.Model):
    _inherit = "service.return"

    def _add_photos(self, user, files):
        """Keep checked ``files`` with this return; its people read of them."""
        self.ensure_one()
        if not files:
            return self.env["ir.attachment"]
        refuse_uploads(self.env, files)
        case = self.sudo()  # the customer may read his return, we write to it for him
        photos = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": uploads.sniff(content),
                        # as a file of a message being written: the post of it
                        # moves files of this kind alone to the record
                        "res_model": "mail.compose.message",
                        "res_id": 0,
                    }
                    for name, content in files
                ]
            )
        )
        case.message_post(
            body=self.env._("%(number)s files of the customer.", number=len(photos)),
            attachment_ids=photos.ids,
            author_id=user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return photos

    def _accepts_photos(self):
        return self.state in OPEN_STATES

    def _get_photos(self):
        """Return the files that the customer handed in, for his page."""
        self.ensure_one()
        # his own return was read before; notes of ours have files that are not his
        messages = self.sudo().message_ids.filtered(
            lambda message: (
                message.message_type == "comment"
                and not message.is_internal
                and message.author_id.commercial_partner_id
                == self.commercial_partner_id
            )
        )
        return messages.attachment_ids.filtered(
            lambda photo: photo.res_model == self._name and photo.res_id == self.id
        )
