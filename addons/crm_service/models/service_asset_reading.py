from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import maintenance


class ServiceAssetReading(models.Model):
    """What the counter of an installed product showed on a day."""

    _name = "service.asset.reading"
    _description = "Counter Reading"
    _order = "date desc, id desc"
    _rec_name = "asset_id"
    _check_company_auto = True

    asset_id = fields.Many2one(
        "service.asset",
        "Installed product",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    value = fields.Float("Counter", required=True, digits=(16, 1), aggregator="max")
    is_replaced = fields.Boolean(
        "New counter",
        help="The counter was replaced and began at zero; what the old one had counted "
        "goes on counting.",
    )
    visit_id = fields.Many2one(
        "service.visit", index="btree_not_null", check_company=True
    )
    user_id = fields.Many2one(
        "res.users", "Read by", default=lambda self: self.env.user, readonly=True
    )

    _value = models.Constraint("CHECK (value >= 0)", "A counter is not negative.")
    _once = models.UniqueIndex(
        "(asset_id, date) WHERE is_replaced IS NOT TRUE",
        "There is a reading of this product for this day; change that one.",
    )

    @api.constrains("asset_id", "date", "value", "is_replaced")
    def _check_forward(self):
        for asset in self.asset_id:
            readings = asset.reading_ids.sorted(lambda r: (r.date, r.is_replaced, r.id))
            for before, after in zip(readings, readings[1:], strict=False):
                if after.value < before.value and not after.is_replaced:
                    raise ValidationError(
                        self.env._(
                            "The counter of %(asset)s showed %(before)s before and "
                            "%(after)s on %(date)s. Tick New counter if it was "
                            "replaced.",
                            asset=asset.display_name,
                            before=before.value,
                            after=after.value,
                            date=after.date,
                        )
                    )


class ServiceAsset(models.Model):
    _inherit = "service.asset"

    reading_ids = fields.One2many("service.asset.reading", "asset_id", "Readings")
    counter_value = fields.Float(
        "Counter", compute="_compute_counter", digits=(16, 1), help="The last reading."
    )
    counter_use = fields.Float(
        "Use a day",
        compute="_compute_counter",
        digits=(16, 1),
        help="From the readings of the last year.",
    )
    maintenance_line_ids = fields.One2many(
        "service.maintenance.line", "asset_id", "Maintenance"
    )
    next_maintenance_date = fields.Date(
        "Next service",
        compute="_compute_next_maintenance_date",
        store=True,
        index="btree_not_null",
    )

    @api.depends("reading_ids.value", "reading_ids.date", "reading_ids.is_replaced")
    def _compute_counter(self):
        for asset in self:
            readings = maintenance.accumulate(asset._get_readings())
            asset.counter_value = asset.reading_ids.sorted("date")[-1:].value
            asset.counter_use = maintenance.daily_use(readings) if readings else 0.0

    def _get_readings(self):
        """Return the readings for the kernel."""
        self.ensure_one()
        return [
            maintenance.Reading(reading.date, reading.value, reading.is_replaced)
            for reading in self.reading_ids
        ]

    @api.depends("maintenance_line_ids.next_date", "maintenance_line_ids.is_running")
    def _compute_next_maintenance_date(self):
        for asset in self:
            asset.next_maintenance_date = min(
                (
                    line.next_date
                    for line in asset.maintenance_line_ids
                    if line.next_date and line.is_running
                ),
                default=False,
            )
