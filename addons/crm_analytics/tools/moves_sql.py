"""The population of every figure: posted customer documents of one company."""

from odoo.tools import SQL

PURCHASE_TYPES = ("out_invoice", "out_receipt")
CUSTOMER_TYPES = ("out_invoice", "out_refund", "out_receipt")

# Literals, not parameters: the planner must recognise the partial covering index.
CUSTOMER_MOVES = SQL(
    "m.state = 'posted'"
    " AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    " AND m.commercial_partner_id IS NOT NULL AND m.invoice_date IS NOT NULL"
)
IS_PURCHASE = SQL("m.move_type <> 'out_refund'")
MONTH = SQL("date_trunc('month', m.invoice_date::timestamp)::date")


def population(company_id: int, condition: SQL | None = None) -> SQL:
    """What a move ``m`` must meet to be a posted customer move of a company."""
    return SQL(
        "%s AND m.company_id = %s AND %s",
        CUSTOMER_MOVES,
        company_id,
        condition or SQL("TRUE"),
    )


def customer_moves(company_id: int, condition: SQL | None = None) -> SQL:
    """``FROM ... WHERE`` over the posted customer moves ``m`` of a company."""
    return SQL("FROM account_move m WHERE %s", population(company_id, condition))


def touched_pairs(condition: SQL) -> SQL:
    """The (company, customer, month) of the customer moves that meet ``condition``."""
    return SQL(
        """
        SELECT DISTINCT m.company_id, m.commercial_partner_id,
               date_trunc('month', m.invoice_date)::date
          FROM account_move m
         WHERE %s AND %s""",
        CUSTOMER_MOVES,
        condition,
    )
