from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.work_coverage import BILLABLE


class ServiceWorkLine(models.Model):
    """What is not covered becomes one draft invoice for each customer."""

    _inherit = "service.work.line"

    invoice_line_id = fields.Many2one(
        "account.move.line", readonly=True, copy=False, index="btree_not_null"
    )
    invoice_id = fields.Many2one(related="invoice_line_id.move_id", string="Invoice")
    invoice_status = fields.Selection(
        [
            ("no", "Nothing to invoice"),
            ("to_invoice", "To invoice"),
            ("invoiced", "Invoiced"),
        ],
        compute="_compute_invoice_status",
        compute_sudo=True,
        store=True,
        index=True,
    )

    @api.depends("state", "coverage", "invoice_line_id.parent_state")
    def _compute_invoice_status(self):
        for line in self:
            if line.state != "confirmed" or line.coverage != BILLABLE:
                line.invoice_status = "no"
            elif line.invoice_line_id and line.invoice_line_id.parent_state != "cancel":
                line.invoice_status = "invoiced"
            else:
                line.invoice_status = "to_invoice"

    @api.model
    def _get_to_invoice_domain(self):
        return [("invoice_status", "=", "to_invoice")]

    def action_create_invoices(self):
        """Button of the list: draft invoices for the lines chosen."""
        self.check_access("write")
        moves = self._create_invoices()
        if not moves:
            raise UserError(self.env._("There is nothing to invoice here."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draft invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }

    def _create_invoices(self):
        """Return the draft invoices that hold these billable lines, one a customer."""
        # Who confirms work need not be an accountant; drafts are checked by finance.
        lines = self.sudo()._lock_to_invoice()
        moves = self.env["account.move"].sudo()
        groups = lines.grouped(
            lambda line: (line.company_id, line.partner_id, line.currency_id)
        )
        for (company, partner, currency), group in groups.items():
            moves |= group.with_company(company)._invoice_customer(partner, currency)
        return moves.sudo(False)

    def _lock_to_invoice(self):
        """Return those still to invoice, locked: two workers never bill one twice."""
        if not self:
            return self
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM service_work_line WHERE id IN %s AND "
                "invoice_status = 'to_invoice' ORDER BY id "
                "FOR NO KEY UPDATE SKIP LOCKED",
                tuple(self.ids),
            )
        )
        return self.browse([row_id for (row_id,) in rows])

    def _invoice_customer(self, partner, currency):
        move = self._find_draft_invoice(partner, currency)
        commands = [Command.create(line._prepare_invoice_line()) for line in self]
        known = move.invoice_line_ids
        if move:
            move.write({"invoice_line_ids": commands})
        else:
            move = move.create(self._prepare_invoice(partner, currency, commands))
        for line, entry in zip(
            self, (move.invoice_line_ids - known).sorted("id"), strict=True
        ):
            line.invoice_line_id = entry
        origins = set(filter(None, (move.invoice_origin or "").split(", ")))
        origins |= {line._get_origin_name() for line in self}
        move.invoice_origin = ", ".join(sorted(origins))
        return move

    def _find_draft_invoice(self, partner, currency):
        return self.env["account.move"].search(
            [
                ("state", "=", "draft"),
                ("move_type", "=", "out_invoice"),
                ("commercial_partner_id", "=", partner.id),
                ("currency_id", "=", currency.id),
                ("company_id", "=", self.company_id.id),
                ("invoice_line_ids.service_work_line_ids", "!=", False),
            ],
            limit=1,
        )

    def _prepare_invoice(self, partner, currency, commands):
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "partner_id": partner.address_get(["invoice"])["invoice"],
            "currency_id": currency.id,
            "invoice_line_ids": commands,
        }

    def _prepare_invoice_line(self):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "name": f"{self._get_origin_name()}: {self.name or ''} ({self.date})",
            "quantity": self.quantity,
            "product_uom_id": self.product_id.uom_id.id,
            "price_unit": self.price_unit,
            "discount": self.discount,
        }

    def _get_origin_name(self):
        return self.ticket_id.number or self.visit_id.name

    @api.model
    def _cron_create_invoices(self):
        """Nightly: what was confirmed and is not on an invoice yet."""
        commit = self.env["ir.cron"]._commit_progress
        groups = self._read_group(
            self._get_to_invoice_domain(),
            ["company_id", "partner_id"],
            ["id:recordset"],
        )
        commit(remaining=len(groups))
        for _company, _partner, lines in groups:
            lines._create_invoices()
            if not commit(1):
                break


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_work_line_ids = fields.One2many("service.work.line", "invoice_line_id")

    def unlink(self):
        """Work of a deleted invoice line is to be invoiced again."""
        # finance deletes the draft, the work is the service's
        self.sudo().service_work_line_ids.invoice_line_id = False
        return super().unlink()


class AccountMove(models.Model):
    _inherit = "account.move"

    def unlink(self):
        # see the line; the database deletes lines of a deleted entry by itself
        self.sudo().line_ids.service_work_line_ids.invoice_line_id = False
        return super().unlink()


class ContractContract(models.Model):
    _inherit = "contract.contract"

    def _get_service_costs(self):
        """Add the cost of work that the contract bears: covered and goodwill."""
        costs = super()._get_service_costs()
        # sums only, of contracts the user may read
        groups = (
            self.env["service.work.line"]
            .sudo()
            ._read_group(
                [
                    ("contract_id", "in", self.ids),
                    ("state", "=", "confirmed"),
                    ("coverage", "!=", BILLABLE),
                ],
                ["contract_id"],
                ["cost:sum"],
            )
        )
        for contract, cost in groups:
            costs[contract.id] = costs.get(contract.id, 0.0) + cost
        return costs
