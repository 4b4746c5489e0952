from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmHandover(models.Model):
    """Owners change for many records at once: a person leaves, territories move.

    Preview, apply and undo are single statements per kind of record; the lines are
    the preview, the log and what an undo goes back to.
    """

    _name = "crm.handover"
    _description = "Hand-over"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    kind = fields.Selection(
        [("person", "Hand-over"), ("territory", "Territory Re-alignment")],
        required=True,
        default="person",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("ready", "Previewed"),
            ("scheduled", "Scheduled"),
            ("done", "Applied"),
            ("undone", "Undone"),
        ],
        default="draft",
        required=True,
        tracking=True,
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date("Effective Date", default=fields.Date.context_today, copy=False)
    from_user_id = fields.Many2one(
        "res.users", "From", tracking=True, context={"active_test": False}
    )
    to_user_id = fields.Many2one(
        "res.users",
        "To",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    territory_ids = fields.Many2many(
        "crm.territory",
        string="Territories",
        help="Leave empty to apply all territories.",
    )
    only_unassigned = fields.Boolean(
        help="Leave records alone that have a salesperson already."
    )
    move_accounts = fields.Boolean("Accounts", default=True)
    move_leads = fields.Boolean("Leads and Opportunities", default=True)
    move_orders = fields.Boolean("Quotations and Open Orders", default=True)
    move_agreements = fields.Boolean("Frame Agreements", default=True)
    move_plans = fields.Boolean("Account Plans", default=True)
    move_visits = fields.Boolean("Planned Visits", default=True)
    move_registrations = fields.Boolean("Deal Registrations", default=True)
    move_activities = fields.Boolean("Activities To Do", default=True)
    move_tickets = fields.Boolean("Tickets", default=True)
    has_tickets = fields.Boolean(compute="_compute_has_tickets")
    reason = fields.Text()
    applied_on = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    line_ids = fields.One2many("crm.handover.line", "handover_id", copy=False)
    brief_ids = fields.One2many("crm.handover.brief", "handover_id", copy=False)
    line_count = fields.Integer(compute="_compute_line_counts")
    account_count = fields.Integer(compute="_compute_line_counts")
    summary = fields.Char(compute="_compute_line_counts")

    @api.depends("kind", "from_user_id", "to_user_id", "date")
    def _compute_name(self):
        for handover in self:
            if handover.kind == "person" and not (
                handover.from_user_id or handover.to_user_id
            ):
                handover.name = self.env._("New hand-over")
            elif handover.kind == "person":
                handover.name = self.env._(
                    "%(old)s to %(new)s",
                    old=handover.from_user_id.name or "?",
                    new=handover.to_user_id.name or "?",
                )
            else:
                handover.name = self.env._(
                    "Territories on %(date)s",
                    date=handover.date or fields.Date.context_today(handover),
                )

    def _compute_has_tickets(self):
        """There may be no service desk in this database."""
        self.has_tickets = "helpdesk.ticket" in self.env

    @api.depends("line_ids")
    def _compute_line_counts(self):
        counts = {}
        for handover, model, count in self.env["crm.handover.line"]._read_group(
            [("handover_id", "in", self.ids)], ["handover_id", "res_model"], ["__count"]
        ):
            counts.setdefault(handover.id, {})[model] = count
        labels = dict(self.env["crm.handover.line"]._get_kinds())
        for handover in self:
            mine = counts.get(handover.id, {})
            handover.line_count = sum(mine.values())
            handover.account_count = mine.get("res.partner", 0)
            handover.summary = ", ".join(
                f"{labels.get(model, model)}: {count}" for model, count in mine.items()
            )

    # -- what can be moved ------------------------------------------------------

    @api.model
    def _get_owner_fields(self):
        """{model: its owner field}; addons append what they own."""
        return {
            "res.partner": "user_id",
            "crm.lead": "user_id",
            "sale.order": "user_id",
            "sale.blanket.order": "user_id",
            "crm.account.plan": "user_id",
            "crm.visit.report": "user_id",
            "crm.deal.registration": "user_id",
            "helpdesk.ticket": "user_id",
            "mail.activity": "user_id",
        }

    def _get_person_domains(self):
        """{model: domain} of what ``from_user_id`` hands over."""
        self.ensure_one()
        mine = [("user_id", "=", self.from_user_id.id)]
        company = [("company_id", "in", [False, self.company_id.id])]
        chosen = {
            "res.partner": (self.move_accounts, mine + company),
            "crm.lead": (
                self.move_leads,
                mine + company + [("won_status", "=", "pending")],
            ),
            "sale.order": (
                self.move_orders,
                mine
                + company
                + [
                    ("state", "in", ("draft", "sent", "sale")),
                    "|",
                    ("state", "!=", "sale"),
                    ("invoice_status", "not in", ("invoiced", "upselling")),
                ],
            ),
            "sale.blanket.order": (
                self.move_agreements,
                mine + company + [("state", "in", ("draft", "open"))],
            ),
            "crm.account.plan": (
                self.move_plans,
                mine + company + [("state", "in", ("draft", "active"))],
            ),
            "crm.visit.report": (
                self.move_visits,
                mine + company + [("state", "=", "planned")],
            ),
            "crm.deal.registration": (
                self.move_registrations,
                mine + company + [("state", "in", ("draft", "submitted", "approved"))],
            ),
            "helpdesk.ticket": (
                self.move_tickets,
                mine + company + [("stage_id.closed", "=", False)],
            ),
            "mail.activity": (
                self.move_activities,
                mine + [("res_model", "in", list(self._get_owner_fields()))],
            ),
        }
        return {
            model: domain
            for model, (wanted, domain) in chosen.items()
            if wanted and model in self.env
        }

    # -- steps ------------------------------------------------------------------

    def action_preview(self):
        """List every record that would change, before anything does."""
        for handover in self:
            handover._check_ready_for_preview()
            self.env.flush_all()  # the statements below read the tables
            handover.line_ids.sudo().unlink()  # lines belong to the system
            handover.brief_ids.unlink()
            if handover.kind == "person":
                handover._insert_person_lines()
                handover._create_briefs()
            else:
                handover._insert_territory_lines()
            handover.state = "ready"
        return True

    def action_apply(self):
        """Change the owners, or wait for the effective date when it is ahead."""
        today = fields.Date.context_today(self)
        for handover in self:
            if handover.state not in ("ready", "scheduled"):
                raise UserError(
                    self.env._("Look at the preview before you apply a hand-over.")
                )
            if handover.date and handover.date > today:
                handover.state = "scheduled"
            else:
                handover._apply()
        return True

    def action_undo(self):
        """Give back what has not changed since."""
        for handover in self:
            if handover.state != "done":
                raise UserError(self.env._("Only an applied hand-over can be undone."))
            for model in handover._get_line_models():
                handover._check_may_write(model)
                handover._move_owners(model, undo=True)
            handover.state = "undone"
        return True

    def action_reset(self):
        self.filtered(lambda h: h.state in ("ready", "scheduled")).state = "draft"
        return True

    def action_view_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Records of %(handover)s", handover=self.name),
            "res_model": "crm.handover.line",
            "view_mode": "list",
            "domain": [("handover_id", "=", self.id)],
            "context": {"search_default_group_model": 1},
        }

    @api.model
    def _cron_apply_scheduled(self):
        """Apply what is due; what changed since the preview is looked up again."""
        due = self.search(
            [
                ("state", "=", "scheduled"),
                ("date", "<=", fields.Date.context_today(self)),
            ]
        )
        for done, handover in enumerate(due, 1):
            handover.action_preview()
            handover._apply()
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - done)

    def _check_ready_for_preview(self):
        self.ensure_one()
        if self.state not in ("draft", "ready", "scheduled"):
            raise UserError(
                self.env._("%(handover)s is applied already.", handover=self.name)
            )
        if self.kind == "person":
            if not (self.from_user_id and self.to_user_id):
                raise UserError(
                    self.env._("Say who hands over, and to whom, before the preview.")
                )
            if self.from_user_id == self.to_user_id:
                raise UserError(
                    self.env._("Choose two different people for a hand-over.")
                )

    def _get_line_models(self):
        return [
            model
            for (model,) in self.env["crm.handover.line"]._read_group(
                [("handover_id", "=", self.id)], ["res_model"]
            )
            if model in self.env
        ]

    def _apply(self):
        self.ensure_one()
        for model in self._get_line_models():
            self._check_may_write(model)
            self._move_owners(model)
        self.write(
            {
                "state": "done",
                "applied_on": fields.Datetime.now(),
                "applied_by_id": self.env.uid,
            }
        )
        self._notify_new_owners()

    def _check_may_write(self, model):
        """The user's own rights hold although the change itself is plain SQL."""
        if model == "mail.activity":
            return  # follows the right to the hand-over itself
        self.env[model].check_access("write")
        ids = SQL(
            "SELECT res_id FROM crm_handover_line"
            " WHERE handover_id = %s AND res_model = %s",
            self.id,
            model,
        )
        self.env["crm.handover.line"].flush_model()
        allowed = self.env[model].with_context(active_test=False)
        total = self.env.execute_query(SQL("SELECT count(*) FROM (%s) x", ids))[0][0]
        if allowed.search_count([("id", "in", ids)]) != total and not self.env.su:
            raise UserError(
                self.env._(
                    "Some %(model)s records of this hand-over are gone or out of"
                    " your reach. Preview it again.",
                    model=self.env[model]._description,
                )
            )

    def _notify_new_owners(self):
        partners = self.env["crm.handover.line"]._read_group(
            [("handover_id", "=", self.id), ("state", "=", "applied")], ["new_user_id"]
        )
        owners = self.env["res.users"].union(*(user for (user,) in partners))
        self.message_post(
            body=self.env._(
                "Applied: %(summary)s. The records are listed here.",
                summary=self.summary or self.env._("nothing to change"),
            ),
            partner_ids=owners.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _create_briefs(self):
        accounts = self.env["crm.handover.line"]._read_group(
            [("handover_id", "=", self.id), ("partner_id", "!=", False)],
            ["partner_id"],
        )
        partners = self.env["res.partner"].union(*(p for (p,) in accounts))
        self.brief_ids = [
            Command.create(values)
            for values in self.env["crm.handover.brief"]._prepare_briefs(partners)
        ]
