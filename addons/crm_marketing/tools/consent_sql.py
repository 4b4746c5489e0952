"""Whom we may not write to now, and why; one statement for any number of addresses."""

from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

# What a contact wishes, in days between two mails; see ``marketing_frequency``.
FREQUENCY_DAYS = {"week": 7, "month": 30, "quarter": 91}


class Limits(NamedTuple):
    """What is asked of an address.

    ``purpose_id``: the purpose of the mail. ``opt_in``: it needs a given consent; else
    a refusal is what counts. ``cap_count`` mails in ``cap_days`` days are the most; 0
    for no limit. ``capped``: whether limits count at all. ``now``: naive UTC.
    """

    purpose_id: int
    opt_in: bool
    capped: bool
    cap_count: int
    cap_days: int
    now: datetime


def refusals(addresses: SQL, limits: Limits) -> SQL:
    """Rows ``(email, reason)`` of the addresses that must not be written to.

    An address is a person: what one contact with that address refused, holds for all of
    them. The first reason that holds is given: ``blacklist``, ``refused``,
    ``no_consent``, ``channel``, ``cap``.

    :param addresses: a query with one column ``email`` of normalised addresses
    """
    return SQL(
        """
        WITH mc_address AS MATERIALIZED (
            SELECT DISTINCT email FROM (%(addresses)s) a WHERE email IS NOT NULL
        ), mc_person AS MATERIALIZED (
            SELECT a.email, p.id, p.marketing_channel,
                   CASE p.marketing_frequency %(frequencies)s END AS days
              FROM mc_address a
              JOIN res_partner p ON p.email_normalized = a.email AND p.active
        ), mc_state AS (
            SELECT DISTINCT ON (c.partner_id) c.partner_id, c.state
              FROM crm_consent c
             WHERE c.purpose_id = %(purpose)s
               AND c.partner_id IN (SELECT id FROM mc_person)
          ORDER BY c.partner_id, c.date DESC, c.id DESC
        ), mc_wish AS (
            SELECT p.email,
                   coalesce(bool_or(s.state <> 'granted'), FALSE) AS refused,
                   coalesce(bool_or(s.state = 'granted'), FALSE) AS granted,
                   coalesce(bool_or(p.marketing_channel NOT IN ('any', 'email')),
                            FALSE) AS other_channel,
                   max(p.days) AS days
              FROM mc_person p LEFT JOIN mc_state s ON s.partner_id = p.id
          GROUP BY p.email
        ), mc_mail AS (
            %(mails)s
        )
        SELECT email, reason FROM (
            SELECT a.email,
                   CASE WHEN b.email IS NOT NULL THEN 'blacklist'
                        WHEN w.refused THEN 'refused'
                        WHEN %(opt_in)s AND w.granted IS NOT TRUE THEN 'no_consent'
                        WHEN w.other_channel THEN 'channel'
                        WHEN m.reached THEN 'cap'
                    END AS reason
              FROM mc_address a
         LEFT JOIN mc_wish w ON w.email = a.email
         LEFT JOIN mail_blacklist b ON b.email = a.email AND b.active
         LEFT JOIN mc_mail m ON m.email = a.email
        ) decided WHERE reason IS NOT NULL""",
        addresses=addresses,
        frequencies=SQL(" ").join(
            SQL("WHEN %s THEN %s", code, days) for code, days in FREQUENCY_DAYS.items()
        ),
        purpose=limits.purpose_id,
        opt_in=limits.opt_in,
        mails=_reached(limits),
    )


def _reached(limits):
    """Addresses that had as many mails as they may have.

    Mails of all purposes with a limit count; a reminder of the contact's own wish (one
    a week, month or quarter) counts besides the company's limit.
    """
    if not limits.capped:
        return SQL("SELECT NULL::varchar AS email, FALSE AS reached WHERE FALSE")
    return SQL(
        """
        SELECT t.email,
               (%(count)s > 0 AND count(*) FILTER (
                    WHERE coalesce(t.sent_datetime, t.create_date)
                          > %(now)s::timestamp - make_interval(days => %(days)s)
                ) >= %(count)s)
               OR bool_or(w.days IS NOT NULL
                    AND coalesce(t.sent_datetime, t.create_date)
                        > %(now)s::timestamp - make_interval(days => w.days)
               ) AS reached
          FROM mailing_trace t
          JOIN mc_wish w ON w.email = t.email
          JOIN mailing_mailing g ON g.id = t.mass_mailing_id
          JOIN crm_marketing_purpose u ON u.id = g.purpose_id AND u.is_capped
         WHERE t.trace_status NOT IN ('cancel', 'error', 'bounce')
           AND t.is_test_trace IS NOT TRUE
           AND t.create_date > %(now)s::timestamp
               - make_interval(days => greatest(%(days)s, 92))
      GROUP BY t.email""",
        count=limits.cap_count,
        days=limits.cap_days,
        now=limits.now,
    )
