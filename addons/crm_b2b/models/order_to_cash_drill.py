from odoo import api, models
from odoo.exceptions import UserError

from .order_to_cash_mixin import ORDER_STEPS


class OrderToCashMixin(models.AbstractModel):
    """From a figure to the documents which it counts."""

    # One mixin in several files, by subject.
    _inherit = "order.to.cash.mixin"  # pylint: disable=consider-merging-classes-inherited

    def action_order_to_cash(self, step):
        """Open the documents which the figure of ``step`` counts."""
        self.ensure_one()
        key = self._order_to_cash_keys()[self.id]
        facts = self._get_order_to_cash_facts({key} if key else set())
        steps = self._get_order_to_cash_steps(
            *facts.get(key, (None, None)), self._get_order_to_cash_currency()
        )
        if step not in steps:
            raise UserError(
                self.env._("You cannot open the step “%(step)s” here.", step=step)
            )
        documents = steps[step].documents
        if step == "delivered":
            return self._get_order_to_cash_delivery_action(documents)
        model = "sale.order" if step in ORDER_STEPS else "account.move"
        return self._prepare_order_to_cash_action(step, model, documents)

    def _get_order_to_cash_delivery_action(self, order_ids):
        """Transfers of the orders; order lines where nothing is shipped (services)."""
        Picking = self.env["stock.picking"]
        if Picking.has_access("read"):
            pickings = Picking.search(
                [("sale_id", "in", order_ids), ("state", "=", "done")]
            )
            if pickings:
                return self._prepare_order_to_cash_action(
                    "delivered", "stock.picking", pickings.ids
                )
        lines = self.env["sale.order.line"].search(
            [("order_id", "in", order_ids), ("qty_delivered", "!=", 0)]
        )
        return self._prepare_order_to_cash_action(
            "delivered", "sale.order.line", lines.ids
        )

    @api.model
    def _order_to_cash_step_label(self, step):
        return {
            "quoted": self.env._("Open quotations"),
            "ordered": self.env._("Confirmed orders"),
            "delivered": self.env._("Deliveries"),
            "invoiced": self.env._("Invoices and credit notes"),
            "paid": self.env._("Paid invoices"),
            "overdue": self.env._("Overdue invoices"),
        }[step]

    def _prepare_order_to_cash_action(self, step, model, ids):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(step)s: %(record)s",
                step=self._order_to_cash_step_label(step),
                record=self.display_name,
            ),
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", list(ids))],
            "context": {"create": False},
        }
        if model == "account.move":
            action["views"][0] = (
                self.env.ref("account.view_out_invoice_tree").id,
                "list",
            )
        if len(ids) == 1:
            action.update(views=[(False, "form")], res_id=ids[0])
        return action
