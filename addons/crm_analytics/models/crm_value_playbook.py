from odoo import api, fields, models

from ..tools import playbook_sql
from .crm_customer_value import VALUE_CLASSES


class CrmValuePlaybook(models.Model):
    """What is done when a customer enters a value class."""

    _name = "crm.value.playbook"
    _description = "Value Class Playbook"
    _inherit = ["mail.thread"]
    _order = "value_class, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, ondelete="cascade"
    )
    value_class = fields.Selection(VALUE_CLASSES, required=True, tracking=True)
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        required=True,
        domain="[('res_model', '=', 'res.partner')]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Its activities go to the account owner, unless the plan names somebody.",
    )
    purpose = fields.Text(translate=True)
    start_ids = fields.One2many("crm.value.playbook.start", "playbook_id", "Starts")
    start_count = fields.Integer(compute="_compute_start_count")

    def _compute_start_count(self):
        counts = dict(
            self.env["crm.value.playbook.start"]._read_group(
                [("playbook_id", "in", self.ids)], ["playbook_id"], ["__count"]
            )
        )
        for playbook in self:
            playbook.start_count = counts.get(playbook, 0)

    def action_open_starts(self):
        """Open the starts with what came of them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_value_playbook_start_action"
        )
        return action | {"domain": [("playbook_id", "=", self.id)], "context": {}}

    @api.model
    def _start_for_moves(self, moves, date=None):
        """Start the playbooks of the classes that customers entered; the starts.

        A plan under way for the same class is not started twice; what has no owner is
        kept as not started.

        :param date: day of the starts, that of each move when left out
        """
        playbooks = self.search(
            [
                ("company_id", "in", (*moves.company_id.ids, False)),
                ("value_class", "in", list(set(moves.mapped("class_to")))),
            ]
        )
        entered = {
            (playbook, move.partner_id): move
            for move in moves
            if move.partner_id.active
            for playbook in playbooks
            if playbook.company_id in (move.company_id, self.env["res.company"])
            and playbook.value_class == move.class_to
        }
        for pair in playbooks._get_running(moves.partner_id) if entered else ():
            entered.pop(pair, None)
        starts = self.env["crm.value.playbook.start"].create(
            [
                {
                    "playbook_id": playbook.id,
                    "partner_id": partner.id,
                    "company_id": move.company_id.id,
                    "state": "no_owner",
                    "date": date or move.date,
                }
                for (playbook, partner), move in entered.items()
            ]
        )
        owners = self._get_owners(moves) if starts else {}
        for start, move in zip(starts, entered.values(), strict=True):
            if owner := owners[move]:
                start._begin(owner)
        return starts

    def _get_running(self, partners):
        """Pairs of playbook and customer with a plan under way."""
        starts = self.env["crm.value.playbook.start"].search(
            [("playbook_id", "in", self.ids), ("partner_id", "in", partners.ids)]
        )
        return {
            (start.playbook_id, start.partner_id)
            for start in starts
            if start._is_running()
        }

    @api.model
    def _get_owners(self, moves):
        """Who is responsible, by move: the salesperson, else the leader of the team.

        Nobody where there is neither: somebody has to be made responsible.
        """
        leaders = self._get_leaders(moves)
        nobody = self.env["res.users"]
        return {
            move: move.partner_id.user_id.filtered("active")
            or leaders.get((move.partner_id.id, move.company_id.id), nobody)
            for move in moves
        }

    @api.model
    def _get_leaders(self, moves):
        """Leader of the team that last invoiced customers without a salesperson.

        :return: users by (customer, company)
        """
        orphans = moves.filtered(lambda move: not move.partner_id.user_id.active)
        if not orphans:
            return {}
        rows = self.env.execute_query(
            playbook_sql.leaders(orphans.partner_id.ids, orphans.company_id.ids)
        )
        User = self.env["res.users"]
        return {
            (partner, company): User.browse(user) for partner, company, user in rows
        }
