from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import contract_periods as periods


class ContractLine(models.Model):
    """Periods of customer lines come from the kernel, one place for all who ask."""

    _inherit = "contract.line"

    price_step_ids = fields.One2many(
        "service.contract.price", "line_id", string="Price changes"
    )

    def _is_billed_by_kernel(self):
        return self.contract_id.contract_type == "sale" and not self.display_type

    def _get_rhythm(self):
        self.ensure_one()
        return periods.Rhythm(
            self.recurring_rule_type,
            max(self.recurring_interval, 1),
            self.recurring_invoicing_type == "pre-paid",
            self.recurring_invoicing_offset,
        )

    def _get_term(self):
        """Return all that fixes the periods of this line, for the kernel."""
        self.ensure_one()
        contract = self.contract_id
        return periods.Term(
            self.date_start,
            self.date_end or None,
            self._get_rhythm(),
            contract.billing_anchor_date or None,
            contract._get_suspensions(),
            self.price_step_ids.mapped("date"),
        )

    def _get_next_period(self):
        """Return the next piece to bill, or None."""
        self.ensure_one()
        if not self.date_start or self.is_canceled:
            return None
        return periods.next_period(self._get_term(), self.last_date_invoiced or None)

    def _get_due_periods(self, date_ref):
        self.ensure_one()
        if self.is_canceled or not self.date_start:
            return []
        return periods.due_periods(
            self._get_term(), self.last_date_invoiced or None, date_ref
        )

    def _get_coming_bills(self, billed_until, until):
        """[(invoice date, untaxed amount)] to come until a day, in its currency.

        :param billed_until: last day that is billed already, None if there is none
        """
        self.ensure_one()
        if self.display_type or self.is_canceled or not self.date_start:
            return []
        rate = self.quantity * (1 - self.discount / 100)
        return [
            (p.invoice_date, rate * self._get_price_at(p.start) * float(p.share))
            for p in periods.due_periods(self._get_term(), billed_until, until)
            if p.share
        ]

    def _get_price_at(self, day):
        """Return the unit price of ``day``: back periods keep the old price."""
        self.ensure_one()
        steps = [
            periods.PriceStep(s.date, s.old_price, s.new_price, s.applied)
            for s in self.price_step_ids
        ]
        return periods.price_at(day, self.price_unit, steps)

    @api.depends(
        "is_canceled",
        "last_date_invoiced",
        "contract_id.contract_type",
        "contract_id.billing_anchor_date",
        "contract_id.suspension_ids.date_from",
        "contract_id.suspension_ids.date_to",
    )
    def _compute_recurring_next_date(self):
        ours = self.filtered(lambda line: line._is_billed_by_kernel())
        for line in ours:
            period = line._get_next_period()
            line.recurring_next_date = period.invoice_date if period else False
        return super(ContractLine, self - ours)._compute_recurring_next_date()

    @api.depends("recurring_next_date", "contract_id.contract_type")
    def _compute_next_period_date_end(self):
        ours = self.filtered(lambda line: line._is_billed_by_kernel())
        for line in ours:
            period = line._get_next_period()
            line.next_period_date_end = period.end if period else False
        return super(ContractLine, self - ours)._compute_next_period_date_end()

    @api.constrains("recurring_next_date")
    def _check_recurring_next_date_recurring_invoices(self):
        """Customer lines may have no next date: suspended, or waiting for the end."""
        rest = self.filtered(lambda line: not line._is_billed_by_kernel())
        return super(ContractLine, rest)._check_recurring_next_date_recurring_invoices()

    def _get_period_to_invoice(
        self, last_date_invoiced, recurring_next_date, stop_at_date_end=True
    ):
        period = self.env.context.get("service_period")
        if period:
            return period
        return super()._get_period_to_invoice(
            last_date_invoiced, recurring_next_date, stop_at_date_end
        )

    def _insert_markers(self, first_date_invoiced, last_date_invoiced):
        if "#" not in self.name:
            return self.name  # the base reads the language for each line
        return super()._insert_markers(first_date_invoiced, last_date_invoiced)

    def _prepare_period_line(self, period, sign=1):
        """Return the values of the invoice line that bills ``period``."""
        self.ensure_one()
        dates = (period.start, period.end, period.invoice_date)
        vals = self.with_context(service_period=dates)._prepare_invoice_line()
        if not vals:
            return vals
        digits = self.env["decimal.precision"].precision_get
        quantity, price = periods.prorate(
            vals["quantity"],
            self._get_price_at(period.start),
            period.share,
            digits("Product Unit"),
            digits("Product Price"),
        )
        vals.update(
            quantity=quantity * sign,
            price_unit=price,
            service_period_start=period.start,
            service_period_end=period.end,
        )
        if period.share != 1:
            vals["name"] = self._get_part_name(vals["name"], period)
        return vals

    def _get_part_name(self, name, period):
        lang = self.contract_id.partner_id.lang
        return self.env._(
            "%(line)s (%(start)s - %(end)s)",
            line=name,
            start=format_date(self.env, period.start, lang_code=lang),
            end=format_date(self.env, period.end, lang_code=lang),
        )

    def _is_running(self, day):
        """Return whether the line is within its dates on ``day``."""
        self.ensure_one()
        return bool(
            not self.display_type
            and not self.is_canceled
            and self.date_start
            and self.date_start <= day
            and (not self.date_end or self.date_end >= day)
        )

    def _prepare_value_for_stop(self, date_end, manual_renew_needed):
        """Leave the next date to the kernel: the base knows no suspension."""
        vals = super()._prepare_value_for_stop(date_end, manual_renew_needed)
        if self._is_billed_by_kernel():
            vals.pop("recurring_next_date")
        return vals

    def _is_open_after(self, day):
        """Return whether the line has days to be billed on or after ``day``."""
        self.ensure_one()
        return bool(
            not self.display_type
            and not self.is_canceled
            and self.date_start
            and self.contract_id.state in ("draft", "active", "suspended")
            and (
                not self.date_end
                or self.date_end >= max(filter(None, [day, self.last_date_invoiced]))
            )
        )
