from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import contract_periods as periods


class ContractContract(models.Model):
    """Renewal: one opportunity per term; its won quotation extends the contract."""

    _inherit = "contract.contract"

    renewal_lead_ids = fields.One2many(
        "crm.lead", "renewal_contract_id", string="Renewal opportunities"
    )
    renewal_lead_count = fields.Integer(compute="_compute_renewal_lead_count")

    @api.depends("renewal_lead_ids")
    def _compute_renewal_lead_count(self):
        for contract in self:
            contract.renewal_lead_count = len(contract.renewal_lead_ids)

    @api.model
    def _get_to_renew_domain(self, today):
        """Contracts in their notice time that do not renew by themselves."""
        return (
            Domain("contract_type", "=", "sale")
            & Domain("state", "in", ("active", "suspended"))
            & Domain("is_terminated", "=", False)
            & Domain("notice_date", "<=", today)
            & Domain("date_end", ">=", today)
            & ~Domain("contract_line_ids.is_auto_renew", "=", True)
        )

    @api.model
    def _open_renewals(self, today):
        """Open the missing renewal opportunities of all contracts in notice time."""
        contracts = self.search(self._get_to_renew_domain(today))
        contracts = contracts.try_lock_for_update(allow_referencing=True)
        return contracts._create_renewal_leads()

    def _create_renewal_leads(self):
        """Create the opportunity of the current term where there is none yet."""
        # a lead of another team may be hidden, and still counts
        leads = self.sudo().renewal_lead_ids
        known = {(lead.renewal_contract_id.id, lead.renewal_date_end) for lead in leads}
        return self.env["crm.lead"].create(
            [
                contract._prepare_renewal_lead()
                for contract in self
                if (contract.id, contract.date_end) not in known
            ]
        )

    def _prepare_renewal_lead(self):
        self.ensure_one()
        return {
            "type": "opportunity",
            "name": self.env._(
                "Renewal of %(contract)s", contract=self.code or self.name
            ),
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "expected_revenue": self.currency_id._convert(
                self.arr,
                self.company_id.currency_id,
                self.company_id,
                fields.Date.context_today(self),
            ),
            "date_deadline": self.date_end,
            "renewal_contract_id": self.id,
            "renewal_date_end": self.date_end,
        }

    def action_open_renewal(self):
        """Open the renewal opportunity of this term, making it if need be."""
        self.ensure_one()
        if not self.date_end:
            raise UserError(
                self.env._(
                    "The contract %(contract)s has no end: there is nothing to renew.",
                    contract=self.display_name,
                )
            )
        self.lock_for_update(allow_referencing=True)
        lead = self._create_renewal_leads() or self.renewal_lead_ids.filtered(
            lambda lead: lead.renewal_date_end == self.date_end
        )
        return lead[:1].get_formview_action()

    def action_view_renewals(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renewal opportunities"),
            "res_model": "crm.lead",
            "view_mode": "list,kanban,form",
            "domain": [("renewal_contract_id", "=", self.id)],
        }

    # -- the quotation ------------------------------------------------------------

    def _get_renewed_lines(self):
        """Return the lines that end with the contract: what the renewal offers."""
        self.ensure_one()
        return self.contract_line_ids.filtered(
            lambda line: (
                not line.display_type
                and not line.is_canceled
                and line.date_end == self.date_end
            )
        )

    def _get_term_months(self):
        """Return the length of the last term in months, at least one."""
        self.ensure_one()
        start = min(self._get_renewed_lines().mapped("date_start"))
        after = fields.Date.add(self.date_end, days=1)
        delta = relativedelta(after, start)
        months = delta.years * 12 + delta.months
        return min(max(months, 1), 12)

    def _prepare_renewal_order(self, lead):
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "opportunity_id": lead.id,
            "team_id": lead.team_id.id,
            "origin": self.code or self.name,
            "renewal_contract_id": self.id,
            "renewal_months": self._get_term_months(),
            "order_line": [
                Command.create(line._prepare_renewal_order_line())
                for line in self._get_renewed_lines()
            ],
        }

    def _extend_by(self, order):
        """Prolong the lines that ``order`` renews, at its quantity and price."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        start = fields.Date.add(self.date_end, days=1)
        end = fields.Date.subtract(
            fields.Date.add(start, months=order.renewal_months), days=1
        )
        for order_line in order.order_line.filtered("contract_line_id"):
            order_line.contract_line_id._renew_until(end, start, order_line)
        if self.state == "ended":
            self.state = "active"
        self._refresh_state()
        self._renew_entitlements()
        self.message_post(
            body=self.env._(
                "Renewed until %(date)s by %(order)s.",
                date=end,
                order=order._get_html_link(),
            )
        )

    def _renew_entitlements(self):
        """Hook: grants of the new term."""


class ContractLine(models.Model):
    _inherit = "contract.line"

    def _prepare_renewal_order_line(self):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "name": self.name,
            "product_uom_qty": self.quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "contract_line_id": self.id,
        }

    def _renew_until(self, end, start, order_line):
        """Extend the line, with a price step at ``start`` if the price changed."""
        self.ensure_one()
        vals = {"date_end": end}
        if order_line.product_uom_qty != self.quantity:
            vals["quantity"] = order_line.product_uom_qty
        if order_line.discount != self.discount:
            vals["discount"] = order_line.discount
        self.write(vals)
        if not self.currency_id.is_zero(order_line.price_unit - self.price_unit):
            self._change_price(order_line.price_unit, start, order_line.order_id.name)

    def _change_price(self, price, date, reason):
        """Plan ``price`` from ``date`` on; at once if the day has come."""
        self.ensure_one()
        step = self.env["service.contract.price"].create(
            {
                "line_id": self.id,
                "date": date,
                "old_price": self._get_price_at(fields.Date.subtract(date, days=1)),
                "new_price": price,
                "reason": reason,
            }
        )
        self.automatic_price = False
        step._apply_due(fields.Date.context_today(self))
        return step

    def _get_months_per_period(self):
        self.ensure_one()
        rhythm = self._get_rhythm()
        return 1 / periods.monthly_amount(1.0, rhythm.unit, rhythm.interval)
