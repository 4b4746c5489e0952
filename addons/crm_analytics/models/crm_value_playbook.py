from odoo import api, fields, models
from odoo.tools import SQL

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
    def _start_for_moves(self, moves):
        """Start the playbooks of the classes that customers entered; the starts.

        Owners without an account get nothing: somebody has to be responsible. A plan
        under way for the same class is not started twice.
        """
        playbooks = self.search(
            [
                ("company_id", "in", (*moves.company_id.ids, False)),
                ("value_class", "in", list(set(moves.mapped("class_to")))),
            ]
        )
        starts = self.env["crm.value.playbook.start"]
        for move in moves if playbooks else moves.browse():
            for playbook in playbooks:
                fits = playbook.company_id in (move.company_id, self.env["res.company"])
                if fits and playbook.value_class == move.class_to:
                    starts |= playbook._start(move)
        return starts

    def _start(self, move):
        """Plan the activities on the account for its owner."""
        self.ensure_one()
        partner, owner = move.partner_id, move.partner_id.user_id
        running = self.start_ids.filtered(
            lambda start: start.partner_id == partner and start.open_count
        )
        if not owner or not partner.active or running:
            return self.env["crm.value.playbook.start"]
        activities = self.env["mail.activity"]
        for template in self.plan_id.template_ids:
            responsible = owner
            if template.responsible_type == "other":
                responsible = template.responsible_id
            activities |= partner.activity_schedule(
                activity_type_id=template.activity_type_id.id,
                automated=True,
                summary=template._get_summary_for(responsible),
                note=template.note,
                user_id=responsible.id,
                date_deadline=template._get_date_deadline(move.date),
            )
        return self.env["crm.value.playbook.start"].create(
            {
                "playbook_id": self.id,
                "partner_id": partner.id,
                "company_id": move.company_id.id,
                "user_id": owner.id,
                "date": move.date,
                "activity_ids": [fields.Command.set(activities.ids)],
                "planned_count": len(activities),
            }
        )


class CrmValuePlaybookStart(models.Model):
    """One start of a playbook, and what was invoiced before and after it."""

    _name = "crm.value.playbook.start"
    _description = "Playbook Start"
    _inherit = ["crm.insight.visible"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    playbook_id = fields.Many2one(
        "crm.value.playbook", required=True, readonly=True, ondelete="cascade"
    )
    value_class = fields.Selection(related="playbook_id.value_class", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    date = fields.Date("Started on", required=True, readonly=True)
    activity_ids = fields.Many2many(
        "mail.activity",
        string="Activities",
        readonly=True,
        context={"active_test": False},
    )
    planned_count = fields.Integer("Planned", readonly=True)
    open_count = fields.Integer("Still Open", compute="_compute_progress")
    done_count = fields.Integer("Done", compute="_compute_progress")
    revenue_before = fields.Monetary(
        "Revenue 6 Months Before", compute="_compute_revenue"
    )
    revenue_after = fields.Monetary(
        "Revenue 6 Months After", compute="_compute_revenue"
    )

    _playbook_idx = models.Index("(playbook_id, partner_id)")

    @api.depends("activity_ids.active", "planned_count")
    def _compute_progress(self):
        for start in self:
            activities = start.with_context(active_test=False).activity_ids
            start.open_count = len(activities.filtered("active"))
            start.done_count = len(activities) - start.open_count

    @api.depends("date", "partner_id", "company_id")
    def _compute_revenue(self):
        self.revenue_before = self.revenue_after = 0
        real = self.filtered("id")
        if not real:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id,
                       coalesce(sum(m.amount_untaxed_signed)
                           FILTER (WHERE m.invoice_date <= s.date), 0),
                       coalesce(sum(m.amount_untaxed_signed)
                           FILTER (WHERE m.invoice_date > s.date), 0)
                  FROM crm_value_playbook_start s
                  JOIN account_move m ON m.commercial_partner_id = s.partner_id
                   AND m.company_id = s.company_id AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND m.invoice_date > s.date - interval '6 months'
                   AND m.invoice_date <= s.date + interval '6 months'
                 WHERE s.id IN %s GROUP BY s.id""",
                tuple(real.ids),
            )
        )
        for start_id, before, after in rows:
            start = self.browse(start_id)
            start.revenue_before, start.revenue_after = before, after
