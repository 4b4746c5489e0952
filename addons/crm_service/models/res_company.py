from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_contract_post = fields.Boolean(
        string="Post contract invoices",
        help="Post the invoices of customer contracts as soon as they are made. "
        "Otherwise they wait as drafts.",
    )
    service_contract_credit = fields.Selection(
        [("ignore", "Post all the same"), ("draft", "Leave as draft and tell finance")],
        string="Customers over their credit limit",
        default="draft",
        required=True,
        help="What happens to a contract invoice of a customer whose financial risk "
        "is exceeded.",
    )
    service_renewal_notice_days = fields.Integer(
        string="Renewal notice",
        default=60,
        help="Days before the end of a contract at which the renewal opportunity "
        "opens. A contract can have its own figure.",
    )
