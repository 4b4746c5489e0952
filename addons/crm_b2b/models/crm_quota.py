from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.quota_sql import quota_attainment


class CrmQuota(models.Model):
    """A target for a person, team, product family or customer in a period."""

    _name = "crm.quota"
    _description = "Sales Target"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, kind, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    kind = fields.Selection(
        [
            ("person", "Person"),
            ("team", "Team"),
            ("family", "Product Family"),
            ("customer", "Customer"),
        ],
        required=True,
        default="person",
        tracking=True,
    )
    user_id = fields.Many2one("res.users", "Salesperson", index=True, tracking=True)
    team_id = fields.Many2one(
        "crm.team", "Sales Team", index=True, check_company=True, tracking=True
    )
    categ_id = fields.Many2one("product.category", "Product Family", tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        domain="[('is_company', '=', True)]",
        tracking=True,
    )
    date_start = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.today(), "quarter"),
        tracking=True,
    )
    date_end = fields.Date(
        required=True,
        default=lambda self: fields.Date.end_of(fields.Date.today(), "quarter"),
        tracking=True,
    )
    basis = fields.Selection(
        [("ordered", "Ordered"), ("invoiced", "Invoiced"), ("paid", "Paid")],
        required=True,
        default="invoiced",
        tracking=True,
        help="What counts, without taxes and in the company's currency: confirmed"
        " orders, posted invoices less credit notes, or money received on them.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    target = fields.Monetary(required=True, tracking=True)
    attained = fields.Monetary(compute="_compute_attained")
    attainment = fields.Float(
        "Attainment (%)", compute="_compute_attained", aggregator="avg"
    )
    missing = fields.Monetary("Still to go", compute="_compute_attained")
    active = fields.Boolean(default=True)

    _target_positive = models.Constraint(
        "CHECK (target > 0)", "A target is an amount above zero."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_start <= date_end)", "A target ends on its start or later."
    )

    @api.depends("kind", "user_id", "team_id", "categ_id", "partner_id", "date_start")
    def _compute_name(self):
        for quota in self:
            subject = quota[self._get_subject_field(quota.kind)]
            start = quota.date_start and f"{quota.date_start:%Y-%m}"
            quota.name = " ".join(filter(None, (subject.display_name, start)))

    @api.model
    def _get_subject_field(self, kind):
        return {
            "person": "user_id",
            "team": "team_id",
            "family": "categ_id",
            "customer": "partner_id",
        }[kind or "person"]

    @api.constrains("kind", "user_id", "team_id", "categ_id", "partner_id")
    def _check_subject(self):
        for quota in self:
            name = self._get_subject_field(quota.kind)
            if not quota[name]:
                raise ValidationError(
                    self.env._(
                        "A target of this kind needs %(field)s.",
                        field=quota._fields[name].string,
                    )
                )

    @api.depends("kind", "user_id", "team_id", "categ_id", "partner_id", "basis")
    @api.depends("date_start", "date_end", "target", "company_id")
    def _compute_attained(self):
        attained = self._get_attained()
        for quota in self:
            quota.attained = attained.get(quota._origin.id, 0.0)
            quota.missing = max(0.0, quota.target - quota.attained)
            quota.attainment = (
                100.0 * quota.attained / quota.target if quota.target else 0.0
            )

    def _get_attained(self):
        """Return {id: amount} of all quotas in one statement.

        Attainment counts the documents of everybody it concerns, also those the reader
        may not open: it is a sum that the quota's own rules give away.
        """
        if not self._origin.ids:
            return {}
        self.env.flush_all()
        sql = SQL(
            "SELECT quota_id, attained FROM (%s) AS q WHERE quota_id = ANY(%s)",
            quota_attainment(),
            self._origin.ids,
        )
        return {key: float(amount) for key, amount in self.env.execute_query(sql)}

    def action_open_documents(self):
        """Open the orders or invoices that count for this target."""
        self.ensure_one()
        ordered = self.basis == "ordered"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_orders" if ordered else "account.action_move_out_invoice_type"
        )
        action["domain"] = self._get_document_domain(ordered)
        action["context"] = {}
        return action

    def _get_document_domain(self, ordered):
        date = "date_order" if ordered else "invoice_date"
        domain = [("company_id", "=", self.company_id.id)]
        if ordered:
            domain.append(("state", "=", "sale"))
        else:
            domain += [
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        if self.basis != "paid":
            until = fields.Date.add(self.date_end, days=1)
            domain += [(date, ">=", self.date_start), (date, "<", until)]
        if self.kind == "person":
            person = "user_id" if ordered else "invoice_user_id"
            domain.append((person, "=", self.user_id.id))
        elif self.kind == "team":
            domain.append(("team_id", "=", self.team_id.id))
        elif self.kind == "customer":
            domain.append(("partner_id", "child_of", self.partner_id.id))
        else:
            lines = "order_line" if ordered else "invoice_line_ids"
            path = f"{lines}.product_id.categ_id"
            domain.append((path, "child_of", self.categ_id.id))
        return domain
