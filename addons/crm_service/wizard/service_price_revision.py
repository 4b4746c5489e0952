from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServicePriceRevision(models.TransientModel):
    """New prices for many contracts, seen before they are applied."""

    _name = "service.price.revision"
    _description = "Price Revision of Contracts"

    contract_ids = fields.Many2many("contract.contract", required=True)
    method = fields.Selection(
        [("percent", "By percent"), ("index", "By index table")],
        default="percent",
        required=True,
    )
    percent = fields.Float(help="2.5 raises, -2.5 lowers the prices by 2.5 %.")
    index_from = fields.Float(
        string="Index then", help="Value of the index when the price was agreed."
    )
    index_to = fields.Float(string="Index now")
    share = fields.Float(
        string="Share of the price that follows the index (%)", default=100.0
    )
    date = fields.Date(
        string="Effective from", required=True, default=fields.Date.context_today
    )
    reason = fields.Char(required=True)
    factor = fields.Float(compute="_compute_factor", digits=(16, 6))
    line_ids = fields.One2many(
        "service.price.revision.line",
        "revision_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        string="Preview",
    )

    @api.depends("method", "percent", "index_from", "index_to", "share")
    def _compute_factor(self):
        for wizard in self:
            change = wizard.percent / 100
            if wizard.method == "index":
                change = (
                    (wizard.index_to / wizard.index_from - 1) * wizard.share / 100
                    if wizard.index_from
                    else 0.0
                )
            wizard.factor = 1 + change

    @api.depends("contract_ids", "factor", "date")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.contract_ids.contract_line_ids._origin.filtered(
                lambda line, day=wizard.date: line._is_open_after(day)
            )
            wizard.line_ids = [Command.clear()] + [
                Command.create(wizard._prepare_line(line)) for line in lines
            ]

    def _prepare_line(self, line):
        effective = self.date
        if line.last_date_invoiced and line.last_date_invoiced >= effective:
            effective = fields.Date.add(line.last_date_invoiced, days=1)
        if line.date_start > effective:
            effective = line.date_start
        old_price = line._get_price_at(effective)
        return {
            "contract_line_id": line.id,
            "date": effective,
            "old_price": old_price,
            "new_price": line.currency_id.round(old_price * self.factor),
            "selected": not line.automatic_price,
        }

    def action_apply(self):
        """Apply the lines ticked, leaving each price open to a last change by hand."""
        self.ensure_one()
        chosen = self.line_ids.filtered("selected")
        if not chosen:
            raise UserError(self.env._("Tick at least one line to be revised."))
        chosen.contract_id.lock_for_update(allow_referencing=True)
        for line in chosen:
            line._apply(self.reason)
        for contract in chosen.contract_id:
            contract.message_post(
                body=self.env._(
                    "Prices revised by %(percent).2f %%: %(reason)s",
                    percent=(self.factor - 1) * 100,
                    reason=self.reason,
                )
            )
        return {"type": "ir.actions.act_window_close"}


class ServicePriceRevisionLine(models.TransientModel):
    _name = "service.price.revision.line"
    _description = "Preview of a Price Revision"

    revision_id = fields.Many2one(
        "service.price.revision", required=True, ondelete="cascade"
    )
    contract_line_id = fields.Many2one("contract.line", required=True)
    contract_id = fields.Many2one(related="contract_line_id.contract_id")
    currency_id = fields.Many2one(related="contract_line_id.currency_id")
    automatic_price = fields.Boolean(
        related="contract_line_id.automatic_price", string="From price list"
    )
    selected = fields.Boolean(string="Revise")
    date = fields.Date(
        string="From",
        required=True,
        help="The day after what is invoiced already, if that is later.",
    )
    old_price = fields.Monetary()
    new_price = fields.Monetary()
    monthly_change = fields.Monetary(
        string="Per month", compute="_compute_monthly_change"
    )

    @api.depends("old_price", "new_price", "contract_line_id")
    def _compute_monthly_change(self):
        for line in self:
            source = line.contract_line_id
            factor = 1 - source.discount / 100
            change = (line.new_price - line.old_price) * source.quantity * factor
            months = source._get_months_per_period() if source else 1
            line.monthly_change = change / months

    def _apply(self, reason):
        self.ensure_one()
        line = self.contract_line_id
        if line.price_step_ids.filtered(lambda step: step.date == self.date):
            raise UserError(
                self.env._(
                    "The price of %(line)s changes on %(date)s already.",
                    line=line.display_name,
                    date=self.date,
                )
            )
        line._change_price(self.new_price, self.date, reason)
