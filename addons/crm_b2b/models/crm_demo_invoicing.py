from datetime import timedelta

from odoo import Command, api, models

BATCH = 100


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

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
        self._reconcile([(refund.reversed_entry_id, refund) for refund in refunds])

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
        """Receipts, reconciled with their invoices.

        Those of the last year are payments of their own. Older ones were booked as the
        bank reported them: one journal entry for each weekly run, several times cheaper
        to build and alike for every figure that reads reconciliations.
        """
        collective, rounds = {}, {}
        year_ago = plan.today - timedelta(days=365)
        for order in plan.orders:
            key = f"invoice_{order.key}"
            if key not in refs:
                continue
            for number, (day, share) in enumerate(order.payments):
                simple = share == 1 and not number and not order.refund
                if simple and day < year_ago:
                    collective.setdefault(day, []).append(key)
                else:
                    rounds.setdefault(number, []).append((day, key, share))
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        self._book_runs(collective, journal, refs)
        method = journal.inbound_payment_method_line_ids[:1]
        for number in sorted(rounds):
            due = sorted(rounds[number])
            for start in range(0, len(due), BATCH):
                self._pay(due[start : start + BATCH], journal, method, refs)

    @api.model
    def _book_runs(self, runs, journal, refs):
        """Book the receipts of ``runs`` {day: keys of invoices} and reconcile them."""
        Move = self.env["account.move"]
        days = sorted(runs)
        invoices = [Move.browse([refs[key] for key in runs[day]]) for day in days]
        entries = Move.create(
            [
                self._prepare_run(day, batch, journal)
                for day, batch in zip(days, invoices, strict=True)
            ]
        )
        entries._post(soft=False)
        plan = []
        for entry, batch in zip(entries, invoices, strict=True):
            receipts = entry.line_ids.filtered("partner_id")
            for invoice, receipt in zip(batch, receipts, strict=True):
                plan.append(self._get_open_lines(invoice) | receipt)
        self.env["account.move.line"]._reconcile_plan(plan)

    @api.model
    def _prepare_run(self, day, invoices, journal):
        company = self.env.company
        lines, total = [], 0.0
        for sequence, invoice in enumerate(invoices):
            open_lines = self._get_open_lines(invoice)
            amount = sum(open_lines.mapped("amount_residual_currency"))
            currency = invoice.currency_id
            balance = currency._convert(amount, company.currency_id, company, day)
            total += balance
            lines.append(
                {
                    "sequence": sequence,
                    "name": invoice.name,
                    "partner_id": invoice.commercial_partner_id.id,
                    "account_id": open_lines[:1].account_id.id,
                    "currency_id": currency.id,
                    "amount_currency": -amount,
                    "balance": -balance,
                }
            )
        lines.append(
            {
                "sequence": len(lines),
                "name": "Bank receipts",
                "account_id": journal.default_account_id.id,
                "balance": total,
            }
        )
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": day,
            "ref": "Weekly bank receipts",
            "line_ids": [Command.create(values) for values in lines],
        }

    @api.model
    def _pay(self, due, journal, method, refs):
        values, invoices = [], []
        for day, key, share in due:
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
                    "invoice_ids": [Command.link(invoice.id)],
                }
            )
        payments = self.env["account.payment"].create(values)
        payments.action_post()
        self._reconcile(
            [
                (invoice, payment.move_id)
                for payment, invoice in zip(payments, invoices, strict=True)
            ]
        )

    @api.model
    def _reconcile(self, pairs):
        """Reconcile the open receivable lines of each pair of moves, all at once."""
        plan = [self._get_open_lines(first | second) for first, second in pairs]
        self.env["account.move.line"]._reconcile_plan(
            [lines for lines in plan if len(lines.move_id) == 2]
        )

    @api.model
    def _get_open_lines(self, moves):
        return moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
