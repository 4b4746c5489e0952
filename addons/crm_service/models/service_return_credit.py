"""Finance's part of a return: credit notes by core reversal, at the price invoiced."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import returns as kernel


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_return_line_id = fields.Many2one(
        "service.return.line", "Credits return", copy=False, index="btree_not_null"
    )
    credited_line_id = fields.Many2one(
        "account.move.line",
        "Credits line",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The invoice line that this line of a credit note gives back.",
    )
    credited_by_ids = fields.One2many(
        "account.move.line", "credited_line_id", "Credited by"
    )

    def _copy_data_extend_business_fields(self, values):
        """A reversal knows line by line what it reverses."""
        result = super()._copy_data_extend_business_fields(values)
        values["credited_line_id"] = self.id
        return result

    def _get_uncredited(self, uom):
        """Return the quantity of an invoice line that no credit note gives back yet."""
        self.ensure_one()
        credited = self.credited_by_ids.filtered(
            lambda line: (
                line.move_id.move_type == "out_refund" and line.parent_state != "cancel"
            )
        )
        unit = self.product_uom_id or uom
        total = self.quantity - sum(
            (line.product_uom_id or unit)._compute_quantity(line.quantity, unit)
            for line in credited
        )
        return max(0.0, unit._compute_quantity(total, uom))


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "service.return.origin"]
    _return_lines_path = "invoice_line_ids.service_return_line_id"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        # the return follows finance, whose people need no right to write returns
        refunds = posted.sudo().filtered(lambda move: move.move_type == "out_refund")
        refunds.invoice_line_ids.service_return_line_id.return_id._refresh_state()
        return posted


class ServiceReturnLine(models.Model):
    _inherit = "service.return.line"

    def _count_as_returned(self):
        """The order counts credited goods as not delivered, others as delivered."""
        moves = self.move_ids.filtered(lambda m: m.service_return_role == "receipt")
        moves.to_refund = True
        sale_lines = moves.sale_line_id
        self.env.add_to_compute(sale_lines._fields["qty_delivered"], sale_lines)

    def _get_invoice_lines(self):
        """Return the posted invoice lines of the order line, oldest first."""
        return self.sale_line_id.invoice_lines.filtered(
            lambda line: (
                line.move_id.move_type == "out_invoice"
                and line.parent_state == "posted"
                and line.product_id == self.product_id
                and line.company_id == self.company_id
            )
        ).sorted(lambda line: (line.move_id.invoice_date, line.id))

    def _get_credit_shares(self):
        """Return {invoice line: quantity to credit}, never more than invoiced."""
        self.ensure_one()
        lines = self._get_invoice_lines()
        quantity = self._get_quantity()
        try:
            shares = kernel.allocate(
                quantity,
                [
                    kernel.InvoiceRest(line.id, line._get_uncredited(self.uom_id))
                    for line in lines
                ],
            )
        except kernel.NotEnough as problem:
            raise UserError(
                self.env._(
                    "%(wanted)g of %(product)s are to be credited, %(left)g are "
                    "invoiced and not credited yet. Wait for the invoice, or settle it "
                    "in another way.",
                    wanted=quantity,
                    product=self.display_name,
                    left=problem.left,
                )
            ) from problem
        return {lines.browse(share.key): share.quantity for share in shares}

    def _create_credit_notes(self):
        """Make one draft credit note for each invoice and return."""
        refunds = self.env["account.move"]
        for case, lines in self.grouped("return_id").items():
            wanted = {}
            for line in lines:
                # flushed one by one: two lines may credit the same invoice line
                for invoice_line, quantity in line._get_credit_shares().items():
                    shares = wanted.setdefault(invoice_line.move_id, [])
                    shares.append((invoice_line, line, quantity))
            lines._check_credit_twice(wanted)
            for invoice, shares in wanted.items():
                refunds |= case._credit_invoice(invoice, shares)
        return refunds

    def _check_credit_twice(self, wanted):
        """Lines of one return share what is left of an invoice line."""
        totals = {}
        for shares in wanted.values():
            for invoice_line, line, quantity in shares:
                total = totals.get(invoice_line, 0.0) + quantity
                left = invoice_line._get_uncredited(line.uom_id)
                if line.uom_id.compare(total, left) > 0:
                    raise UserError(
                        self.env._(
                            "%(invoice)s has only %(left)g of %(product)s left to "
                            "credit.",
                            invoice=invoice_line.move_id.name,
                            left=left,
                            product=line.product_id.display_name,
                        )
                    )
                totals[invoice_line] = total


class ServiceReturn(models.Model):
    _inherit = "service.return"

    def _credit_invoice(self, invoice, shares):
        """Reverse ``invoice`` with core's own wizard and keep only these quantities.

        :param shares: list of (invoice line, return line, quantity)
        """
        self._lock_invoice(invoice)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": self.name, "journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        refund = wizard.new_move_ids
        copies = {line.credited_line_id: line for line in refund.invoice_line_ids}
        commands, used = [], self.env["account.move.line"]
        for invoice_line, line, quantity in shares:
            copy = copies[invoice_line]
            unit = invoice_line.product_uom_id or line.uom_id
            values = {
                "quantity": line.uom_id._compute_quantity(quantity, unit),
                "service_return_line_id": line.id,
                "credited_line_id": invoice_line.id,
            }
            if not line._lowers_invoiced():
                values["sale_line_ids"] = [Command.clear()]
            if copy in used:
                [data] = copy.copy_data()
                commands.append(Command.create(data | values))
            else:
                commands.append(Command.update(copy.id, values))
                used |= copy
        commands += [Command.delete(line.id) for line in refund.invoice_line_ids - used]
        refund.write({"invoice_line_ids": commands})
        refund.invoice_origin = ", ".join(
            filter(None, [refund.invoice_origin, self.name])
        )
        return refund

    def _lock_invoice(self, invoice):
        """Two returns that credit the same invoice come one after the other."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET write_date = write_date WHERE id = %s",
            [invoice.id],
        )


class ServiceReturnLineInvoiced(models.Model):
    _inherit = "service.return.line"

    def _lowers_invoiced(self):
        """Tell whether the credit note counts on the order.

        It does where the order invoices what was delivered and the delivered quantity
        went down with the goods. Elsewhere the order would ask to invoice it again.
        """
        self.ensure_one()
        return (
            not self.return_id.no_receipt
            and self.product_id.invoice_policy == "delivery"
        )
