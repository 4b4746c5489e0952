"""What was bought together, counted; additive, so that it follows each order."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import basket_sql
from .unchecked_many2one import UncheckedMany2one


class CrmBasketItem(models.Model):
    _name = "crm.basket.item"
    _description = "Product in Baskets"
    _log_access = False
    _rec_name = "product_id"
    _order = "count desc, id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    count = fields.Integer("Orders With It", readonly=True)

    _item_uniq = models.Constraint(
        "UNIQUE (company_id, product_id)", "A product is counted once a company."
    )


class CrmBasketPair(models.Model):
    _name = "crm.basket.pair"
    _description = "Products Bought Together"
    _log_access = False
    _rec_name = "product_id"
    _order = "count desc, id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    other_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    count = fields.Integer("Orders With Both", readonly=True)

    _pair_uniq = models.Constraint(
        "UNIQUE (company_id, product_id, other_id)",
        "A pair of products is counted once a company.",
    )
    _count_idx = models.Index("(company_id, count)")


class CrmBasketLine(models.Model):
    """What was counted of an order; gone from the counts when the order changes."""

    _name = "crm.basket.line"
    _description = "Counted Content of an Order"
    _log_access = False
    _rec_name = "product_id"

    company_id = UncheckedMany2one("res.company", required=True)
    # no foreign keys: what was counted must be known when the order is gone
    order_id = fields.Integer(required=True)
    product_id = fields.Integer(required=True)

    _line_uniq = models.Constraint(
        "UNIQUE (order_id, product_id)", "A product is counted once an order."
    )
    _company_idx = models.Index("(company_id, product_id)")

    @api.model
    def _update_counts(self, run):
        """Bring the counts to the orders as they are; the number of orders counted."""
        company, policy = run.company_id.id, run.policy_id
        changed = SQL(
            "SELECT DISTINCT order_id FROM crm_basket_dirty WHERE run_id = %s", run.id
        )
        other = self._is_counted_otherwise(run)
        if (
            other
            or run.kind != "incremental"
            or not self.search_count([("company_id", "=", company)], limit=1)
        ):
            changed = basket_sql.all_orders(company)
        count = run._materialize("crm_an_baskets", changed)
        content = basket_sql.contents(
            company, policy.basket_services, policy._get_left_out()
        )
        run._materialize("crm_an_contents", content)
        quarterly = policy.basket_kind == "quarter"
        if not (other or quarterly):
            self._change_counts(run)
        self._change_lines(run)
        if other or (quarterly and count):
            self._count_anew(run, quarterly)
        return count

    @api.model
    def _is_counted_otherwise(self, run):
        """Whether the last run, or a stopped one since, counted other baskets."""
        last = run._get_last(run.company_id)
        before = (last | (run._get_unfinished(run.company_id, last) - run)).policy_id
        rules = run.policy_id._get_basket_rules()
        return any(policy._get_basket_rules() != rules for policy in before)

    @api.model
    def _change_counts(self, run):
        """Add to the counts what the changed orders hold, less what they held."""
        company = run.company_id.id
        run._run_sql(basket_sql.change_items(company))
        run._run_sql(basket_sql.change_pairs(company))
        for table in ("crm_basket_item", "crm_basket_pair"):
            run._run_sql(
                SQL(
                    "DELETE FROM %s WHERE company_id = %s AND count = 0",
                    SQL.identifier(table),
                    company,
                )
            )

    @api.model
    def _count_anew(self, run, quarterly):
        """Make the counts of all baskets."""
        company = run.company_id.id
        for table in ("crm_basket_item", "crm_basket_pair"):
            run._run_sql(
                SQL(
                    "DELETE FROM %s WHERE company_id = %s",
                    SQL.identifier(table),
                    company,
                )
            )
        run._run_sql(basket_sql.count_items(company, quarterly))
        run._run_sql(basket_sql.count_pairs(company, quarterly))

    @api.model
    def _change_lines(self, run):
        """Keep what the changed orders hold now."""
        company = run.company_id.id
        run._run_sql(
            SQL(
                "DELETE FROM crm_basket_line b USING crm_an_baskets c"
                " WHERE c.order_id = b.order_id AND b.company_id = %s"
                " AND NOT EXISTS (SELECT FROM crm_an_contents n"
                " WHERE n.order_id = b.order_id AND n.product_id = b.product_id)",
                company,
            )
        )
        written = run._run_sql(
            SQL(
                "INSERT INTO crm_basket_line (company_id, order_id, product_id)"
                " SELECT %s, order_id, product_id FROM crm_an_contents"
                " ON CONFLICT (order_id, product_id) DO NOTHING",
                company,
            )
        )
        run._tell_planner("crm_basket_line", written)


class CrmBasketDirty(models.Model):
    """Orders to count anew; writers only append."""

    _name = "crm.basket.dirty"
    _description = "Orders To Count"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    order_id = fields.Integer(required=True)
    run_id = fields.Many2one("crm.value.run", index=True, ondelete="set null")

    @api.model
    def _mark(self, orders):
        """Mark orders under the company that their rows have now."""
        ids = [order_id for order_id in orders._ids if order_id]
        if not ids:
            return
        self.env.execute_query(
            SQL(
                "INSERT INTO crm_basket_dirty (company_id, order_id)"
                " SELECT company_id, id FROM sale_order WHERE id = ANY(%s)"
                " RETURNING id",
                ids,
            )
        )

    @api.model
    def _mark_customers(self, customers):
        """Mark all confirmed orders of customers, also those of their contacts."""
        if not customers:
            return
        self.env.execute_query(
            SQL(
                "INSERT INTO crm_basket_dirty (company_id, order_id)"
                " SELECT s.company_id, s.id FROM sale_order s"
                " JOIN res_partner p ON p.id = s.partner_id"
                " WHERE s.state = 'sale' AND p.commercial_partner_id = ANY(%s)"
                " RETURNING id",
                list(customers.ids),
            )
        )
