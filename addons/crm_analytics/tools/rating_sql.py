"""SQL of ratings that customers gave: those of one company, up to a day."""

from collections.abc import Sequence
from datetime import date

from odoo.tools import SQL

# Model of what is rated, and its table with the column ``company_id``.
Source = tuple[str, str]


def given(company_id: int, after: date, until: date, sources: Sequence[Source]) -> SQL:
    """Who rated and with how much: ``partner_id`` (may be NULL) and ``rating`` 1..5.

    The company of a rating is that of what was rated. Of things without company, and of
    models that are not among ``sources``, a rating counts for every company.

    :param after: last day before the first that counts
    :param until: last day that counts: when the answer was given, not asked for
    """
    company = SQL("NULL")
    if sources:
        company = SQL(
            "CASE g.res_model %s END",
            SQL(" ").join(
                SQL(
                    "WHEN %s THEN %s", model, SQL.identifier(f"rated_{n}", "company_id")
                )
                for n, (model, _table) in enumerate(sources)
            ),
        )
    return SQL(
        """
        SELECT g.partner_id, g.rating::float8 AS rating
          FROM rating_rating g %(joins)s
         WHERE g.consumed AND g.rating >= 1
           AND coalesce(g.rated_on, g.create_date) >= %(after)s::date + 1
           AND coalesce(g.rated_on, g.create_date) < %(until)s::date + 1
           AND coalesce(%(company)s, %(id)s) = %(id)s""",
        joins=SQL(" ").join(
            SQL(
                "LEFT JOIN %(table)s %(rated)s"
                " ON g.res_model = %(model)s AND %(rated)s.id = g.res_id",
                table=SQL.identifier(table),
                rated=SQL.identifier(f"rated_{n}"),
                model=model,
            )
            for n, (model, table) in enumerate(sources)
        ),
        after=after,
        until=until,
        company=company,
        id=company_id,
    )


NOBODY = SQL("SELECT NULL::int AS partner_id, NULL::float8 AS rating WHERE FALSE")


def by_customer(ratings: SQL, condition: SQL | None = None) -> SQL:
    """``partner_id`` of each customer and the mean ``rating`` of its people.

    :param condition: on the customer ``p.commercial_partner_id``
    """
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id, avg(r.rating) AS rating
          FROM (%s) r JOIN res_partner p ON p.id = r.partner_id
         WHERE %s GROUP BY p.commercial_partner_id""",
        ratings,
        condition or SQL("TRUE"),
    )
