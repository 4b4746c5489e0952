from odoo import fields, models

from ..tools import nps


class SurveyUserInput(models.Model):
    """An answer to the yearly survey: for which company, about which products."""

    _inherit = "survey.user_input"

    service_company_id = fields.Many2one(
        "res.company", "Company asked for", readonly=True, index="btree_not_null"
    )
    service_categ_id = fields.Many2one(
        "product.category",
        "Product line",
        readonly=True,
        help="The product line most was invoiced of in the year before the question.",
    )
    service_followed_up = fields.Boolean("Follow-up opened", readonly=True)

    def _mark_done(self):
        result = super()._mark_done()
        for answer in self.filtered("service_company_id"):
            answer._follow_up_detractor()
        return result

    def _get_service_scores(self):
        """Return {measure: answer from 0 to 10} of what was answered."""
        self.ensure_one()
        return {
            line.question_id.service_measure: line.value_scale
            for line in self.user_input_line_ids
            if line.question_id.service_measure and not line.skipped
        }

    def _get_service_comment(self):
        self.ensure_one()
        texts = self.user_input_line_ids.mapped("value_text_box")
        return "\n".join(text for text in texts if text)

    def _follow_up_detractor(self):
        """A detractor is called: by the owner of the account, the manager knows."""
        scores = self._get_service_scores().values()
        low = [score for score in scores if nps.weigh(score) < 0]
        if not low or self.service_followed_up or self.test_entry:
            return
        self.service_followed_up = True
        none = self.env["res.users"]
        self.partner_id._open_satisfaction_follow_up(
            self,
            owner=none,
            manager=none,
            company=self.service_company_id,
            summary=self.env._(
                "%(customer)s gave %(score)d of 10 in the yearly survey",
                customer=self.partner_id.display_name,
                score=min(low),
            ),
            feedback=self._get_service_comment(),
        )
