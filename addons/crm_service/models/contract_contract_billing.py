import logging

from markupsafe import Markup
from psycopg2.errors import OperationalError

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)
#: Contracts billed in one transaction: large enough for bulk writes, small enough to
#: keep locks short and memory flat.
CHUNK = 100
BILLABLE_STATES = ("active", "suspended")


class ContractContract(models.Model):
    """Billing of customer contracts: in chunks, exactly once, one bad one alone."""

    _inherit = "contract.contract"

    # -- which ------------------------------------------------------------------

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        domain = super()._get_contracts_to_invoice_domain(date_ref)
        purchase = Domain("contract_type", "=", "purchase")
        if self.env.context.get("service_purchase_only"):
            return domain & purchase
        return domain & (purchase | Domain("state", "in", BILLABLE_STATES))

    @api.model
    def _get_due_domain(self, date_ref):
        return (
            self._get_contracts_to_invoice_domain(date_ref)
            & Domain("contract_type", "=", "sale")
            & Domain("generation_type", "=", "invoice")
        )

    # -- the cron ---------------------------------------------------------------

    @api.model
    def _cron_recurring_create(self, date_ref=False, create_type="invoice"):
        """Bill customer contracts here; the base bills the supplier contracts."""
        if create_type != "invoice":
            return super()._cron_recurring_create(date_ref, create_type)
        self._bill_due(date_ref or Date.context_today(self))
        others = self.with_context(service_purchase_only=True)
        return super(ContractContract, others)._cron_recurring_create(
            date_ref, create_type
        )

    @api.model
    def _bill_due(self, date_ref):
        """Bill all that is due, a transaction per chunk.

        Two workers share the work: each skips the rows the other has locked, and looks
        again at what is due after it has got its own.
        """
        due = self.search(self._get_due_domain(date_ref), order="company_id, id")
        ids, commit = due.ids, self.env["ir.cron"]._commit_progress
        commit(remaining=len(ids))
        for chunk in split_every(CHUNK, ids):
            self._bill_chunk(chunk, date_ref)
            left = commit(len(chunk))
            self.env.invalidate_all()
            if not left:
                break

    @api.model
    def _bill_chunk(self, ids, date_ref):
        """Bill the contracts ``ids`` that are still due and not locked by another."""
        try:
            with self.env.cr.savepoint():
                self.env.invalidate_all()
                locked = self.browse(ids).try_lock_for_update(allow_referencing=True)
                due = locked.filtered_domain(self._get_due_domain(date_ref))
        except OperationalError:
            # Another worker has just billed some of them: the next run sees it.
            _logger.info("Contracts %s are being billed elsewhere", ids)
            return
        for company, contracts in due.grouped("company_id").items():
            contracts.with_company(company)._bill_locked(date_ref)

    def _bill_locked(self, date_ref):
        """Bill these contracts at once; if that fails, one by one."""
        try:
            with self.env.cr.savepoint():
                self._create_due_invoices(date_ref)
                self._clear_invoice_generation_error()
        except OperationalError:
            raise
        except Exception as error:  # any bad contract: find it, bill the others
            if len(self) > 1:
                for contract in self:
                    contract._bill_locked(date_ref)
            else:
                self._record_invoice_generation_error(error, "invoice")

    # -- the documents ----------------------------------------------------------

    def _recurring_create_invoice(self, date_ref=False):
        """Bill now (button, wizard): what is due, else the next period."""
        sale = self.filtered(lambda contract: contract.contract_type == "sale")
        moves = self.env["account.move"]
        if self - sale:
            moves = super(ContractContract, self - sale)._recurring_create_invoice(
                date_ref
            )
        if sale:
            sale.lock_for_update(allow_referencing=True)
            moves |= sale._create_due_invoices(date_ref)
        return moves

    def _create_due_invoices(self, date_ref=False):
        """Create (and post, if the company says so) the invoices due; return them."""
        prepared, ends = [], {}
        for contract in self.filtered(lambda c: c.state in BILLABLE_STATES):
            prepared += contract._prepare_due_invoices(date_ref, ends)
        moves = (
            self.env["account.move"]
            .with_context(mail_create_nolog=True)
            .create([vals for _contract, vals in prepared])
        )
        for end, line_ids in ends.items():
            self.env["contract.line"].browse(line_ids).last_date_invoiced = end
        self._log_due_invoices(
            list(zip((contract for contract, _vals in prepared), moves, strict=True))
        )
        moves._post_contract_invoices()
        return moves.with_env(self.env)

    def _prepare_due_invoices(self, date_ref, ends):
        """Return [(contract, values)], an invoice for each due date.

        ``ends`` ({last day: line ids}) takes up to when the lines are billed then.
        """
        self.ensure_one()
        date_ref = date_ref or self.recurring_next_date
        if not date_ref:
            return []
        due = {}  # invoice date -> {line: its pieces}
        for line in self.contract_line_ids:
            if line.display_type:
                continue
            pieces = line._get_due_periods(date_ref)
            if pieces:
                ends.setdefault(pieces[-1].end, []).append(line.id)
            for piece in pieces:
                if piece.share:
                    by_line = due.setdefault(piece.invoice_date, {})
                    by_line.setdefault(line, []).append(piece)
        return [
            (self, self._prepare_period_invoice(date_ref, by_line))
            for _invoice_date, by_line in sorted(due.items())
        ]

    def _prepare_period_invoice(self, date_ref, by_line):
        vals = self._prepare_invoice(date_ref)
        vals["invoice_line_ids"] = [
            Command.create(line_vals)
            for line in self._get_lines_with_texts(by_line)
            for line_vals in self._prepare_period_lines(line, by_line.get(line))
            if line_vals
        ]
        return vals

    @api.model
    def _prepare_period_lines(self, line, pieces):
        vals_list = (
            [line._prepare_period_line(piece) for piece in pieces]
            if pieces
            else [line._prepare_invoice_line()]
        )
        for vals in vals_list:
            vals.pop("company_id", None)
            vals.pop("company_currency_id", None)
        return vals_list

    def _get_lines_with_texts(self, billed):
        """Return the lines in ``billed`` with the sections and notes that go along."""
        section = note = previous = self.env["contract.line"]
        result = self.env["contract.line"]
        for line in self.contract_line_ids.sorted():
            if line.display_type == "line_section":
                section, note = line, self.env["contract.line"]
            elif line.display_type == "line_note":
                if line.note_invoicing_mode == "with_next_line":
                    note = line
                elif previous in result:
                    result |= line
            elif line in billed:
                result |= section | note | line
                section = note = self.env["contract.line"]
            previous = line
        return result

    @api.model
    def _log_due_invoices(self, pairs):
        """Say on each invoice where it comes from, and tell who follows invoices."""
        if not pairs:
            return
        moves = self.env["account.move"].concat(*(move for _contract, move in pairs))
        moves._message_log_batch(
            bodies={
                move.id: self.env._(
                    "Invoice created by contract %(contract)s.",
                    contract=Markup("%s") % contract._get_html_link(),
                )
                for contract, move in pairs
            }
        )
        subtype = self.env.ref("contract.mail_message_subtype_invoice_created")
        for contract, move in pairs:
            followers = contract.message_follower_ids.filtered(
                lambda follower: subtype in follower.subtype_ids
            )
            if followers:
                move.message_subscribe(partner_ids=followers.partner_id.ids)

    def _record_invoice_generation_error(self, exc, create_type):
        """Keep a planned failure (a sentence for the user) out of the error log."""
        if not isinstance(exc, UserError):
            return super()._record_invoice_generation_error(exc, create_type)
        self.invoice_generation_error = str(exc)
        self.invoice_generation_error_date = self.env.cr.now()
        summary = self.env._("Recurring invoice failed")
        if not self.activity_ids.filtered(lambda a: a.summary == summary):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=str(exc),
                user_id=(self.user_id or self.env.user).id,
            )
        return None
