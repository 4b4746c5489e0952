from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class ResPartner(models.Model):
    _inherit = "res.partner"

    portal_scope = fields.Selection(
        [("own", "Own documents"), ("company", "Documents of the whole company")],
        string="Portal Rights",
        compute="_compute_portal_scope",
        store=True,
        readonly=False,
        help="What this contact sees in the portal: documents made out to the contact "
        "or asked for by the contact, or those of all contacts of the company.",
    )

    def _auto_init(self):
        """Fill the rights of existing contacts in one statement."""
        if not column_exists(self.env.cr, self._table, "portal_scope"):
            create_column(self.env.cr, self._table, "portal_scope", "varchar")
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE res_partner p
                       SET portal_scope = CASE WHEN p.parent_id IS NULL OR p.id IN (
                               SELECT MIN(c.id) FROM res_partner c
                                WHERE c.parent_id IS NOT NULL AND c.type = 'contact'
                             GROUP BY c.parent_id
                           ) THEN 'company' ELSE 'own' END
                    """
                )
            )
        return super()._auto_init()

    @api.depends("parent_id")
    def _compute_portal_scope(self):
        """The first contact of a company is its main one, and sees the whole."""
        main = self._get_main_contacts()
        for partner in self:
            first = main.get(partner.parent_id._origin.id, partner._origin.id)
            whole = not partner.parent_id or first == partner._origin.id
            partner.portal_scope = "company" if whole else "own"

    def _get_main_contacts(self):
        """{company partner id: id of its first contact}, in one query."""
        groups = self.env["res.partner"]._read_group(
            [("parent_id", "in", self.parent_id._origin.ids), ("type", "=", "contact")],
            ["parent_id"],
            ["id:min"],
        )
        return {parent.id: first for parent, first in groups}

    def write(self, vals):
        result = super().write(vals)
        if {"portal_scope", "parent_id"} & vals.keys() and self.sudo().user_ids:
            self.env.flush_all()
            self.env.registry.clear_cache()  # record rules read it
        return result
