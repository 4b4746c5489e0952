from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmValuePlaybookStart(models.Model):
    """One start of a playbook, and what was invoiced before and after it."""

    _name = "crm.value.playbook.start"
    _description = "Playbook Start"
    _inherit = ["crm.insight.visible", "crm.insight.empty"]
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
    state = fields.Selection(
        [("started", "Started"), ("no_owner", "Not started: no owner")],
        "Status",
        required=True,
        readonly=True,
        default="started",
        help="A playbook is for the salesperson of the customer, else for the leader of"
        " its sales team. Without either it waits for somebody to be assigned.",
    )
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

    def _is_running(self):
        self.ensure_one()
        return self.state == "no_owner" or bool(self.open_count)

    def _begin(self, owner, date=None):
        """Plan the activities on the account for ``owner``.

        :param date: where deadlines count from; the day the class was entered if absent
        """
        self.ensure_one()
        activities = self.env["mail.activity"]
        for template in self.playbook_id.plan_id.template_ids:
            responsible = owner
            if template.responsible_type == "other":
                responsible = template.responsible_id
            activities |= self.partner_id.activity_schedule(
                activity_type_id=template.activity_type_id.id,
                automated=True,
                summary=template._get_summary_for(responsible),
                note=template.note,
                user_id=responsible.id,
                date_deadline=template._get_date_deadline(date or self.date),
            )
        self.write(
            {
                "state": "started",
                "user_id": owner.id,
                "activity_ids": [fields.Command.set(activities.ids)],
                "planned_count": len(activities),
            }
        )

    def action_assign(self):
        """Ask who is to own what has not started, and start it."""
        waiting = self.filtered(lambda start: start.state == "no_owner")
        if not waiting:
            raise UserError(
                self.env._("These playbooks have started. Choose one without an owner.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign and Start"),
            "res_model": "crm.value.playbook.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_start_ids": [fields.Command.set(waiting.ids)]},
        }

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
