"""ABC letters in SQL: who makes the first 80 %, the next 15 %, the rest, or a loss.

The letters need the order of the customers, not their places: the last customer with an
A and the last with a B say it of all others. A ladder of amounts tells between which
rungs each of these two is, so that only the few customers there are sorted.
"""

from collections.abc import Sequence

from odoo.tools import SQL

UNITS = 10_000  # of money: whole numbers are sorted and added in half the time
# Of the ladder, in units: from 0.13 to 200 thousand million in steps of a quarter.
RUNGS = f"{{{','.join(str(round(1.25**step)) for step in range(32, 159))}}}"


def units(amount: SQL) -> SQL:
    """Ten-thousandths of an amount as a whole number."""
    return SQL("(%s * %s)::bigint", amount, UNITS)


def ladder(amount: str) -> SQL:
    """What the customers of each rung contribute, and those above it; amounts above 0.

    :param amount: column of ``base`` in units
    """
    return SQL(
        """SELECT min(amount) AS low, max(amount) AS high, sum(amount) AS total,
                  sum(sum(amount)) OVER (ORDER BY rung DESC) - sum(amount) AS before
             FROM (SELECT %(amount)s AS amount,
                          width_bucket(%(amount)s, %(rungs)s::bigint[]) AS rung
                     FROM base WHERE %(amount)s > 0) amounts
         GROUP BY rung""",
        amount=SQL.identifier(amount),
        rungs=RUNGS,
    )


def last_with_letter(rungs: str, amount: str, share: float) -> SQL:
    """Amount and customer of the last one before whom less than a share has come.

    :param rungs: name of the rows of :func:`ladder`
    :param amount: column of ``base`` that they are of
    :param share: of all that is above 0; its limit is rounded to the cent
    """
    until = units(SQL("round(%s * sum(total) / %s, 2)", share, UNITS))
    rung = SQL(
        """SELECT low, high, before, until
             FROM %(rungs)s CROSS JOIN (SELECT %(until)s AS until FROM %(rungs)s) u
            WHERE before < until ORDER BY before DESC LIMIT 1""",
        rungs=SQL.identifier(rungs),
        until=until,
    )
    return SQL(
        """WITH rung AS MATERIALIZED (%(rung)s)
           SELECT amount, partner_id
             FROM (SELECT %(amount)s AS amount, partner_id,
                          sum(%(amount)s) OVER (
                              ORDER BY %(amount)s DESC, partner_id
                              ROWS UNBOUNDED PRECEDING) - %(amount)s AS before
                     FROM base WHERE %(amount)s >= (SELECT low FROM rung)
                      AND %(amount)s <= (SELECT high FROM rung)) customers
            WHERE before < (SELECT until - before FROM rung)
            ORDER BY before DESC LIMIT 1""",
        amount=SQL.identifier(amount),
        rung=rung,
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
