from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_gates import GateCommon


@tagged("post_install", "-at_install")
class TestQualification(GateCommon):
    """Covers: SAL-04"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decider.unlink()
        cls.card = cls.env["crm.scorecard"].create(
            {
                "name": "Short",
                "question_ids": [
                    (
                        0,
                        0,
                        {
                            "name": name,
                            "weight": weight,
                            "option_ids": [
                                (0, 0, {"name": "No", "points": 0}),
                                (0, 0, {"name": "Yes", "points": 100}),
                            ],
                        },
                    )
                    for name, weight in (("Budget", 3), ("Need", 1))
                ],
            }
        )

    def answer(self, deal, *choices):
        for row, choice in zip(deal.answer_ids, choices, strict=True):
            row.option_id = row.question_id.option_ids[choice]

    def test_the_scorecard_of_the_team_comes_with_its_questions(self):
        self.team.scorecard_id = self.card
        deal = self.deal()
        self.assertEqual(deal.scorecard_id, self.card)
        self.assertEqual(deal.answer_ids.question_id.mapped("name"), ["Budget", "Need"])
        self.assertEqual(deal.qualification_score, 0)
        self.answer(deal, 1, 0)
        self.assertEqual(deal.qualification_score, 75)

    def test_changing_the_scorecard_changes_the_questions(self):
        deal = self.deal(scorecard_id=self.card.id)
        self.answer(deal, 1, 1)
        bant = self.env.ref("crm_b2b.scorecard_bant")
        deal.scorecard_id = bant
        self.assertEqual(deal.answer_ids.question_id, bant.question_ids)
        self.assertEqual(deal.qualification_score, 0)

    def test_the_form_shows_the_questions_before_saving(self):
        with Form(self.deal()) as form:
            form.scorecard_id = self.card
            with form.answer_ids.edit(0) as row:
                row.option_id = self.card.question_ids[0].option_ids[1]
        self.assertEqual(form.record.qualification_score, 75)

    def test_a_stage_asks_for_a_minimum(self):
        self.contact.min_score = 60
        deal = self.deal(scorecard_id=self.card.id)
        with self.assertRaises(UserError) as caught:
            deal.stage_id = self.need
        self.assertIn("qualification score 0 of 60", str(caught.exception))
        self.answer(deal, 1, 0)
        deal.stage_id = self.need
        self.assertEqual(deal.stage_id, self.need)

    def test_templates_reach_from_0_to_100(self):
        for name in ("bant", "meddicc"):
            card = self.env.ref(f"crm_b2b.scorecard_{name}")
            deal = self.deal(scorecard_id=card.id)
            with self.subTest(card=name):
                self.answer(deal, *[-1] * len(card.question_ids))
                self.assertEqual(deal.qualification_score, 100)
