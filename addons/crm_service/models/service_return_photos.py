"""Pictures and documents that a customer hands in with a return."""

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import uploads

LIMITS = uploads.Limits()
#: States in which more can be handed in.
OPEN_STATES = ("draft", "authorised", "received", "inspected")


class ServiceReturn(models.Model):
    _inherit = "service.return"

    @api.model
    def _check_photos(self, files):
        """Refuse ``files``, [(name, content)], in words if one of them is not right."""
        problems = uploads.find_problems(files, LIMITS)
        if problems:
            raise UserError("\n".join(self._explain_upload(p) for p in problems))

    @api.model
    def _explain_upload(self, problem):
        megabytes = LIMITS.size // uploads.MEGABYTE
        return {
            "number": lambda: self.env._(
                "Please send %(number)s files at most.", number=LIMITS.number
            ),
            "total": lambda: self.env._(
                "The files are too large together: %(size)s MB at most.",
                size=LIMITS.total // uploads.MEGABYTE,
            ),
            "size": lambda: self.env._(
                "%(file)s is too large: %(size)s MB at most.",
                file=problem.name,
                size=megabytes,
            ),
            "empty": lambda: self.env._("%(file)s is empty.", file=problem.name),
            "type": lambda: self.env._(
                "%(file)s is neither a picture (JPEG, PNG, GIF, WebP, HEIC) nor a PDF.",
                file=problem.name,
            ),
        }[problem.code]()

    def _add_photos(self, user, files):
        """Keep checked ``files`` with this return; its people read of them."""
        self.ensure_one()
        if not files:
            return self.env["ir.attachment"]
        self._check_photos(files)
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
