from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import READERS

READ = ["commercial_partner_id", "role_id", "partner_id", "stance"]


class ResPartner(models.Model):
    # Who decides at an account, where it is and whose it is: in a file of its own.
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    value_identity = fields.Json(
        "Who It Is", compute="_compute_value_identity", groups=READERS
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_value_identity(self):
        accounts = self.commercial_partner_id._origin
        family = accounts._get_value_family()
        centres = accounts._get_value_centres()
        for partner in self:
            account = partner.commercial_partner_id._origin
            partner.value_identity = family.get(account, {}) | {
                "centre": centres.get(account, False)
            }

    def _get_value_family(self):
        """{account: its group, its subsidiaries and its sites}; what the user sees."""
        near = self.search_fetch(
            Domain("id", "in", self.parent_id.ids)
            | Domain("parent_id", "in", self.ids)
            & (Domain("is_company", "=", True) | Domain("type", "!=", "contact")),
            ["parent_id", "is_company", "name", "type", "city"],
            order="complete_name, id",
        )
        children = near.grouped("parent_id")
        none = self.browse()
        result = {}
        for account in self:
            below = children.get(account, none)
            firms = below.filtered("is_company")
            result[account] = {
                "group": (account.parent_id & near)._to_value_links(),
                "firms": firms._to_value_links(),
                "sites": (below - firms)._to_value_links(),
            }
        return result

    def _to_value_links(self):
        kinds = dict(self._fields["type"]._description_selection(self.env))
        return [
            {
                "id": partner.id,
                "name": partner.name or kinds.get(partner.type, ""),
                "place": partner.city or "",
            }
            for partner in self
        ]

    def _get_value_centres(self):
        """{account: roles of the buying centre with their people, or without}.

        Nothing for who may not read buying centres.
        """
        Role = self.env["crm.buying.role"]
        if not Role.has_access("read"):
            return {}
        kinds = self.env["crm.buying.role.type"].search_fetch([], ["name"])
        of_accounts = [("commercial_partner_id", "in", self.ids)]
        known = Role.search_fetch(of_accounts, READ, order="id desc")
        known = known.grouped("commercial_partner_id")
        needed = self._get_value_needed_roles()
        result = {}
        for account in self:
            by_kind = known.get(account, Role).grouped("role_id")
            gaps = needed.get(account, kinds.browse())
            result[account] = [
                {
                    "name": kind.name,
                    "needed": kind in gaps,
                    "people": by_kind.get(kind, Role)._to_value_people(),
                }
                for kind in kinds
            ]
        return result

    def _get_value_needed_roles(self):
        """{account: roles that its open deals ask for and nobody has}."""
        needed = {}
        deals = self.env["crm.lead"].search_fetch(
            [
                ("partner_id.commercial_partner_id", "in", self.ids),
                ("won_status", "=", "pending"),
                ("stage_id.required_role_ids", "!=", False),
            ],
            ["partner_id", "stage_id"],
        )
        for deal in deals:
            account = deal.partner_id.commercial_partner_id
            gap = deal.stage_id.required_role_ids - deal.buying_role_ids.role_id
            needed[account] = needed.get(account, gap) | gap
        return needed
