from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .append_rows import append_rows


class CrmCreditCheck(models.Model):
    """The record of one credit decision: what was known then, and why.

    Append-only: a decision that could be rewritten afterwards proves nothing.
    """

    _name = "crm.credit.check"
    _description = "Credit Decision"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    stage = fields.Selection(
        [
            ("order", "Order"),
            ("delivery", "Delivery"),
            ("service", "Service"),
            ("repair", "Repair"),
        ],
        required=True,
        readonly=True,
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", readonly=True
    )
    origin = fields.Char("Document Name", readonly=True)
    amount = fields.Monetary("Asked For", readonly=True)
    exposure = fields.Monetary(readonly=True)
    limit = fields.Monetary("Credit Limit", readonly=True)
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    overdue_days = fields.Integer("Oldest Overdue (days)", readonly=True)
    result = fields.Selection(
        [("allow", "Allowed"), ("warn", "Allowed with warning"), ("block", "Blocked")],
        required=True,
        readonly=True,
    )
    reason = fields.Text(readonly=True)
    move_ids = fields.Many2many("account.move", string="Open Invoices", readonly=True)
    release_id = fields.Many2one("crm.credit.release", readonly=True)
    create_uid = fields.Many2one("res.users", "Asked By", readonly=True)

    _document_idx = models.Index("(res_model, res_id, stage)")

    def _get_standing(self, stage, requests):
        """{document: its decision of today} where that let at least as much pass.

        A document that passed is not asked again when a dialog in between (a
        backorder, say) calls the same method once more. Another customer on the
        document is another question.
        """
        if not requests:
            return {}
        documents = {(doc._name, doc.id): doc for doc in requests}
        today = fields.Datetime.to_string(
            fields.Datetime.now().replace(hour=0, minute=0, second=0)
        )
        checks = self.search(
            [
                ("stage", "=", stage),
                ("result", "!=", "block"),
                ("res_model", "in", [name for name, _id in documents]),
                ("res_id", "in", [res_id for _name, res_id in documents]),
                ("create_date", ">=", today),
            ],
            order="id",
        )
        standing = {}
        for check in checks:
            document = documents.get((check.res_model, check.res_id))
            if document is None:
                continue
            account, amount = requests[document]
            same = check.partner_id == account.commercial_partner_id
            if same and check.amount >= amount:
                standing[document] = check
        return standing

    @api.model
    def _record(self, rows):
        """Add decisions; ``move_ids`` and ``release_id`` may be left out."""
        currency = self.env.company.currency_id
        moves = [row.pop("move_ids", ()) for row in rows]
        for row in rows:
            for name in ("amount", "exposure", "limit", "overdue_amount"):
                row[name] = currency.round(row[name]) if row[name] else 0.0
        checks = append_rows(self, rows, ["release_id"])
        self._add_invoices(zip(checks.ids, moves, strict=True))
        checks.release_id.invalidate_recordset(["state"], flush=False)
        return checks

    def _add_invoices(self, pairs):
        rows = [(check, move) for check, moves in pairs for move in moves]
        if rows:
            field = self._fields["move_ids"]
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s, %s) VALUES %s",
                    *map(
                        SQL.identifier, (field.relation, field.column1, field.column2)
                    ),
                    SQL(", ").join(rows),
                )
            )

    # Nobody may, so there is nothing to hand on.
    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A credit decision cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A credit decision stays on record."))

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_view_invoices(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open invoices of %(name)s", name=self.partner_id.name),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.move_ids.ids)],
        }
