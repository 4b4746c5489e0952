from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    renewal_contract_id = fields.Many2one(
        "contract.contract",
        string="Renewed contract",
        index="btree_not_null",
        copy=False,
        check_company=True,
        ondelete="cascade",
    )
    renewal_date_end = fields.Date(
        string="Contract ends on", copy=False, help="End of the term to be renewed."
    )

    _renewal_uniq = models.UniqueIndex(
        "(renewal_contract_id, renewal_date_end) WHERE renewal_contract_id IS NOT NULL",
        "This contract has a renewal opportunity for this term already.",
    )

    def action_new_renewal_quotation(self):
        """Make the quotation that renews the contract, with its lines as they are."""
        self.ensure_one()
        # a salesperson may renew a contract that is not his own
        values = self.renewal_contract_id.sudo()._prepare_renewal_order(self)
        return self.env["sale.order"].create(values).get_formview_action()
