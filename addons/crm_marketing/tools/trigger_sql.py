"""Occasions of customers: rows (partner_id, occasion, occasion_date, since_date).

``occasion`` names it for good: the same occasion always has the same name, so that it
is written about once. A purchase after ``since_date`` stops it.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL


class Question(NamedTuple):
    """``first`` to ``today``: occasion dates that count. ``days`` before an end.

    ``factor`` x the own cadence is silence, ``silence_days`` where there is none.
    ``classes``: new value classes. ``rating``: 1 to this is low. ``with_tickets``: the
    company of a rated request is known.
    """

    company_id: int
    first: date
    today: date
    days: int = 0
    factor: float = 2.0
    silence_days: int = 180
    classes: tuple[str, ...] = ()
    rating: float = 3.0
    with_tickets: bool = False


def reorder_due(question: Question) -> SQL:
    """The customer's own cadence has passed since the last purchase."""
    return _after_purchase(question, SQL("round(v.cadence)::int"))


def silence(question: Question) -> SQL:
    """A multiple of the own cadence has passed."""
    return _after_purchase(
        question,
        SQL(
            "CASE WHEN v.cadence > 0 AND v.cadence < 3650"
            " THEN ceil(%s * v.cadence)::int ELSE %s END",
            question.factor,
            question.silence_days,
        ),
        known_cadence=False,
    )


def _after_purchase(question, gap, known_cadence=True):
    return SQL(
        """
        SELECT partner_id, 'purchase:' || last_date AS occasion,
               day AS occasion_date, last_date AS since_date
          FROM (SELECT v.partner_id, v.last_date, v.last_date + %s AS day
                  FROM crm_customer_value v
                 WHERE v.company_id = %s AND v.last_date IS NOT NULL AND %s) due
         WHERE day BETWEEN %s AND %s""",
        gap,
        question.company_id,
        # NaN is greater than all numbers
        SQL("v.cadence > 0 AND v.cadence < 3650") if known_cadence else SQL("TRUE"),
        question.first,
        question.today,
    )


def contract_end(question: Question) -> SQL:
    """A contract ends in so many days."""
    return _before_end(
        question,
        SQL(
            "SELECT commercial_partner_id AS partner_id, 'contract:' || id AS name,"
            " date_end AS day FROM contract_contract WHERE active"
            " AND contract_type = 'sale' AND is_terminated IS NOT TRUE"
            " AND company_id = %s AND date_end IS NOT NULL",
            question.company_id,
        ),
    )


def price_end(question: Question) -> SQL:
    """A frame agreement, or prices on the customer's own price list, end."""
    return _before_end(
        question,
        SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, 'frame:' || b.id AS name,
                   b.validity_date AS day
              FROM sale_blanket_order b JOIN res_partner p ON p.id = b.partner_id
             WHERE b.state = 'open' AND b.company_id = %(company)s
               AND b.validity_date IS NOT NULL
         UNION
            SELECT p.commercial_partner_id, 'pricelist:' || i.pricelist_id,
                   i.date_end::date
              FROM res_partner p
              JOIN product_pricelist_item i ON i.pricelist_id =
                   (p.specific_property_product_pricelist ->> %(key)s)::int
             WHERE p.active AND i.date_end IS NOT NULL
               AND coalesce(p.company_id, %(company)s) = %(company)s""",
            company=question.company_id,
            key=str(question.company_id),
        ),
    )


def _before_end(question, ends):
    return SQL(
        """
        SELECT partner_id, name || ':' || day AS occasion,
               day - %(days)s AS occasion_date, day - %(days)s AS since_date
          FROM (%(ends)s) ends
         WHERE partner_id IS NOT NULL
           AND day - %(days)s BETWEEN %(first)s AND %(today)s""",
        days=question.days,
        ends=ends,
        first=question.first,
        today=question.today,
    )


def anniversary(question: Question) -> SQL:
    """Years since equipment was commissioned; one occasion a customer and day."""
    return SQL(
        """
        SELECT DISTINCT partner_id, 'anniversary:' || day AS occasion,
               day AS occasion_date, day AS since_date
          FROM (SELECT a.commercial_partner_id AS partner_id,
                       (a.commissioned_date + make_interval(years => y - extract(
                           year FROM a.commissioned_date)::int))::date AS day
                  FROM service_asset a
            CROSS JOIN generate_series(
                       extract(year FROM %(first)s::date)::int,
                       extract(year FROM %(today)s::date)::int) y
                 WHERE a.active AND a.company_id = %(company)s
                   AND a.commissioned_date IS NOT NULL
                   AND y > extract(year FROM a.commissioned_date)) years
         WHERE partner_id IS NOT NULL AND day BETWEEN %(first)s AND %(today)s""",
        company=question.company_id,
        first=question.first,
        today=question.today,
    )


def class_change(question: Question) -> SQL:
    """The customer came into one of the value classes."""
    return SQL(
        """
        SELECT DISTINCT partner_id, 'class:' || class_to || ':' || date AS occasion,
               date AS occasion_date, date AS since_date
          FROM crm_customer_move
         WHERE company_id = %s AND date BETWEEN %s AND %s AND class_to = ANY(%s)""",
        question.company_id,
        question.first,
        question.today,
        list(question.classes),
    )


def low_rating(question: Question) -> SQL:
    """A contact gave few points."""
    ticket = SQL(
        "AND (r.res_model <> 'helpdesk.ticket' OR EXISTS (SELECT FROM helpdesk_ticket h"
        " WHERE h.id = r.res_id"
        " AND coalesce(h.company_id, %(company)s) = %(company)s))",
        company=question.company_id,
    )
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id, 'rating:' || r.id AS occasion,
               coalesce(r.rated_on, r.write_date)::date AS occasion_date,
               coalesce(r.rated_on, r.write_date)::date AS since_date
          FROM rating_rating r JOIN res_partner p ON p.id = r.partner_id
         WHERE r.consumed AND r.rating > 0 AND r.rating <= %(rating)s
           AND coalesce(p.company_id, %(company)s) = %(company)s
           AND coalesce(r.rated_on, r.write_date)::date
               BETWEEN %(first)s AND %(today)s %(ticket)s""",
        rating=question.rating,
        company=question.company_id,
        first=question.first,
        today=question.today,
        ticket=ticket if question.with_tickets else SQL(""),
    )


KINDS = {
    "reorder_due": reorder_due,
    "silence": silence,
    "contract_end": contract_end,
    "price_end": price_end,
    "anniversary": anniversary,
    "class_change": class_change,
    "low_rating": low_rating,
}
