from odoo import api, models


class CrmWorkbookWords(models.AbstractModel):
    _inherit = "crm.workbook.words"

    @api.model
    def _get_words(self):
        return super()._get_words() | self._get_campaign_words()

    @api.model
    def _get_campaign_words(self):
        """Campaigns and their documents."""
        env = self.env
        return {
            "Campaign results": env._("Campaign results"),
            "Campaigns": env._("Campaigns"),
            "Documents": env._("Documents"),
            "Effect": env._("Effect"),
            "Budget": env._("Budget"),
            "Campaign": env._("Campaign"),
            "Kind": env._("Kind"),
            "Date": env._("Date"),
            "Document": env._("Document"),
            "Customer or vendor": env._("Customer or vendor"),
            "Leads": env._("Leads"),
            "Orders": env._("Orders"),
            "Ordered": env._("Ordered"),
            "Invoiced": env._("Invoiced"),
            "Invoiced margin": env._("Invoiced margin"),
            "Cost": env._("Cost"),
            "Margin less cost": env._("Margin less cost"),
            "Return": env._("Return"),
            "Measured": env._("Measured"),
            "Addressed": env._("Addressed"),
            "Held out": env._("Held out"),
            "Mean addressed": env._("Mean addressed"),
            "Mean held out": env._("Mean held out"),
            "Difference": env._("Difference"),
            "From": env._("From"),
            "To": env._("To"),
            "In all": env._("In all"),
            "In words": env._("In words"),
            "Activity": env._("Activity"),
            "Plan": env._("Plan"),
            "Planned": env._("Planned"),
            "Actual": env._("Actual"),
            "Left": env._("Left"),
            "As of": env._("As of"),
            "Proof": env._("Proof"),
            "Figure": env._("Figure"),
            "By campaign": env._("By campaign"),
            "By document": env._("By document"),
            "Agrees": env._("Agrees"),
            "yes": env._("yes"),
            "no": env._("no"),
        }
