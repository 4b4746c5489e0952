from odoo import Command, api, models

BATCH = 100


class CrmDemoCompany(models.AbstractModel):
    _inherit = "crm.demo.company"

    @api.model
    def _build_invoices(self, plan, refs):
        """Invoices of what was delivered, created and posted in the order of dates."""
        orders = [item for item in plan.orders if item.invoiced]
        orders.sort(key=lambda item: (item.invoiced, item.key))
        for start in range(0, len(orders), BATCH):
            batch = orders[start : start + BATCH]
            keys, values = [], []
            for order in batch:
                sale = self.env["sale.order"].browse(refs[f"order_{order.key}"])
                prepared = self._prepare_invoice(sale, order)
                if prepared["invoice_line_ids"]:
                    keys.append(f"invoice_{order.key}")
                    values.append(prepared)
            moves = self.env["account.move"].create(values)
            moves._post(soft=False)
            refs.update(zip(keys, moves.ids, strict=True))

    @api.model
    def _prepare_invoice(self, sale, order):
        lines = [
            Command.create(line._prepare_invoice_line(quantity=line.qty_to_invoice))
            for line in sale.order_line
            if line.qty_to_invoice
        ]
        return sale._prepare_invoice() | {
            "invoice_date": order.invoiced,
            "date": order.invoiced,
            "invoice_line_ids": lines,
        }

    @api.model
    def _build_refunds(self, plan, refs):
        """Credit notes for complaints, set against their invoice at once."""
        orders = [
            item
            for item in plan.orders
            if item.refund and f"invoice_{item.key}" in refs
        ]
        orders.sort(key=lambda item: (item.refund[0], item.key))
        values = [
            self._prepare_refund(
                self.env["account.move"].browse(refs[f"invoice_{order.key}"]),
                *order.refund,
            )
            for order in orders
        ]
        refunds = self.env["account.move"].create(values)
        refunds._post(soft=False)
        self._reconcile(
            [(refund.reversed_entry_id, refund) for refund in refunds]
        )

    @api.model
    def _prepare_refund(self, invoice, day, share):
        """A price allowance on the first line: the goods stay with the customer."""
        line = invoice.invoice_line_ids[0]
        return {
            "move_type": "out_refund",
            "partner_id": invoice.partner_id.id,
            "currency_id": invoice.currency_id.id,
            "journal_id": invoice.journal_id.id,
            "invoice_user_id": invoice.invoice_user_id.id,
            "team_id": invoice.team_id.id,
            "reversed_entry_id": invoice.id,
            "invoice_origin": invoice.invoice_origin,
            "ref": f"Complaint on {invoice.name}",
            "invoice_date": day,
            "date": day,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": line.name,
                        "product_uom_id": line.product_uom_id.id,
                        "quantity": round(line.quantity * share, 2),
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
            ],
        }

    @api.model
    def _build_payments(self, plan, refs):
        """Receipts through the bank journal, reconciled with their invoices."""
        rounds = {}
        for order in plan.orders:
            key = f"invoice_{order.key}"
            for number, (day, share) in enumerate(order.payments):
                if key in refs:
                    rounds.setdefault(number, []).append((day, order.key, key, share))
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        method = journal.inbound_payment_method_line_ids[:1]
        for number in sorted(rounds):
            due = sorted(rounds[number])
            for start in range(0, len(due), BATCH):
                self._pay(due[start : start + BATCH], journal, method, refs)

    @api.model
    def _pay(self, due, journal, method, refs):
        values, invoices = [], []
        for day, _order, key, share in due:
            invoice = self.env["account.move"].browse(refs[key])
            amount = invoice.currency_id.round(invoice.amount_residual * share)
            if amount <= 0:
                continue
            invoices.append(invoice)
            values.append(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": invoice.commercial_partner_id.id,
                    "amount": amount,
                    "currency_id": invoice.currency_id.id,
                    "date": day,
                    "journal_id": journal.id,
                    "payment_method_line_id": method.id,
                    "memo": invoice.name,
                }
            )
        payments = self.env["account.payment"].create(values)
        payments.action_post()
        for payment, invoice in zip(payments, invoices, strict=True):
            payment.invoice_ids = [Command.link(invoice.id)]
        self._reconcile(
            [
                (invoice, payment.move_id)
                for payment, invoice in zip(payments, invoices, strict=True)
            ]
        )

    @api.model
    def _reconcile(self, pairs):
        """Reconcile the open receivable lines of each pair of moves, all at once."""
        plan = []
        for first, second in pairs:
            lines = (first | second).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
            if len(lines.move_id) == 2:
                plan.append(lines)
        self.env["account.move.line"]._reconcile_plan(plan)
