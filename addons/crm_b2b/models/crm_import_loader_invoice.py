from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.crm_import_match import is_unpaid, payment_date


class CrmImportLoader(models.AbstractModel):
    # one file for each step
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "crm.import.loader"

    @api.model
    def _create_invoices(self, job, rows, orders):
        Move = self.env["account.move"].with_context(default_move_type="out_invoice")
        invoices = Move.create(
            [
                self._prepare_invoice(job, row, order)
                for row, order in zip(rows, orders, strict=True)
            ]
        )
        invoices._post(soft=False)
        return invoices

    @api.model
    def _prepare_invoice(self, job, row, order):
        days = job.profile.options["invoice_after_days"]
        return {
            **order._prepare_invoice(),
            "invoice_date": fields.Date.add(row.values["close_date"], days=days),
            "invoice_line_ids": [
                Command.create(
                    line._prepare_invoice_line(quantity=line.product_uom_qty)
                )
                for line in order.order_line
            ],
        }

    @api.model
    def _get_payment_term(self, profile):
        name = profile.options["payment_term"]
        if not name:
            return self.env["account.payment.term"]
        term = (
            self.env.ref(name, raise_if_not_found=False)
            if "." in name
            else self.env["account.payment.term"].search([("name", "=", name)], limit=1)
        )
        if not term:
            raise UserError(
                self.env._(
                    "The profile names the payment term %(term)s, which does not "
                    "exist. Create it or name another one in the profile.",
                    term=name,
                )
            )
        return term

    @api.model
    def _pay_invoices(self, job, rows, invoices):
        """Pay each invoice but the seeded share; what falls due later stays open."""
        today = fields.Date.context_today(self)
        options = job.profile.options
        dates = {}
        for row, invoice in zip(rows, invoices, strict=True):
            day = payment_date(
                options["seed"],
                row.key,
                invoice.invoice_date_due,
                options["payment_delay_days"],
            )
            day = max(day, invoice.invoice_date)
            open_share = is_unpaid(options["seed"], row.key, options["unpaid_share"])
            if invoice.amount_residual and not open_share and day <= today:
                dates[invoice] = day
        if not dates:
            return self.env["account.payment"]
        return self._create_payments(job, dates)

    @api.model
    def _create_payments(self, job, dates):
        """Create, post and reconcile one payment for each {invoice: date}."""
        Payment = self.env["account.payment"]
        defaults = job.cache["payment"]
        receivables = [
            invoice.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            for invoice in dates
        ]
        payments = Payment.create(
            [
                {
                    **defaults,
                    "partner_id": invoice.commercial_partner_id.id,
                    "amount": invoice.amount_residual,
                    "currency_id": invoice.currency_id.id,
                    "date": day,
                    "memo": invoice.name,
                    "destination_account_id": lines.account_id[:1].id,
                }
                for (invoice, day), lines in zip(
                    dates.items(), receivables, strict=True
                )
            ]
        )
        payments.action_post()
        self.env["account.move.line"]._reconcile_plan(
            [
                lines
                + payment.move_id.line_ids.filtered(
                    lambda line, account=payment.destination_account_id: (
                        line.account_id == account
                    )
                )
                for payment, lines in zip(payments, receivables, strict=True)
            ]
        )
        return payments

    @api.model
    def _get_payment_defaults(self):
        """Return journal, method and account of the payments."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)],
            limit=1,
        )
        method = journal.inbound_payment_method_line_ids[:1]
        if not method:
            raise UserError(
                self.env._(
                    "The company %(company)s has no bank journal for payments. "
                    "Create one, or set documents: invoice in the profile.",
                    company=self.env.company.name,
                )
            )
        payment = self.env["account.payment"].new(
            {"journal_id": journal.id, "payment_type": "inbound"}
        )
        account = method.payment_account_id or payment._get_outstanding_account(
            "inbound"
        )
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "journal_id": journal.id,
            "payment_method_line_id": method.id,
            "outstanding_account_id": account.id,
        }
