from odoo import api, fields, models

KINDS = [
    ("question", "Question"),
    ("incident", "Incident"),
    ("complaint", "Complaint"),
    ("return", "Return"),
    ("visit", "Visit"),
]


class HelpdeskTicket(models.Model):
    """A request: what was asked, for which product, and who pays."""

    _inherit = "helpdesk.ticket"

    kind = fields.Selection(
        KINDS, default="incident", required=True, tracking=True, index=True
    )
    asset_id = fields.Many2one(
        "service.asset",
        "Installed product",
        index="btree_not_null",
        tracking=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id), "
        "('company_id', '=', company_id)]",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    lot_id = fields.Many2one(related="asset_id.lot_id", string="Serial number")
    contract_id = fields.Many2one(
        "contract.contract",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
        help="Empty: the contract that fits best pays.",
    )
    first_response_date = fields.Datetime("First answer", readonly=True, copy=False)
    cause = fields.Text(help="What the reason turned out to be.")
    resolution = fields.Html(help="What was done about it.", sanitize_style=True)
    article_ids = fields.Many2many(
        "service.article",
        "helpdesk_ticket_service_article_rel",
        "ticket_id",
        "article_id",
        "Solutions used",
        copy=False,
    )

    @api.depends("asset_id")
    def _compute_product_id(self):
        for ticket in self:
            if ticket.asset_id:
                ticket.product_id = ticket.asset_id.product_id

    @api.onchange("asset_id")
    def _onchange_asset_id(self):
        if self.asset_id and not self.partner_id:
            self.partner_id = self.asset_id.partner_id

    # -- one place where a request is registered and changed -------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Register: the decision and the clocks come in the same transaction."""
        tickets = super().create(vals_list)
        tickets._register_decisions("registered")
        tickets._start_clocks()
        return tickets

    #: Changes after which the check is made again.
    _DECIDING_FIELDS = {"partner_id", "asset_id", "priority", "kind", "contract_id"}

    def write(self, vals):
        stages = {ticket: ticket.stage_id for ticket in self}
        facts = {ticket: ticket._get_deciding_values() for ticket in self}
        teams = {ticket: ticket.team_id for ticket in self}
        result = super().write(vals)
        if vals.keys() & self._DECIDING_FIELDS:
            changed = self.filtered(lambda t: t._get_deciding_values() != facts[t])
            changed._register_decisions("changed")
            changed._retarget_clocks(self.env._("Request changed"))
        if "team_id" in vals:
            moved = self.filtered(lambda ticket: ticket.team_id != teams[ticket])
            moved._follow_team(vals)
        moved = self.filtered(lambda ticket: ticket.stage_id != stages[ticket])
        if moved:
            moved._follow_stage()
        return result

    def _get_deciding_values(self):
        return tuple(self[name] for name in sorted(self._DECIDING_FIELDS))

    # -- panel -----------------------------------------------------------------

    decision_panel = fields.Html(
        compute="_compute_decision_panel", sanitize=False, string="Decision"
    )

    @api.depends("decision_id", "clock_ids.state", "clock_ids.deadline")
    @api.depends_context("lang", "tz")
    def _compute_decision_panel(self):
        for ticket in self:
            if not ticket.decision_id:
                ticket.decision_panel = False
                continue
            ticket.decision_panel = self.env["ir.qweb"]._render(
                "crm_service.decision_panel",
                ticket.decision_id._get_panel_values()
                | {"clocks": [clock._get_panel_values() for clock in ticket.clock_ids]},
            )
