from odoo import fields, models
from odoo.tools import SQL

from ..models.helpdesk_ticket import KINDS

#: Age of what is open: key, label, days below which it holds.
AGES = [
    ("1", "Under a day", 1),
    ("3", "1 to 3 days", 3),
    ("7", "3 to 7 days", 7),
    ("30", "7 to 30 days", 30),
    ("over", "Over 30 days", None),
]


class ServiceRequestReport(models.Model):
    """Figures of the service desk, a row a request.

    Shares are 100 or 0 on each request, so that the mean over any group is the share;
    where a share has no meaning (not answered yet, no promise) the value is empty and
    does not count. First contact: closed, at most one answer of ours, no visit.
    """

    _name = "service.request.report"
    _description = "Request Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", "Request", readonly=True)
    date = fields.Datetime("Registered", readonly=True)
    closed_date = fields.Datetime("Closed", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("void", "Cancelled")], readonly=True
    )
    age = fields.Selection(
        [(key, label) for key, label, _days in AGES], "Open since", readonly=True
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Agent", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    level_id = fields.Many2one("service.level", "Service level", readonly=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", readonly=True)
    categ_id = fields.Many2one("product.category", "Product line", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")],
        readonly=True,
    )
    open_count = fields.Integer("Open requests", readonly=True)
    late_count = fields.Integer("Late requests", readonly=True)
    age_days = fields.Float("Days open", readonly=True, aggregator="avg")
    first_response_hours = fields.Float(
        "Hours to the first answer",
        readonly=True,
        aggregator="avg",
        help="By the clock on the wall, nights and weekends included.",
    )
    resolution_hours = fields.Float("Hours to close", readonly=True, aggregator="avg")
    waiting_hours = fields.Float(
        "Hours waiting for the customer", readonly=True, aggregator="avg"
    )
    first_contact = fields.Float("First contact (%)", readonly=True, aggregator="avg")
    response_met = fields.Float("Answered in time (%)", readonly=True, aggregator="avg")
    resolution_met = fields.Float(
        "Resolved in time (%)", readonly=True, aggregator="avg"
    )

    _depends = {
        "helpdesk.ticket": [
            "stage_id",
            "user_id",
            "team_id",
            "priority",
            "kind",
            "first_response_date",
            "closed_date",
            "service_level_id",
        ],
        "service.clock": ["state", "deadline", "paused_hours"],
        "service.visit": ["ticket_id", "state"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ticket.id, ticket.id AS ticket_id, ticket.create_date AS date,
                   CASE WHEN stage.closed THEN ticket.closed_date END AS closed_date,
                   CASE WHEN NOT COALESCE(stage.closed, FALSE) THEN 'open'
                        WHEN stage.service_void THEN 'void'
                        ELSE 'closed' END AS state,
                   CASE WHEN NOT COALESCE(stage.closed, FALSE) THEN %(age)s END AS age,
                   ticket.commercial_partner_id AS partner_id, ticket.company_id,
                   ticket.user_id, ticket.team_id, ticket.channel_id,
                   ticket.service_level_id AS level_id, template.categ_id,
                   ticket.kind, ticket.priority,
                   (NOT COALESCE(stage.closed, FALSE))::int AS open_count,
                   (NOT COALESCE(stage.closed, FALSE) AND clock.late)::int
                       AS late_count,
                   CASE WHEN NOT COALESCE(stage.closed, FALSE) THEN %(days)s END
                       AS age_days,
                   EXTRACT(EPOCH FROM ticket.first_response_date - ticket.create_date)
                       / 3600.0 AS first_response_hours,
                   CASE WHEN stage.closed THEN
                       EXTRACT(EPOCH FROM ticket.closed_date - ticket.create_date)
                       / 3600.0 END AS resolution_hours,
                   clock.waiting_hours, clock.response_met, clock.resolution_met,
                   CASE WHEN stage.closed AND NOT COALESCE(stage.service_void, FALSE)
                        THEN CASE WHEN contact.answers <= 1 AND contact.visits = 0
                                  THEN 100.0 ELSE 0.0 END END AS first_contact
              FROM helpdesk_ticket ticket
         LEFT JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id
         LEFT JOIN product_product product ON product.id = ticket.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN LATERAL (%(clock)s) clock ON TRUE
         LEFT JOIN LATERAL (%(contact)s) contact ON TRUE
             WHERE ticket.active
            """,
            age=self._get_age(),
            days=self._get_days(),
            clock=self._get_clock_query(),
            contact=self._get_contact_query(),
        )

    def _get_days(self):
        return SQL(
            "EXTRACT(EPOCH FROM (now() AT TIME ZONE 'UTC') - ticket.create_date)"
            " / 86400.0"
        )

    def _get_age(self):
        cases = [
            SQL("WHEN %s < %s THEN %s", self._get_days(), days, key)
            for key, _label, days in AGES
            if days
        ]
        return SQL("CASE %s ELSE 'over' END", SQL(" ").join(cases))

    def _get_clock_query(self):
        """Kept promises; what is late and still open counts as not kept."""
        met = SQL(
            """
            CASE WHEN state = 'met' THEN 100.0
                 WHEN state = 'missed' OR (state IN ('running', 'paused')
                      AND deadline < now() AT TIME ZONE 'UTC') THEN 0.0 END
            """
        )
        return SQL(
            """
            SELECT AVG(%(met)s) FILTER (WHERE kind = 'response') AS response_met,
                   AVG(%(met)s) FILTER (WHERE kind = 'resolution') AS resolution_met,
                   AVG(paused_hours) FILTER (WHERE kind = 'resolution')
                       AS waiting_hours,
                   BOOL_OR(state IN ('running', 'paused')
                           AND deadline < now() AT TIME ZONE 'UTC') AS late
              FROM service_clock WHERE ticket_id = ticket.id
            """,
            met=met,
        )

    def _get_contact_query(self):
        """Answers the customer can read, by colleagues; and visits that took place."""
        comment = self.env.ref("mail.mt_comment")
        return SQL(
            """
            SELECT (SELECT COUNT(*)
                      FROM mail_message message
                      JOIN res_users author ON author.partner_id = message.author_id
                     WHERE message.model = 'helpdesk.ticket'
                       AND message.res_id = ticket.id
                       AND message.subtype_id = %s
                       AND message.message_type IN ('comment', 'email_outgoing')
                       AND NOT author.share) AS answers,
                   (SELECT COUNT(*) FROM service_visit visit
                     WHERE visit.ticket_id = ticket.id AND visit.state = 'done')
                       AS visits
            """,
            comment.id,
        )

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "views": [[False, "form"]],
        }
