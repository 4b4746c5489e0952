from odoo import models
from odoo.tools import SQL


class ServiceContractReport(models.Model):
    _inherit = "service.contract.report"
    _depends = {
        "service.work.line": ["contract_id", "date", "cost", "coverage", "state"]
    }

    def _get_sources(self):
        work = SQL(
            """
            SELECT contract_id, DATE_TRUNC('month', date) AS month, cost
              FROM service_work_line
             WHERE contract_id IS NOT NULL AND state = 'confirmed'
               AND coverage != 'billable'
            """
        )
        return super()._get_sources() + [({"cost": SQL("cost")}, work)]
