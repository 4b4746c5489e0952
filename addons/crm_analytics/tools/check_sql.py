"""Proof of the facts: they equal the documents, the documents equal the ledger."""

from odoo.tools import SQL

from .moves_sql import MONTH, customer_moves


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


def totals(company_id: int, aside: tuple[SQL, SQL] | None = None) -> SQL:
    """Revenue by the monthly facts and by the documents.

    :param aside: conditions on months ``t`` and documents ``m`` that do not count
    """
    months, documents = map(_unless, aside or (None, None))
    return SQL(
        """
        SELECT coalesce((SELECT sum(t.revenue) FROM crm_customer_month t
                          WHERE t.company_id = %(company)s AND %(months)s), 0),
               coalesce((SELECT sum(m.amount_untaxed_signed) %(moves)s), 0)""",
        company=company_id,
        months=months,
        moves=customer_moves(company_id, documents),
    )


def months_off_documents(company_id: int, aside: tuple[SQL, SQL] | None = None) -> SQL:
    """Customers and months whose facts are not the sum of their documents.

    Rows: customer, month, revenue by the facts, revenue by the documents.
    """
    months, documents = map(_unless, aside or (None, None))
    return SQL(
        """
        SELECT partner_id, month, sum(facts), sum(documents)
          FROM (SELECT t.partner_id, t.month, t.revenue AS facts, 0 AS documents
                  FROM crm_customer_month t
                 WHERE t.company_id = %(company)s AND %(months)s
                 UNION ALL
                SELECT m.commercial_partner_id, %(month)s, 0, m.amount_untaxed_signed
                       %(moves)s) b
      GROUP BY partner_id, month HAVING sum(facts) <> sum(documents)
      ORDER BY abs(sum(facts) - sum(documents)) DESC, partner_id, month""",
        company=company_id,
        months=months,
        month=MONTH,
        moves=customer_moves(company_id, documents),
    )


def moves_of_months(company_id: int, partners: list, months: list) -> SQL:
    """The documents of customers in months, both lists of the same length."""
    return SQL(
        """
        SELECT m.id %s""",
        customer_moves(
            company_id,
            SQL(
                "(m.commercial_partner_id, %s) IN"
                " (SELECT * FROM unnest(%s::int[], %s::date[]))",
                MONTH,
                partners,
                months,
            ),
        ),
    )


def _unless(condition: SQL | None) -> SQL:
    return SQL("NOT %s", condition) if condition else SQL("TRUE")
