"""SQL of playbooks: who starts them, and their outcome by invoices around the start."""

from datetime import date

from odoo.tools import SQL

from .moves_sql import CUSTOMER_MOVES

DAYS = 183  # at most half a year on either side


def outcome(today: date) -> SQL:
    """One row a start: measures done, revenue of equally many days before and after.

    An activity that was deleted or called off is not done. ``days`` is 0 on the day of
    the start, when there is nothing to compare yet.
    """
    return SQL(
        """
        SELECT s.id, s.company_id, s.partner_id, s.playbook_id, s.value_class,
               s.user_id, s.date, s.planned_count, a.done AS done_count, s.days,
               CASE WHEN a.done = 0 THEN 'none'
                    WHEN a.done < s.planned_count THEN 'some' ELSE 'all' END AS measure,
               r.before AS revenue_before, r.after AS revenue_after,
               r.after - r.before AS change, r.after - r.before AS mean_change
          FROM (SELECT *, greatest(0, least(%(days)s, %(today)s::date - date)) AS days
                  FROM crm_value_playbook_start WHERE state = 'started') s
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE NOT t.active)::int AS done
          FROM crm_value_playbook_start_mail_activity_rel l
          JOIN mail_activity t ON t.id = l.mail_activity_id
         WHERE l.crm_value_playbook_start_id = s.id) a
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(m.amount_untaxed_signed)
                   FILTER (WHERE m.invoice_date <= s.date), 0) AS before,
               coalesce(sum(m.amount_untaxed_signed)
                   FILTER (WHERE m.invoice_date > s.date), 0) AS after
          FROM account_move m
         WHERE m.commercial_partner_id = s.partner_id AND m.company_id = s.company_id
           AND m.invoice_date > s.date - s.days
           AND m.invoice_date <= s.date + s.days AND %(moves)s) r""",
        days=DAYS,
        today=today,
        moves=CUSTOMER_MOVES,
    )


def leaders(partner_ids: list[int], company_ids: list[int]) -> SQL:
    """(customer, company, user): who leads the team of the customer's last document.

    Of documents whose team has a leader who works for the company.
    """
    return SQL(
        """
        SELECT DISTINCT ON (m.commercial_partner_id, m.company_id)
               m.commercial_partner_id, m.company_id, u.id
          FROM account_move m
          JOIN crm_team t ON t.id = m.team_id AND t.active
          JOIN res_users u ON u.id = t.user_id AND u.active
          JOIN res_company_users_rel c ON c.user_id = u.id AND c.cid = m.company_id
         WHERE m.commercial_partner_id = ANY(%s) AND m.company_id = ANY(%s) AND %s
      ORDER BY m.commercial_partner_id, m.company_id, m.invoice_date DESC, m.id DESC""",
        list(partner_ids),
        list(company_ids),
        CUSTOMER_MOVES,
    )
