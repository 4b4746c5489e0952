from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import entitlement as kernel
from ..tools.contract_periods import Rhythm


class ServiceEntitlement(models.Model):
    """The ledger: what is granted, expires, is used and given back."""

    _inherit = "service.entitlement"

    # -- grants -------------------------------------------------------------------

    def _has_ledger(self):
        return not self.unlimited and self.kind != "discount"

    def _grant_due(self, today=None):
        """Expire what is over and grant what has begun, up to ``today``."""
        today = today or fields.Date.context_today(self)
        self._lock()
        vals_list = []
        for entitlement in self:
            if entitlement.contract_id.state in ("active", "suspended", "ended"):
                vals_list += entitlement._prepare_due_moves(today)
        return self.env["service.entitlement.move"].create(vals_list)

    def _prepare_due_moves(self, today):
        self.ensure_one()
        if not self._has_ledger() or not self.date_start:
            return []
        grants = kernel.due_grants(
            self.date_start,
            self.date_end or None,
            Rhythm(self.unit, self.interval),
            self.quantity,
            self.period_end or None,
            today,
        )
        postings = kernel.roll(
            self.remaining,
            self.period_end or None,
            grants,
            self.carry,
            self.carry_limit,
        )
        if self.date_end and self.date_end < today:
            left = kernel.balance([self.remaining, *(p.quantity for p in postings)])
            if left > kernel.EPSILON:
                postings.append(
                    kernel.Posting("expire", self.date_end, -left, self.date_end)
                )
        return [
            {
                "entitlement_id": self.id,
                "kind": posting.kind,
                "date": posting.day,
                "quantity": posting.quantity,
                "period_end": posting.period_end,
            }
            for posting in postings
        ]

    @api.model
    def _get_to_grant_domain(self, today):
        """Entitlements with a period to begin, or a rest to expire."""
        return (
            Domain("unlimited", "=", False)
            & Domain("kind", "!=", "discount")
            & Domain("contract_id.state", "in", ("active", "suspended", "ended"))
            & (
                Domain("period_end", "=", False)
                | Domain("period_end", "<", today)
                | (Domain("date_end", "<", today) & Domain("remaining", ">", 0))
            )
            & (
                Domain("date_end", "=", False)
                | Domain("date_end", ">=", today)
                | Domain("remaining", ">", 0)
                | Domain("period_end", "=", False)
            )
        )

    @api.model
    def _cron_grant(self):
        """Daily: grant and expire, a transaction for each chunk."""
        today = fields.Date.context_today(self)
        due = self.search(self._get_to_grant_domain(today))
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(due))
        for chunk in [due[i : i + 500] for i in range(0, len(due), 500)]:
            chunk._grant_due(today)
            if not commit(len(chunk)):
                break

    # -- use ----------------------------------------------------------------------

    def _lock(self):
        """Wait for the rows: who comes second reads what the first has left.

        After the wait the database reports a serialization failure if the first one
        booked; the request is then repeated by itself and sees the new remainder.
        """
        if self.ids:
            self.flush_recordset()
            self.env.execute_query(
                SQL(
                    "SELECT id FROM service_entitlement WHERE id IN %s "
                    "ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["remaining", "period_end"])

    def _consume(self, quantity, origin=None, note=None, date=None):
        """Take ``quantity`` (> 0); refuse with a sentence if less is left.

        ``origin`` is the record it was used for. Returns the ledger move.
        """
        self.ensure_one()
        if quantity <= 0:
            raise ValueError("A consumption is positive.")
        date = date or fields.Date.context_today(self)
        self._lock()
        self._check_usable(date)
        if not self.unlimited and not kernel.is_enough(self.remaining, quantity):
            raise UserError(
                self.env._(
                    "%(entitlement)s: %(left)g left, %(wanted)g needed. "
                    "The rest has to be charged.",
                    entitlement=self.display_name,
                    left=self.remaining,
                    wanted=quantity,
                )
            )
        return self._post_move("consume", -quantity, origin, note, date)

    def _consume_up_to(self, quantity, origin=None, note=None, date=None):
        """Take what is there of ``quantity``; return (covered, billable)."""
        self.ensure_one()
        self._lock()
        left = quantity if self.unlimited else self.remaining
        covered, billable = kernel.split(left, quantity)
        if covered:
            self._consume(covered, origin, note, date)
        return covered, billable

    def _return(self, quantity, origin=None, note=None, date=None):
        """Give back ``quantity`` (> 0) that had been taken."""
        self.ensure_one()
        if quantity <= 0:
            raise ValueError("A return is positive.")
        self._lock()
        date = date or fields.Date.context_today(self)
        return self._post_move("return", quantity, origin, note, date)

    def _check_usable(self, date):
        contract = self.contract_id
        ended = self.date_end and self.date_end < date
        if contract._service_is_suspended(date) or contract.state == "suspended":
            reason = self.env._("it is suspended")
        elif contract.state not in ("active", "ended") or date < self.date_start:
            reason = self.env._("it does not run yet, or was cancelled")
        elif ended:
            reason = self.env._("it has ended")
        else:
            return
        raise UserError(
            self.env._(
                "Nothing can be taken from the contract %(contract)s: %(reason)s.",
                contract=contract.display_name,
                reason=reason,
            )
        )

    def _post_move(self, kind, quantity, origin, note, date):
        # the agent books through this method only: he has no right on the ledger
        return (
            self.env["service.entitlement.move"]
            .sudo()
            .create(
                {
                    "entitlement_id": self.id,
                    "kind": kind,
                    "quantity": quantity,
                    "date": date,
                    "period_end": self.period_end or self.date_end or date,
                    "res_model": origin._name if origin else False,
                    "res_id": origin.id if origin else False,
                    "note": note,
                }
            )
            .sudo(False)
        )
