from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_b2b_quotation_approval = fields.Boolean("Approve Quotations")
    crm_b2b_discount_limit = fields.Float("Discount Limit (%)", default=15.0)
    crm_b2b_margin_limit = fields.Float("Margin Limit (%)", default=10.0)
    crm_b2b_agreement_notice = fields.Integer(
        "Warn Before a Frame Agreement Ends (Days)", default=45
    )
    crm_b2b_wallet_months = fields.Integer(
        "Estimates Are Old After (Months)", default=12
    )
    crm_b2b_registration_days = fields.Integer(
        "Protection of a Deal Registration (Days)", default=90
    )
    crm_b2b_review_notice = fields.Integer(
        "Remind of Plan Reviews Before (Days)", default=7
    )
    crm_b2b_followup_days = fields.Integer(
        "Follow-up After a Delivery Within (Days)", default=14
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_b2b_quotation_approval = fields.Boolean(
        related="company_id.crm_b2b_quotation_approval", readonly=False
    )
    crm_b2b_discount_limit = fields.Float(
        related="company_id.crm_b2b_discount_limit", readonly=False
    )
    crm_b2b_margin_limit = fields.Float(
        related="company_id.crm_b2b_margin_limit", readonly=False
    )
    crm_b2b_agreement_notice = fields.Integer(
        related="company_id.crm_b2b_agreement_notice", readonly=False
    )
    crm_b2b_wallet_months = fields.Integer(
        related="company_id.crm_b2b_wallet_months", readonly=False
    )
    crm_b2b_registration_days = fields.Integer(
        related="company_id.crm_b2b_registration_days", readonly=False
    )
    crm_b2b_review_notice = fields.Integer(
        related="company_id.crm_b2b_review_notice", readonly=False
    )
    crm_b2b_followup_days = fields.Integer(
        related="company_id.crm_b2b_followup_days", readonly=False
    )
