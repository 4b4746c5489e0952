from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import nps


class ServiceSatisfactionReport(models.Model):
    """What customers think: ratings after service and answers to the yearly survey.

    The net promoter score of any set of rows is the mean of ``nps`` (100 for a
    promoter, 0, -100 for a detractor), the share of content customers the mean of
    ``content``.
    """

    _name = "service.satisfaction.report"
    _description = "Satisfaction Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "document"

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(
        [("request", "Request"), ("visit", "Visit"), ("survey", "Yearly survey")],
        "Asked after",
        readonly=True,
    )
    measure = fields.Selection(
        [
            ("service", "Content with the service"),
            ("again", "Would buy again"),
            ("recommend", "Would recommend"),
        ],
        "Question",
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    contact_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    categ_id = fields.Many2one("product.category", "Product line", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    rating = fields.Float("Rating (1 to 5)", readonly=True, aggregator="avg")
    score = fields.Integer("Answer (0 to 10)", readonly=True, aggregator="avg")
    nps = fields.Float("NPS", readonly=True, aggregator="avg", digits=(5, 1))
    content = fields.Float(
        "Content (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Share of ratings with 4 or 5 of 5.",
    )
    feedback = fields.Text("Comment", readonly=True)
    document = fields.Char(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)

    _depends = {
        "rating.rating": ["rating", "consumed", "feedback", "rated_on", "res_id"],
        "survey.user_input": ["state", "end_datetime", "service_company_id"],
        "survey.user_input.line": ["value_scale", "skipped"],
        "survey.question": ["service_measure"],
        "helpdesk.ticket": ["user_id", "team_id", "product_id", "number", "name"],
        "service.visit": ["user_id", "name", "summary"],
    }

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            [
                self._get_request_query(),
                self._get_visit_query(),
                self._get_survey_query(),
            ]
        )

    def _get_rating_columns(self):
        return SQL(
            """
            rating.id::bigint * 2 AS id, COALESCE(rated_on, rating.write_date) AS date,
            'service' AS measure,
            COALESCE(contact.commercial_partner_id, customer.id) AS partner_id,
            COALESCE(contact.id, customer.id) AS contact_id,
            rating.rating AS rating, NULL::int AS score, NULL::float AS nps,
            CASE WHEN rating.rating >= 4 THEN 100.0 ELSE 0.0 END::float AS content,
            rating.feedback, rating.res_model, rating.res_id
            """
        )

    def _get_request_query(self):
        return SQL(
            """
            SELECT %s, 'request' AS kind, ticket.company_id, template.categ_id,
                   ticket.user_id, ticket.team_id,
                   CONCAT_WS(' ', ticket.number, ticket.name) AS document
              FROM rating_rating rating
              JOIN helpdesk_ticket ticket ON ticket.id = rating.res_id
         LEFT JOIN res_partner contact ON contact.id = rating.partner_id
         LEFT JOIN res_partner customer ON customer.id = ticket.commercial_partner_id
         LEFT JOIN product_product product ON product.id = ticket.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE rating.consumed AND rating.rating > 0
               AND rating.res_model = 'helpdesk.ticket'
            """,
            self._get_rating_columns(),
        )

    def _get_visit_query(self):
        return SQL(
            """
            SELECT %s, 'visit' AS kind, visit.company_id,
                   (SELECT template.categ_id
                      FROM service_asset_service_visit_rel link
                      JOIN service_asset asset ON asset.id = link.service_asset_id
                      JOIN product_product product ON product.id = asset.product_id
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                     WHERE link.service_visit_id = visit.id
                  ORDER BY asset.id LIMIT 1) AS categ_id,
                   visit.user_id, ticket.team_id,
                   CONCAT_WS(' ', visit.name, visit.summary) AS document
              FROM rating_rating rating
              JOIN service_visit visit ON visit.id = rating.res_id
         LEFT JOIN res_partner contact ON contact.id = rating.partner_id
         LEFT JOIN res_partner customer ON customer.id = visit.commercial_partner_id
         LEFT JOIN helpdesk_ticket ticket ON ticket.id = visit.ticket_id
             WHERE rating.consumed AND rating.rating > 0
               AND rating.res_model = 'service.visit'
            """,
            self._get_rating_columns(),
        )

    def _get_survey_query(self):
        """Answers to the two questions; the comment of the answer stands at both."""
        return SQL(
            """
            SELECT line.id::bigint * 2 + 1 AS id, answer.end_datetime AS date,
                   question.service_measure AS measure,
                   contact.commercial_partner_id AS partner_id,
                   contact.id AS contact_id,
                   NULL::float AS rating, line.value_scale AS score,
                   CASE WHEN line.value_scale >= %(promoter)s THEN 100.0
                        WHEN line.value_scale >= %(passive)s THEN 0.0
                        ELSE -100.0 END::float AS nps,
                   NULL::float AS content,
                   (SELECT STRING_AGG(text.value_text_box, ' ' ORDER BY text.id)
                      FROM survey_user_input_line text
                     WHERE text.user_input_id = answer.id) AS feedback,
                   'survey.user_input' AS res_model, answer.id AS res_id,
                   'survey' AS kind, answer.service_company_id AS company_id,
                   answer.service_categ_id AS categ_id,
                   customer.user_id, NULL::int AS team_id,
                   contact.complete_name AS document
              FROM survey_user_input_line line
              JOIN survey_question question ON question.id = line.question_id
              JOIN survey_user_input answer ON answer.id = line.user_input_id
              JOIN res_partner contact ON contact.id = answer.partner_id
              JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             WHERE question.service_measure IS NOT NULL
               AND answer.service_company_id IS NOT NULL
               AND answer.state = 'done' AND answer.test_entry IS NOT TRUE
               AND line.skipped IS NOT TRUE
            """,
            promoter=nps.PROMOTER,
            passive=nps.PASSIVE,
        )

    def action_open(self):
        """Open the request, the visit or the answers behind this row."""
        self.ensure_one()
        self.env[self.res_model].browse(self.res_id).check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }

    def _get_nps(self, domain=()):
        """Return the ``nps.Nps`` of the survey answers in ``domain``."""
        rows = self._read_group(
            Domain("kind", "=", "survey") & Domain(domain), ["nps"], ["__count"]
        )
        counts = {round(weight): number for weight, number in rows}
        parts = [counts.get(weight, 0) for weight in (100, 0, -100)]
        return nps.of_counts(*parts)
