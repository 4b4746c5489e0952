"""What was bought together, counted; additive, so that it follows each order."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import basket_sql


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

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
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
        company = run.company_id.id
        changed = SQL(
            "SELECT DISTINCT order_id FROM crm_basket_dirty WHERE run_id = %s", run.id
        )
        if run.kind != "incremental" or not self.search_count(
            [("company_id", "=", company)], limit=1
        ):
            changed = basket_sql.all_orders(company)
        run._materialize("crm_an_baskets", changed)
        run._materialize("crm_an_contents", basket_sql.contents(company))
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
        run._run_sql(SQL("DELETE FROM crm_basket_dirty WHERE run_id = %s", run.id))
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM crm_an_baskets"))
        return count


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
