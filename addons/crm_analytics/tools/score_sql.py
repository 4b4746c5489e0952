"""Scores in SQL: R, F and M of 1 to 5 count the limits that a value reaches.

The limits are those of quintiles, or fixed ones where customers are few. Of a score
that rises with the value only its limits are looked for: in a histogram, so that equal
values share a score and no customer is sorted, or among the sorted amounts.
"""

from odoo.tools import SQL

from . import abc_sql, rfm
from .class_sql import Limits

PLACES = range(1, 5)
NOBODY = 2**31 - 1  # purchase days that no customer has


def limits(given: Limits) -> SQL:
    """Four columns of limits for each score: ``r_1`` .. ``m_4``.

    They are taken from the row of :func:`quintiles` with ``n`` beside it.
    """
    fixed = {
        "r": given.r_days,
        "f": given.f_days,
        # as quintiles: what lies above the limit has the score
        "m": [
            SQL("%s - 1", abc_sql.units(SQL("%s::numeric", amount)))
            for amount in given.m_amounts
        ],
    }
    return SQL(", ").join(
        SQL(
            "CASE WHEN n >= %(least)s THEN %(name)s ELSE %(fixed)s END AS %(name)s",
            least=given.quintile_minimum,
            name=SQL.identifier(f"{letter}_{place}"),
            fixed=limit,
        )
        for letter, those in fixed.items()
        for place, limit in zip(PLACES, those, strict=True)
    )


def found() -> SQL:
    """One row: ``n``, the limits of each score, and the least ``money`` of the scores
    2 to 5 (NULL: nobody has it).

    It reads ``t``, the row of :func:`limits` with ``n``, and ``base``.
    """
    least = SQL(", ").join(
        SQL(
            "min(money) FILTER (WHERE money > %s)",
            SQL.identifier("t", f"m_{place}"),
        )
        for place in PLACES
    )
    return SQL(
        """
        SELECT t.n, ARRAY[%(r)s], ARRAY[%(f)s],
               (SELECT ARRAY[%(least)s] FROM base)
          FROM t""",
        r=_columns("r"),
        f=_columns("f"),
        least=least,
    )


def _columns(letter: str) -> SQL:
    return SQL(", ").join(SQL.identifier("t", f"{letter}_{place}") for place in PLACES)


def cuts(
    given: Limits, n: int, r: list[int], f: list[int], least: list[int | None]
) -> rfm.Cuts:
    """The limits of a row of :func:`found` as the kernel has them.

    Of fixed limits the policy's amounts stand, whoever reaches them.
    """
    money = given.m_amounts
    if n >= given.quintile_minimum:
        money = [
            rfm.UNREACHABLE if amount is None else amount / abc_sql.UNITS
            for amount in least
        ]
    return rfm.Cuts(
        tuple(-rfm.UNREACHABLE if days < 0 else days for days in sorted(r)),
        tuple(rfm.UNREACHABLE if days >= NOBODY else days for days in f),
        tuple(money),
    )


def constants(given: rfm.Cuts) -> SQL:
    """The columns ``r_1`` .. ``m_4`` of limits that are known."""
    columns = {
        "r": [max(days, -1) for days in reversed(given.recency)],
        "f": [min(days, NOBODY) for days in given.frequency],
        "m": [
            # as quintiles: what lies above the limit has the score
            SQL("%s::bigint", 2**62)
            if amount == rfm.UNREACHABLE
            else SQL("%s - 1", abc_sql.units(SQL("%s::numeric", amount)))
            for amount in given.monetary
        ],
    }
    return SQL(", ").join(
        SQL("%s AS %s", limit, SQL.identifier(f"{letter}_{place}"))
        for letter, those in columns.items()
        for place, limit in zip(PLACES, those, strict=True)
    )


def quintiles() -> SQL:
    """One row: number ``n`` of rows of ``base``, and the limits of their quintiles."""
    return SQL(
        """
        SELECT c.n, r.*, f.*, %(m)s
          FROM (SELECT count(*) AS n FROM base) c
    CROSS JOIN (%(r)s) r CROSS JOIN (%(f)s) f
    CROSS JOIN LATERAL (
        SELECT percentile_disc(ARRAY(
                   SELECT (ceil(n * k / 5.0) - 0.5) / greatest(n, 1)
                     FROM generate_series(1, 4) k)::float8[])
                   WITHIN GROUP (ORDER BY money) AS money
          FROM base) m""",
        r=_histogram("r", "recency_key", SQL("DESC"), SQL("max(key)"), -1),
        f=_histogram("f", "frequency", SQL("ASC"), SQL("min(key)"), NOBODY),
        m=SQL(", ").join(
            SQL("money[%s] AS %s", place, SQL.identifier(f"m_{place}"))
            for place in PLACES
        ),
    )


def _histogram(letter: str, key: str, rising: SQL, worst: SQL, nobody: int) -> SQL:
    """The values from which there is a score above 1, 2, 3 and 4.

    :param key: column of ``base``
    :param rising: order from the worst value to the best
    :param worst: aggregate of the worst ``key``
    :param nobody: value that no customer reaches, for a score that none has
    """
    return SQL(
        """
        SELECT %(limits)s
          FROM (SELECT key, 1 + 5 * worse / n AS score
                  FROM (SELECT %(key)s AS key, sum(count(*)) OVER ()::bigint AS n,
                               coalesce(sum(count(*)) OVER (ORDER BY %(key)s %(rising)s
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                                   0)::bigint AS worse
                          FROM base GROUP BY %(key)s) h) scores""",
        key=SQL.identifier(key),
        rising=rising,
        limits=SQL(", ").join(
            SQL(
                "coalesce(%s FILTER (WHERE score > %s), %s) AS %s",
                worst,
                place,
                nobody,
                SQL.identifier(f"{letter}_{place}"),
            )
            for place in PLACES
        ),
    )


def score(value: str, comparison: str, letter: str) -> SQL:
    """1 plus the number of limits in ``t`` that a column of ``h`` reaches."""
    return SQL(
        "1 + %s",
        SQL(" + ").join(
            SQL(
                "(%s %s %s)::int",
                SQL.identifier("h", value),
                SQL(comparison),
                SQL.identifier("t", f"{letter}_{place}"),
            )
            for place in PLACES
        ),
    )
