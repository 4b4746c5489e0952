from collections import defaultdict
from datetime import timedelta

from odoo import fields, models


class CommissionMakeSettle(models.TransientModel):
    _inherit = "commission.make.settle"

    settlement_type = fields.Selection(
        selection_add=[("sale_order", "Sales Orders")],
        ondelete={"sale_order": "cascade"},
    )

    def action_settle(self):
        if self.settlement_type != "sale_order":
            return super().action_settle()
        settlements = self.env["commission.settlement"]
        for (agent, company, currency, start), lines in self._get_order_dues().items():
            settlements |= self._settle_orders(agent, company, currency, start, lines)
        if not settlements:
            return None
        return {
            "name": self.env._("Created Settlements"),
            "type": "ir.actions.act_window",
            "views": [[False, "list"], [False, "form"]],
            "res_model": "commission.settlement",
            "domain": [["id", "in", settlements.ids]],
        }

    def _get_order_dues(self):
        """Return {(agent, company, currency, start of period): [(line, due, day)]}.

        Due is what a line has earned less what was settled: an order that was
        cancelled, changed or refunded afterwards is put right in the last period.
        """
        agents = self.agent_ids or self.env["res.partner"].search(
            [("agent", "=", True)]
        )
        self.env.flush_all()  # agents of new order lines are computed on write
        lines = self.env["sale.order.line.agent"].search(
            [
                ("agent_id", "in", agents.ids),
                ("commission_id.settlement_type", "=", "sale_order"),
                ("order_id.date_order", "<", self.date_to),
            ]
        )
        dues = defaultdict(list)
        for line in lines:
            end = self._get_period_start(line.agent_id, self.date_to)
            due = line.currency_id.round(
                line._get_earned_amount() - line.settled_amount
            )
            day = line.order_id.date_order.date()
            if line.settlement_line_ids:
                day = end - timedelta(days=1)
            if line.currency_id.is_zero(due) or day >= end:
                continue
            start = self._get_period_start(line.agent_id, day)
            key = (line.agent_id, line.company_id, line.currency_id, start)
            dues[key].append((line, due, day))
        return dues

    def _settle_orders(self, agent, company, currency, start, dues):
        end = self._get_next_period_date(agent, start) - timedelta(days=1)
        settlement = self._get_settlement(agent, company, currency, start, end)
        if not settlement or settlement.approved_by_id:
            values = self._prepare_settlement_vals(agent, company, start, end)
            settlement = self.env["commission.settlement"].create(
                values | {"currency_id": currency.id}
            )
        self.env["commission.settlement.line"].create(
            [
                {
                    "settlement_id": settlement.id,
                    "sale_agent_line_id": line.id,
                    "date": day,
                    "commission_id": line.commission_id.id,
                    "settled_amount": due,
                }
                for line, due, day in dues
            ]
        )
        return settlement
