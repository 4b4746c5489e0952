from odoo import api, fields, models


class ContractContract(models.Model):
    """The demo contracts live through their past: activated, billed, suspended."""

    _inherit = "contract.contract"

    @api.model
    def _make_demo_life(self):
        today = fields.Date.context_today(self)
        names = ("gold", "silver", "suspended", "maintenance", "ended")
        gold, silver, suspended, maintenance, ended = contracts = self.browse(
            self.env.ref(f"crm_service.demo_contract_{name}").id for name in names
        )
        contracts.action_activate()
        if self.env.company.chart_template:
            starts = contracts.contract_line_ids.mapped("date_start")
            day = min(starts)
            while day <= today:
                contracts._create_due_invoices(day)
                day = fields.Date.add(day, months=1)
        suspended._suspend(
            fields.Date.subtract(today, days=12), self.env._("Filter hall rebuilt")
        )
        hours, _requests = gold.entitlement_ids.sorted("id")
        hours._consume(6.5, origin=gold, note=self.env._("Nozzles cleaned"))
        hours._consume(7, origin=gold, note=self.env._("Dosing unit adjusted"))
        maintenance.entitlement_ids._consume(1, note=self.env._("Spring maintenance"))
        contracts._refresh_state()
        (silver | ended)._cron_contract_life()
