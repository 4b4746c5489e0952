from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CrmDealRegistration(models.Model):
    """A partner claims a deal with an end customer and is protected until a date."""

    _name = "crm.deal.registration"
    _description = "Deal registration"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="New")
    subject = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Channel Partner",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        domain="[('is_company', '=', True)]",
    )
    end_customer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        domain="[('is_company', '=', True)]",
    )
    categ_id = fields.Many2one("product.category", "Product Family")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Expected Amount", tracking=True)
    date_closing = fields.Date("Expected Closing")
    user_id = fields.Many2one(
        "res.users",
        "Channel Manager",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        check_company=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        check_company=True,
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("submitted", "To Decide"),
            ("approved", "Protected"),
            ("rejected", "Rejected"),
            ("expired", "Expired"),
        ],
        default="draft",
        required=True,
        tracking=True,
        copy=False,
        group_expand=True,
        index=True,
    )
    date_submitted = fields.Datetime(readonly=True, copy=False)
    protection_until = fields.Date(
        "Protected Until", tracking=True, copy=False, index=True
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decision_note = fields.Text("Reason of the Decision", tracking=True, copy=False)
    description = fields.Html()
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        index="btree_not_null",
        copy=False,
        check_company=True,
        domain="[('type', '=', 'opportunity')]",
    )
    conflict_registration_ids = fields.Many2many(
        "crm.deal.registration",
        string="Conflicting Registrations",
        compute="_compute_conflicts",
        compute_sudo=True,
    )
    conflict_lead_ids = fields.Many2many(
        "crm.lead",
        string="Conflicting Opportunities",
        compute="_compute_conflicts",
        compute_sudo=True,
    )
    conflict_count = fields.Integer(compute="_compute_conflicts", compute_sudo=True)

    _not_oneself = models.Constraint(
        "CHECK (partner_id <> end_customer_id)",
        "A partner registers deals with others, not with itself.",
    )

    @api.depends("user_id")
    def _compute_team_id(self):
        for item in self:
            item.team_id = item.user_id.sale_team_id

    @api.depends(
        "partner_id", "end_customer_id", "categ_id", "company_id", "lead_id", "state"
    )
    def _compute_conflicts(self):
        """Two searches for all: a colleague's claim or a running deal may collide.

        As superuser: whoever decides must know of a claim outside the own team.
        """
        ends = self.end_customer_id.commercial_partner_id
        registrations = self.search(
            [
                ("end_customer_id.commercial_partner_id", "in", ends.ids),
                ("state", "in", ("submitted", "approved")),
            ]
        )
        leads = self.env["crm.lead"].search(
            [
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("partner_id.commercial_partner_id", "in", ends.ids),
            ]
        )
        for item in self:
            item.conflict_registration_ids = registrations.filtered(
                item._conflicts_with_registration
            )
            item.conflict_lead_ids = leads.filtered(item._conflicts_with_lead)
            item.conflict_count = len(item.conflict_registration_ids) + len(
                item.conflict_lead_ids
            )

    def _conflicts_with_registration(self, other):
        return (
            other != self._origin
            and other.company_id == self.company_id
            and other.end_customer_id.commercial_partner_id
            == self.end_customer_id.commercial_partner_id
            and other.partner_id != self.partner_id
            and (
                not other.categ_id
                or not self.categ_id
                or other.categ_id == self.categ_id
            )
        )

    def _conflicts_with_lead(self, lead):
        families = lead.line_ids.categ_id
        return (
            lead != self.lead_id._origin
            and lead.company_id in (self.company_id, self.env["res.company"])
            and lead.partner_id.commercial_partner_id
            == self.end_customer_id.commercial_partner_id
            and lead.channel_partner_id != self.partner_id
            and (not families or not self.categ_id or self.categ_id in families)
        )

    @api.constrains("protection_until", "state")
    def _check_protection(self):
        for item in self:
            if item.state == "approved" and not item.protection_until:
                raise ValidationError(
                    self.env._(
                        "Say until when %(registration)s is protected.",
                        registration=item.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for values in vals_list:
            if values.get("name", "New") == "New":
                values["name"] = sequence.next_by_code("crm.deal.registration") or "New"
        return super().create(vals_list)

    def write(self, values):
        """Only the decision protects: nobody types the state of a registration."""
        decided = {"state", "decided_by_id", "protection_until"} & set(values)
        if decided and not self.env.su and not self._may_decide():
            allowed = values.keys() <= {"state", "date_submitted"} and values.get(
                "state"
            ) in ("draft", "submitted")
            if not allowed or self.filtered(lambda item: item.state == "approved"):
                raise UserError(
                    self.env._("A sales manager decides on deal registrations.")
                )
        return super().write(values)

    def _may_decide(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    def action_submit(self):
        self.write({"state": "submitted", "date_submitted": fields.Datetime.now()})

    def action_approve(self):
        for item in self:
            if item.state != "submitted":
                raise UserError(
                    self.env._(
                        "%(registration)s is not waiting for a decision.",
                        registration=item.display_name,
                    )
                )
            if item.conflict_count and not item.decision_note:
                raise UserError(
                    self.env._(
                        "%(registration)s collides with: %(conflicts)s. Write the "
                        "reason of your decision before you approve it.",
                        registration=item.display_name,
                        conflicts=", ".join(item.sudo()._get_conflict_names()),
                    )
                )
            days = item.company_id.crm_b2b_registration_days
            item.write(
                {
                    "state": "approved",
                    "decided_by_id": self.env.uid,
                    "protection_until": item.protection_until
                    or fields.Date.today() + timedelta(days=days),
                    "lead_id": (item.lead_id or item._create_lead()).id,
                }
            )

    def _get_conflict_names(self):
        return self.conflict_registration_ids.mapped(
            "display_name"
        ) + self.conflict_lead_ids.mapped("display_name")

    def _create_lead(self):
        return self.env["crm.lead"].create(
            {
                "name": self.subject,
                "type": "opportunity",
                "partner_id": self.end_customer_id.id,
                "channel_partner_id": self.partner_id.id,
                "channel_kind": "sourced",
                "expected_revenue": self.amount,
                "date_deadline": self.date_closing,
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
                "line_ids": [
                    (0, 0, {"categ_id": self.categ_id.id, "price_unit": self.amount})
                ]
                if self.categ_id
                else [],
            }
        )

    def action_reject(self):
        for item in self:
            if not item.decision_note:
                raise UserError(
                    self.env._(
                        "Tell the partner why: write the reason for rejecting "
                        "%(registration)s.",
                        registration=item.display_name,
                    )
                )
        self.write({"state": "rejected", "decided_by_id": self.env.uid})

    def action_reset(self):
        self.write({"state": "draft"})

    @api.model
    def _cron_expire(self):
        """End the protection whose date has passed, unless the deal was won."""
        ended = self.search(
            [("state", "=", "approved"), ("protection_until", "<", fields.Date.today())]
        )
        ended = ended.filtered(lambda item: item.lead_id.won_status != "won")
        ended.state = "expired"
        for item in ended.filtered("user_id"):
            item.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The protection has ended: tell the partner"),
                user_id=item.user_id.id,
            )

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.name} {item.subject or ''}".strip()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    channel_partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('is_company', '=', True)]",
    )
    channel_kind = fields.Selection(
        [
            ("sourced", "Brought by the partner"),
            ("assigned", "Given to the partner"),
        ],
        "Channel",
        tracking=True,
    )
    deal_registration_ids = fields.One2many("crm.deal.registration", "lead_id")
    protected_by_id = fields.Many2one(
        "res.partner",
        "Protected for",
        compute="_compute_protected_by_id",
        compute_sudo=True,
        help="A registration protects this deal for another partner.",
    )

    @api.depends("partner_id", "channel_partner_id", "company_id")
    def _compute_protected_by_id(self):
        """Registrations protect against colleagues too, whoever may read them."""
        registrations = self.env["crm.deal.registration"].search(
            Domain("state", "=", "approved")
            & Domain(
                "end_customer_id.commercial_partner_id",
                "in",
                self.partner_id.commercial_partner_id.ids,
            )
        )
        for lead in self:
            account = lead.partner_id.commercial_partner_id
            lead.protected_by_id = registrations.filtered(
                lambda item, account=account, lead=lead: (
                    account
                    and item.end_customer_id.commercial_partner_id == account
                    and item.partner_id != lead.channel_partner_id
                    and lead.company_id in (item.company_id, self.env["res.company"])
                )
            )[:1].partner_id
