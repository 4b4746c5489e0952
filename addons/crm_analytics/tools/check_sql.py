"""Proof of the facts: they equal the documents, the documents equal the ledger."""

from odoo.tools import SQL

from .moves_sql import customer_moves


def moves_off_ledger(company_id: int) -> SQL:
    """Customer moves whose untaxed amount is not their income lines' balance.

    Rows: move, untaxed amount, income balance (company currency, sales positive).
    """
    return SQL(
        """
        SELECT m.id, m.amount_untaxed_signed, coalesce(i.amount, 0) AS income
          FROM (SELECT m.id, m.amount_untaxed_signed %(moves)s) m
     LEFT JOIN (SELECT l.move_id, -sum(l.balance) AS amount
                  FROM account_move_line l
                 WHERE l.company_id = %(company)s
                   AND l.account_id = ANY(ARRAY(
                       SELECT id FROM account_account
                        WHERE account_type IN ('income', 'income_other')))
              GROUP BY l.move_id) i
            ON i.move_id = m.id
         WHERE m.amount_untaxed_signed <> coalesce(i.amount, 0)
      ORDER BY abs(m.amount_untaxed_signed - coalesce(i.amount, 0)) DESC, m.id""",
        moves=customer_moves(company_id),
        company=company_id,
    )


def moves_off_ledger_of(company_id: int, condition: SQL) -> SQL:
    """As :func:`moves_off_ledger`, of some moves ``m``: their items are looked up."""
    return SQL(
        """
        SELECT m.id, m.amount_untaxed_signed, m.income
          FROM (SELECT m.id, m.amount_untaxed_signed, coalesce((
                       SELECT -sum(l.balance)
                         FROM account_move_line l
                         JOIN account_account a ON a.id = l.account_id
                          AND a.account_type IN ('income', 'income_other')
                        WHERE l.move_id = m.id), 0) AS income %s) m
         WHERE m.amount_untaxed_signed <> m.income
      ORDER BY abs(m.amount_untaxed_signed - m.income) DESC, m.id""",
        customer_moves(company_id, condition),
    )


def number_of_moves(company_id: int, condition: SQL | None = None) -> SQL:
    """How many documents a proof looks at."""
    return SQL("SELECT count(*) %s", customer_moves(company_id, condition))


def totals(company_id: int) -> SQL:
    """Revenue by the monthly facts and by the documents."""
    return SQL(
        """
        SELECT coalesce((SELECT sum(revenue) FROM crm_customer_month
                          WHERE company_id = %(company)s), 0),
               coalesce((SELECT sum(m.amount_untaxed_signed) %(moves)s), 0)""",
        company=company_id,
        moves=customer_moves(company_id),
    )
