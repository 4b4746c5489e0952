"""One discussion for each product line, found from its products and requests."""

from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    service_channel_id = fields.Many2one(
        "discuss.channel",
        "Discussion",
        copy=False,
        ondelete="set null",
        domain=[("channel_type", "=", "channel")],
        help="Where the team talks about this product line. Categories below share it.",
    )
    service_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        "Service team",
        help="Its members take part in the discussion. Categories below share it.",
    )

    def _get_line_path(self):
        """Return this category and those above it, nearest first."""
        self.ensure_one()
        ids = [int(part) for part in (self.parent_path or "").split("/") if part]
        return self.browse(reversed(ids or self.ids))

    def _get_service_team(self):
        return self._get_line_path().service_team_id[:1]

    def _find_channel(self):
        """Return the discussion of the product line, or none."""
        for category in self._get_line_path():
            if category.service_channel_id:
                return category.service_channel_id
        return self.env["discuss.channel"]

    def _ensure_channel(self):
        """Return the discussion of the product line; open it if it is the first time.

        Two users at once change the same category: the second one is repeated by Odoo
        and finds the discussion of the first.
        """
        self.ensure_one()
        # the discussion belongs to the product line, not to who opens it first
        category = self.sudo()
        channel = category._find_channel()
        if not channel:
            channel = (
                self.env["discuss.channel"]
                .sudo()
                .create(
                    {
                        "name": category.name,
                        "channel_type": "channel",
                        "group_public_id": self.env.ref(
                            "crm_service.group_service_technician"
                        ).id,
                        "description": self.env._(
                            "Product line %(category)s", category=category.complete_name
                        ),
                    }
                )
            )
            category.service_channel_id = channel
        return channel

    def _open_channel(self, team=None):
        """Open the discussion, with the team and the user in it."""
        # as above
        channel = self._ensure_channel().sudo()
        team = self.sudo()._get_service_team() or (team or self.service_team_id)
        users = team.sudo().user_ids | self.env.user
        new = users.partner_id - channel.channel_partner_ids
        if new:
            channel._add_members(partners=new, post_joined_message=False)
        return {
            "type": "ir.actions.client",
            "tag": "mail.action_discuss",
            "name": self.env._("Discussion"),
            "context": {"active_id": f"discuss.channel_{channel.id}"},
        }

    def action_open_service_channel(self):
        self.ensure_one()
        return self._open_channel()


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_channel_id = fields.Many2one(
        "discuss.channel", "Discussion", compute="_compute_service_channel_id"
    )

    def _compute_service_channel_id(self):
        for product in self:
            # a yes or no for the button
            category = product.sudo().categ_id
            product.service_channel_id = category and category._find_channel()

    def action_open_service_channel(self):
        self.ensure_one()
        return self.categ_id._open_channel()


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_open_service_channel(self):
        self.ensure_one()
        return self.categ_id._open_channel()


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def action_open_service_channel(self):
        """Open the discussion of the product line, and tell it about this request."""
        self.ensure_one()
        action = self.product_id.categ_id._open_channel(self.team_id)
        # members may post; who opens it from a request is one
        channel = self.product_id.categ_id.sudo()._find_channel()
        link = self._get_html_link(title=f"{self.number} {self.name}")
        known = (
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("model", "=", "discuss.channel"),
                    ("res_id", "=", channel.id),
                    ("body", "ilike", f'data-oe-id="{self.id}"'),
                ],
                limit=1,
            )
        )
        if not known:
            channel.sudo(False).message_post(
                body=link, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        return action
