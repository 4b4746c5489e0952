from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_period_start = fields.Date(
        string="Contract period from",
        copy=False,
        readonly=True,
        help="First day of the contract period that this line bills.",
    )
    service_period_end = fields.Date(
        string="Contract period to", copy=False, readonly=True
    )

    # The row lock on the contract makes billing exactly once; this index makes sure
    # of it whatever code runs. Copies and reversals carry no period.
    _service_period_uniq = models.UniqueIndex(
        "(contract_line_id, service_period_start) "
        "WHERE service_period_start IS NOT NULL",
        "This period of the contract has been invoiced already.",
    )
