from odoo import api, fields, models

from ..tools import travel


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
    service_labour_product_id = fields.Many2one(
        "product.product",
        string="Product for hours",
        domain=[("type", "=", "service")],
        help="Price and cost of an hour of work, where the technician has no own cost.",
    )
    service_travel_speed = fields.Float(
        string="Average speed", default=50.0, help="Kilometres per hour on the road."
    )
    service_travel_detour = fields.Float(
        string="Detour factor",
        default=1.3,
        help="Kilometres on the road for each kilometre as the crow flies.",
    )
    service_travel_fixed = fields.Integer(
        string="Minutes to park", default=5, help="Added to each way."
    )
    service_travel_unknown = fields.Integer(
        string="Minutes to unknown places",
        default=30,
        help="For sites without coordinates.",
    )

    _service_travel = models.Constraint(
        "CHECK (service_travel_speed > 0 AND service_travel_detour >= 1 "
        "AND service_travel_fixed >= 0 AND service_travel_unknown >= 0)",
        "Speed is positive, a detour is at least 1.",
    )

    def _get_travel_pace(self):
        self.ensure_one()
        return travel.Pace(
            self.service_travel_speed,
            self.service_travel_detour,
            self.service_travel_fixed,
            self.service_travel_unknown,
        )

    @api.model
    def _set_service_labour_product(self):
        """Give companies without one the hour of the addon."""
        product = self.env.ref("crm_service.product_labour")
        self.search([]).filtered(  # pylint: disable=no-search-all
            lambda company: not company.service_labour_product_id
        ).service_labour_product_id = product

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        product = self.env.ref("crm_service.product_labour", raise_if_not_found=False)
        for company in companies:
            if product and not company.service_labour_product_id:
                company.service_labour_product_id = product
        return companies
