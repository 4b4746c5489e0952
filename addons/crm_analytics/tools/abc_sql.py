"""ABC letters in SQL: who makes the first 80 %, the next 15 %, the rest, or a loss.

The letters need the order of the customers, not their places: the last customer with an
A and the last with a B say it of all others. So two columns are sorted, not rows.
"""

from collections.abc import Sequence

from odoo.tools import SQL


def running_sum(amount: str) -> SQL:
    """What the customers before each one contribute, largest first; those above 0."""
    return SQL(
        """SELECT partner_id, %(amount)s,
                   sum(%(amount)s) OVER (
                       ORDER BY %(amount)s DESC, partner_id ROWS UNBOUNDED PRECEDING)
                       - %(amount)s AS before
              FROM base WHERE %(amount)s > 0""",
        amount=SQL.identifier(amount),
    )


def last_with_letter(amount: str, sums: str, until: str) -> SQL:
    """Amount and customer of the last one of whom the running sum is below ``until``.

    :param sums: name of the rows of :func:`running_sum`
    :param until: column of ``t``
    """
    return SQL(
        "SELECT %(amount)s AS amount, partner_id FROM %(sums)s, t"
        " WHERE before < %(until)s ORDER BY %(amount)s, partner_id DESC LIMIT 1",
        amount=SQL.identifier(amount),
        sums=SQL.identifier(sums),
        until=SQL.identifier(until),
    )


def letter(amount: str, suffix: str) -> SQL:
    """A, B, C or D of a customer ``h`` by the last ones, ``a_`` and ``b_<suffix>``."""
    return SQL(
        """CASE WHEN %(amount)s < 0 THEN 'D' WHEN %(amount)s = 0 THEN 'C'
                WHEN (%(amount)s, -h.partner_id) >= (%(a)s.amount, -%(a)s.partner_id)
                THEN 'A'
                WHEN (%(amount)s, -h.partner_id) >= (%(b)s.amount, -%(b)s.partner_id)
                THEN 'B' ELSE 'C' END""",
        amount=SQL.identifier(amount),
        a=SQL.identifier(f"a_{suffix}"),
        b=SQL.identifier(f"b_{suffix}"),
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
