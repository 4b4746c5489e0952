from odoo import api, models
from odoo.tools import SQL

from ..tools import relationship


class CrmRelationshipReview(models.Model):
    """Contact facts of many accounts, read in one statement."""

    _inherit = "crm.relationship.review"

    @api.model
    def _get_facts(self, accounts, company, day):
        """Return {account id: Facts} of the twelve months before ``day``.

        ``accounts`` are commercial partners; everybody of the company counts for it.
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._facts_sql(accounts, company, day))
        facts = {row[0]: relationship.Facts(*row[1:]) for row in rows}
        return {item.id: facts.get(item.id, relationship.Facts()) for item in accounts}

    @api.model
    def _facts_sql(self, accounts, company, day):
        return SQL(
            """
            WITH people AS (
                SELECT id, commercial_partner_id AS account FROM res_partner
                 WHERE commercial_partner_id = ANY(%(accounts)s)
            ), contact AS (%(contacts)s), delivery AS (
                SELECT p.account, k.id, k.date_done::date AS day
                  FROM stock_picking k
                  JOIN people p ON p.id = k.partner_id
                  JOIN stock_picking_type y ON y.id = k.picking_type_id
                 WHERE k.state = 'done' AND y.code = 'outgoing'
                   AND k.company_id = %(company)s
                   AND k.date_done::date > %(start)s AND k.date_done::date <= %(day)s
            ), followed AS (
                SELECT d.account, count(*) AS deliveries,
                       count(*) FILTER (WHERE EXISTS (
                           SELECT 1 FROM contact c
                            WHERE c.account = d.account AND c.own
                              AND c.day BETWEEN d.day AND d.day + %(followup)s))
                           AS followed
                  FROM delivery d GROUP BY d.account
            ), counted AS (
                SELECT account, count(*) AS contacts,
                       count(*) FILTER (WHERE own) AS own_contacts,
                       count(DISTINCT date_trunc('quarter', day)) FILTER (WHERE own)
                           AS quarters,
                       count(DISTINCT person) AS people,
                       count(*) FILTER (WHERE feedback) AS feedback
                  FROM contact GROUP BY account
            ), plan AS (
                SELECT a.partner_id AS account,
                       bool_or(a.state = 'active' AND a.date_start <= %(day)s
                               AND a.date_end >= %(day)s) AS running,
                       count(r.id) FILTER (WHERE r.done AND r.with_customer
                           AND r.date > %(start)s AND r.date <= %(day)s) AS reviews
                  FROM crm_account_plan a
                  LEFT JOIN crm_account_plan_review r ON r.plan_id = a.id
                 WHERE a.partner_id = ANY(%(accounts)s) AND a.company_id = %(company)s
                 GROUP BY a.partner_id
            )
            SELECT a.id, coalesce(c.contacts, 0)::int, coalesce(c.own_contacts, 0)::int,
                   least(4, coalesce(c.quarters, 0))::int,
                   coalesce(f.deliveries, 0)::int, coalesce(f.followed, 0)::int,
                   coalesce(c.feedback, 0)::int, coalesce(c.people, 0)::int,
                   coalesce(p.running, FALSE), coalesce(p.reviews, 0)::int
              FROM unnest(%(accounts)s) AS a(id)
              LEFT JOIN counted c ON c.account = a.id
              LEFT JOIN followed f ON f.account = a.id
              LEFT JOIN plan p ON p.account = a.id
            """,
            accounts=accounts.ids,
            contacts=self._contacts_sql(company, day),
            company=company.id,
            followup=company.crm_b2b_followup_days,
            day=day,
            start=self._get_start(day),
        )

    @api.model
    def _contacts_sql(self, company, day):
        """Rows (account, day, own, person, feedback): one a contact.

        Visits and meetings and done activities are ours; a message of the customer's
        people on our records is theirs. Other addons add their rows by super.
        """
        start = self._get_start(day)
        return SQL(
            """
            SELECT p.account, r.date::date AS day, TRUE AS own, t.res_partner_id
                   AS person, coalesce(r.feedback_asked, FALSE) AS feedback
              FROM crm_visit_report r
              JOIN people p ON p.id = r.partner_id
              LEFT JOIN LATERAL (
                  SELECT min(x.res_partner_id) AS res_partner_id
                    FROM crm_visit_report_attendee_rel x
                   WHERE x.crm_visit_report_id = r.id) t ON TRUE
             WHERE r.state = 'done' AND r.company_id = %(company)s
               AND r.date::date > %(start)s AND r.date::date <= %(day)s
            UNION ALL
            SELECT p.account, e.start::date, TRUE, p.id, FALSE
              FROM calendar_event e
              JOIN calendar_event_res_partner_rel m ON m.calendar_event_id = e.id
              JOIN people p ON p.id = m.res_partner_id
              JOIN res_users u ON u.id = e.user_id
             WHERE e.active AND u.company_id = %(company)s
               AND NOT EXISTS (SELECT 1 FROM crm_visit_report r WHERE r.event_id = e.id)
               AND e.start::date > %(start)s AND e.start::date <= %(day)s
            UNION ALL
            SELECT p.account, m.date::date, TRUE, NULL, FALSE
              FROM mail_message m
              JOIN crm_lead d ON d.id = m.res_id
              JOIN people p ON p.id = d.partner_id
             WHERE m.model = 'crm.lead' AND m.mail_activity_type_id IS NOT NULL
               AND coalesce(d.company_id, %(company)s) = %(company)s
               AND m.date::date > %(start)s AND m.date::date <= %(day)s
            UNION ALL
            SELECT p.account, m.date::date, FALSE, p.id, FALSE
              FROM mail_message m
              JOIN people p ON p.id = m.author_id
             WHERE m.model IN ('crm.lead', 'sale.order', 'res.partner')
               AND m.message_type IN ('email', 'comment')
               AND m.date::date > %(start)s AND m.date::date <= %(day)s
            """,
            company=company.id,
            day=day,
            start=start,
        )
