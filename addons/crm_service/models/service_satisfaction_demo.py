from datetime import timedelta

from odoo import api, fields, models

#: (months back, would buy again, would recommend, comment)
DEMO_ANSWERS = (
    (10, 9, 8, ""),
    (8, 7, 6, "Prices rise faster than the quality."),
    (6, 10, 9, "The technician knew our plant."),
    (4, 9, 9, ""),
    (2, 8, 7, ""),
    (1, 10, 10, "Keep it up!"),
)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _make_demo_satisfaction(self):
        """Ratings and answers of the last months for the demo customers."""
        company = self.env.company
        company.service_survey = True
        partners = [
            self.env.ref(f"crm_service.desk_partner_{name}")
            for name in ("gold", "plain")
        ]
        survey = self.env.ref("crm_service.survey_relationship")
        questions = [
            self.env.ref(f"crm_service.survey_question_{name}")
            for name in ("again", "recommend", "comment")
        ]
        for number, (months, *given) in enumerate(DEMO_ANSWERS):
            contact = self.env["res.partner"].create(
                {
                    "name": f"Demo buyer {number + 1}",
                    "parent_id": partners[number % 2].id,
                    "email": f"buyer{number + 1}@example.com",
                }
            )
            answer = survey._create_answer(
                partner=contact, service_company_id=company.id
            )
            for question, value in zip(questions, given, strict=True):
                answer._save_lines(question, value)
            answer._mark_done()
            answer.end_datetime = fields.Datetime.now() - timedelta(days=30 * months)
        for name, rate, feedback in (
            ("covered", 5, "Back in operation within a day."),
            ("not_covered", 1, "Waited two days for an answer."),
        ):
            ticket = self.env.ref(f"crm_service.desk_ticket_{name}")
            token = ticket._rating_get_access_token()
            ticket.rating_apply(rate, token=token, feedback=feedback)
