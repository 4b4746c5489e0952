"""ABC letters in SQL: who makes the first 80 %, the next 15 %, the rest, or a loss.

The letters need the order of the customers, not their places: the last customer with an
A and the last with a B say it of all others. So two columns are sorted, not rows.
"""

from collections.abc import Sequence

from odoo.tools import SQL

UNITS = 10_000  # of money: whole numbers are sorted and added in half the time


def units(amount: SQL) -> SQL:
    """Ten-thousandths of an amount as a whole number."""
    return SQL("(%s * %s)::bigint", amount, UNITS)


def limit(share: float, positive: SQL) -> SQL:
    """Units that the customers before one with a letter stay below, to the cent."""
    return units(SQL("round(%s * %s / %s, 2)", share, positive, UNITS))


def running_sum(amount: str) -> SQL:
    """What the customers before each one contribute, largest first; those above 0.

    :param amount: column of ``base`` in units
    """
    return SQL(
        """SELECT partner_id, %(amount)s AS amount,
                   sum(%(amount)s) OVER (
                       ORDER BY %(amount)s DESC, partner_id ROWS UNBOUNDED PRECEDING)
                       ::bigint - %(amount)s AS before
              FROM base WHERE %(amount)s > 0""",
        amount=SQL.identifier(amount),
    )


def last_with_letter(sums: str, until: str) -> SQL:
    """Amount and customer of the last one of whom the running sum is below ``until``.

    :param sums: name of the rows of :func:`running_sum`
    :param until: column of ``t``
    """
    return SQL(
        "SELECT amount, partner_id FROM %s WHERE before < (SELECT %s FROM t)"
        " ORDER BY before DESC LIMIT 1",
        SQL.identifier(sums),
        SQL.identifier(until),
    )


def letter(amount: str, a: str, b: str) -> SQL:
    """A, B, C or D of a customer ``h`` by the last with an A and the last with a B."""
    return SQL(
        """CASE WHEN h.%(amount)s < 0 THEN 'D' WHEN h.%(amount)s = 0 THEN 'C'
                WHEN (h.%(amount)s, -h.partner_id) >= %(a)s THEN 'A'
                WHEN (h.%(amount)s, -h.partner_id) >= %(b)s THEN 'B' ELSE 'C' END""",
        amount=SQL.identifier(amount),
        a=_place(a),
        b=_place(b),
    )


def _place(last: str) -> SQL:
    """Amount and customer as scalars: looked up once, not joined to every row."""
    return SQL(
        "((SELECT amount FROM %(last)s), -(SELECT partner_id FROM %(last)s))",
        last=SQL.identifier(last),
    )


def ranks(company_ids: Sequence[int], ids: Sequence[int]) -> SQL:
    """Rank by contribution and cumulative share of what is above 0, of some values.

    :param ids: of ``crm_customer_value``
    """
    return SQL(
        """
        SELECT id, rank, share FROM (
            SELECT id, row_number() OVER by_value AS rank,
                   (sum(contribution) OVER by_value
                    / nullif(sum(greatest(contribution, 0)) OVER of_company, 0))
                       ::float8 AS share
              FROM crm_customer_value
             WHERE company_id = ANY(%s) AND cell IS NOT NULL
            WINDOW of_company AS (PARTITION BY company_id),
                   by_value AS (PARTITION BY company_id
                                ORDER BY contribution DESC, partner_id
                                ROWS UNBOUNDED PRECEDING)) ranked
         WHERE id = ANY(%s)""",
        list(company_ids),
        list(ids),
    )
