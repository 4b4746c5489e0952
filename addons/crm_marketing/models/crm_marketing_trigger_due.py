from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import audience_sql, trigger_rules, trigger_sql


class CrmMarketingTrigger(models.Model):
    """Who has an occasion, what is known of them, and whom to write to."""

    _inherit = "crm.marketing.trigger"  # pylint: disable=consider-merging-classes-inherited

    def _detect(self):
        """Put down the occasions that are new; return how many."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_marketing_trigger_log
                       (trigger_id, company_id, commercial_partner_id, occasion,
                        occasion_date, since_date, due_date, state,
                        create_uid, create_date, write_uid, write_date)
                SELECT %s, %s, partner_id, occasion, occasion_date, since_date,
                       occasion_date + %s, 'waiting', %s, %s, %s, %s
                  FROM (%s) found WHERE %s
           ON CONFLICT (trigger_id, commercial_partner_id, occasion) DO NOTHING""",
                self.id,
                self.company_id.id,
                self.delay_days,
                self.env.uid,
                fields.Datetime.now(),
                self.env.uid,
                fields.Datetime.now(),
                trigger_sql.KINDS[self.kind](self._get_question()),
                self._get_audience_condition(),
            )
        )
        count = self.env.cr.rowcount
        self.env["crm.marketing.trigger.log"].invalidate_model()
        return count

    def _get_audience_condition(self):
        if not self.audience_id:
            return SQL("TRUE")
        return SQL(
            "partner_id IN (SELECT commercial_partner_id FROM (%s) m)",
            self.audience_id._get_members_query(),
        )

    def _get_question(self):
        today = fields.Date.context_today(self)
        return trigger_sql.Question(
            company_id=self.company_id.id,
            first=max(
                self.start_date or today,
                today - timedelta(days=self.max_late + self.delay_days),
            ),
            today=today,
            days=self.lead_days,
            factor=self.silence_factor,
            silence_days=self.silence_days,
            classes=tuple(self.class_ids.mapped("code")),
            rating=self.rating_limit,
            with_tickets="helpdesk.ticket" in self.env,
        )

    def _get_facts(self, rows, today):
        """{log id: what the customer did}, each kind in one query."""
        customers = rows.commercial_partner_id
        bought = self._get_last_purchases(customers)
        deals = self._get_customers_of(
            "crm.lead",
            [("type", "=", "opportunity"), ("won_status", "=", "pending")],
            customers,
        )
        tickets = (
            self._get_customers_of(
                "helpdesk.ticket", [("stage_id.closed", "=", False)], customers
            )
            if "helpdesk.ticket" in self.env
            else set()
        )
        sent = dict(
            self.env["crm.marketing.trigger.log"]._read_group(
                [
                    ("trigger_id", "=", self.id),
                    ("state", "=", "sent"),
                    ("commercial_partner_id", "in", customers.ids),
                    (
                        "decided_on",
                        ">",
                        fields.Datetime.now() - timedelta(days=self.cap_days),
                    ),
                ],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        return {
            row.id: trigger_rules.Occasion(
                due=row.due_date,
                bought=bool(
                    row.commercial_partner_id.id in bought
                    and bought[row.commercial_partner_id.id] > row.since_date
                ),
                open_deal=row.commercial_partner_id.id in deals,
                open_ticket=row.commercial_partner_id.id in tickets,
                sent=sent.get(row.commercial_partner_id, 0),
            )
            for row in rows
        }

    def _get_last_purchases(self, customers):
        """{customer id: day of the last confirmed order or posted invoice}."""
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, max(day) FROM (
                        SELECT commercial_partner_id AS partner_id,
                               invoice_date AS day
                          FROM account_move
                         WHERE commercial_partner_id = ANY(%(ids)s)
                           AND company_id = %(company)s AND state = 'posted'
                           AND move_type IN ('out_invoice', 'out_receipt')
                     UNION ALL
                        SELECT p.commercial_partner_id, o.date_order::date
                          FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                         WHERE p.commercial_partner_id = ANY(%(ids)s)
                           AND o.company_id = %(company)s AND o.state = 'sale'
                    ) purchases GROUP BY partner_id""",
                    ids=customers.ids,
                    company=self.company_id.id,
                )
            )
        )

    def _get_customers_of(self, model, domain, customers):
        """Ids of the customers that have such a record."""
        domain = Domain(domain) & Domain(
            [
                ("partner_id.commercial_partner_id", "in", customers.ids),
                ("company_id", "in", (self.company_id.id, False)),
            ]
        )
        return {
            partner.commercial_partner_id.id
            for [partner] in self.env[model]._read_group(domain, ["partner_id"])
        }

    def _get_contacts(self, customers):
        """({customer id: contacts}, {customer id: words why others are left out})."""
        company_id = self.company_id.id
        today = fields.Date.context_today(self)
        self.env.flush_all()
        criteria = (
            self.audience_id._get_criteria()
            if self.audience_id
            else audience_sql.Criteria(company_id=company_id, today=today)
        )
        chosen = SQL("SELECT unnest(%s::int[])", customers.ids)
        partners = (
            SQL("%s INTERSECT %s", chosen, criteria.partners)
            if criteria.partners
            else chosen
        )
        query = audience_sql.members(
            criteria._replace(partners=partners),
            self.purpose_id._get_limits(self.company_id),
        )
        labels = dict(
            self.env["crm.audience.member"]
            ._fields["excluded_reason"]
            ._description_selection(self.env)
        )
        contacts = defaultdict(self.env["res.partner"].browse)
        reasons = defaultdict(set)
        for partner, customer, reason in self.env.execute_query(
            SQL(
                "SELECT partner_id, commercial_partner_id, excluded_reason"
                " FROM (%s) m ORDER BY partner_id",
                query,
            )
        ):
            if reason:
                reasons[customer].add(labels[reason])
            else:
                contacts[customer] |= self.env["res.partner"].browse(partner)
        return contacts, reasons
