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

        A plan under way for the same class is not started twice.

        :param date: day of the starts, that of each move when left out
        """
        playbooks = self.search(
            [
                ("company_id", "in", (*moves.company_id.ids, False)),
                ("value_class", "in", list(set(moves.mapped("class_to")))),
            ]
        )
        starts = self.env["crm.value.playbook.start"]
        leaders = self._get_leaders(moves) if playbooks else {}
        for move in moves if playbooks else moves.browse():
            for playbook in playbooks:
                fits = playbook.company_id in (move.company_id, self.env["res.company"])
                if fits and playbook.value_class == move.class_to:
                    starts |= playbook._start(move, leaders, date)
        return starts

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

    def _start(self, move, leaders=None, date=None):
        """Plan the activities on the account for its owner.

        The salesperson owns an account, else the leader of its team. Without either the
        start is kept as not started: somebody has to be made responsible.
        """
        self.ensure_one()
        partner = move.partner_id
        Start = self.env["crm.value.playbook.start"]
        running = self.start_ids.filtered(
            lambda start: start.partner_id == partner and start._is_running()
        )
        if not partner.active or running:
            return Start
        if leaders is None:
            leaders = self._get_leaders(move)
        owner = partner.user_id.filtered("active")
        owner = owner or leaders.get((partner.id, move.company_id.id), owner)
        start = Start.create(
            {
                "playbook_id": self.id,
                "partner_id": partner.id,
                "company_id": move.company_id.id,
                "state": "no_owner",
                "date": date or move.date,
            }
        )
        if owner:
            start._begin(owner)
        return start
