from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common_gates import GateCommon


@tagged("post_install", "-at_install")
class TestGates(GateCommon):
    """Covers: SAL-02"""

    def test_a_missing_criterion_blocks_the_way_forward_and_is_named(self):
        deal = self.deal()
        with self.assertBlocked("Gated deal: Decider met"):
            deal.stage_id = self.need
        self.assertEqual(deal.stage_id, self.contact)
        self.assertEqual(deal.gate_missing, "Decider met")
        self.tick(deal)
        deal.invalidate_recordset()
        self.assertFalse(deal.gate_missing)
        deal.stage_id = self.need
        self.assertEqual(deal.stage_id, self.need)

    def test_jumping_over_a_stage_does_not_jump_over_its_gate(self):
        deal = self.deal()
        with self.assertBlocked("Decider met, Revenue known"):
            deal.stage_id = self.offer

    def test_going_back_is_free(self):
        deal = self.deal()
        self.tick(deal)
        deal.stage_id = self.need
        self.tick(deal).is_done = False
        deal.stage_id = self.contact

    def test_winning_passes_the_gates_too(self):
        deal = self.deal()
        with self.assertBlocked("Decider met"):
            deal.action_set_won()
        with self.assertBlocked("Decider met"):
            deal.write({"stage_id": self.signed.id, "probability": 100})

    def test_losing_is_free(self):
        deal = self.deal()
        deal.action_set_lost()
        self.assertEqual(deal.won_status, "lost")

    def test_a_deal_cannot_be_created_behind_the_gate(self):
        with self.assertBlocked("Decider met"):
            self.deal(stage_id=self.need.id)

    def test_import_obeys(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .load(
                ["name", "type", "team_id/.id", "stage_id/.id"],
                [["Loaded", "opportunity", str(self.team.id), str(self.need.id)]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("Decider met", result["messages"][0]["message"])

    def test_a_rule_sees_what_is_written_at_the_same_time(self):
        deal = self.deal()
        self.tick(deal)
        deal.write({"stage_id": self.offer.id, "expected_revenue": 5})
        self.assertEqual(deal.stage_id, self.offer)

    def test_several_deals_at_once_report_each_that_may_not(self):
        good, bad, worse = self.deal(), self.deal(name="Bad"), self.deal(name="Worse")
        self.tick(good)
        with self.assertRaises(UserError) as caught:
            (good + bad + worse).write({"stage_id": self.need.id})
        message = str(caught.exception)
        self.assertIn("Bad: Decider met", message)
        self.assertIn("Worse: Decider met", message)
        self.assertNotIn("Gated deal", message)

    def test_list_multi_edit_obeys(self):
        deals = self.deal() + self.deal()
        with self.assertRaises(UserError):
            deals.web_save({"stage_id": self.need.id}, {"stage_id": {}})

    def test_the_form_obeys(self):
        form = Form(self.deal())
        form.stage_id = self.need
        with self.assertRaises(UserError):
            form.save()

    def test_the_context_key_is_for_superuser_code_only(self):
        deal = self.deal().with_context(crm_b2b_skip_gates=True)
        with self.assertRaises(UserError):
            deal.stage_id = self.need
        deal.sudo().stage_id = self.need
        self.assertEqual(deal.stage_id, self.need)

    def test_a_manager_moves_with_a_reason_kept_in_the_chatter(self):
        deals = self.deal() + self.deal()
        with self.assertRaises(RedirectWarning) as caught:
            deals.with_user(self.manager).stage_id = self.need
        context = caught.exception.args[3]
        self.assertEqual(context["default_lead_ids"], deals.ids)
        wizard = (
            self.env["crm.lead.gate.override"]
            .with_user(self.manager)
            .with_context(**context)
            .create({"reason": "The decider is abroad"})
        )
        self.assertIn("Decider met", wizard.missing)
        wizard.action_move()
        self.assertEqual(deals.stage_id, self.need)
        for deal in deals:
            note = deal.message_ids.filtered(lambda m: "abroad" in m.body)
            self.assertEqual(note.author_id, self.manager.partner_id)
            self.assertIn("Decider met", note.body)

    def test_the_dialog_takes_all_deals_of_the_move_and_names_every_gate_passed(self):
        good, bad = self.deal(name="Good", expected_revenue=5), self.deal(name="Bad")
        self.tick(good)
        with self.assertRaises(RedirectWarning) as caught:
            (good + bad).with_user(self.manager).stage_id = self.offer
        wizard = (
            self.env["crm.lead.gate.override"]
            .with_user(self.manager)
            .with_context(**caught.exception.args[3])
            .create({"reason": "The decider is abroad"})
        )
        self.assertEqual(wizard.lead_ids, good + bad)
        self.assertEqual(wizard.missing, "Bad: Decider met, Revenue known")
        wizard.action_move()
        self.assertEqual((good + bad).stage_id, self.offer)
        notes = [
            deal.message_ids.filtered(lambda m: "abroad" in m.body)
            for deal in (good, bad)
        ]
        self.assertFalse(notes[0], "nothing was passed over")
        self.assertIn("Revenue known", notes[1].body)

    def test_a_deal_that_is_not_there_yet_cannot_be_moved_with_a_reason(self):
        values = {
            "name": "Late start",
            "type": "opportunity",
            "team_id": self.team.id,
            "stage_id": self.offer.id,
        }
        with self.assertRaisesRegex(UserError, "earlier stage"):
            self.env["crm.lead"].with_user(self.manager).create(values)

    def test_a_seller_cannot_override(self):
        with self.assertRaises(AccessError):
            self.env["crm.lead.gate.override"].with_user(self.seller).create(
                {
                    "lead_ids": self.deal().ids,
                    "stage_id": self.need.id,
                    "reason": "I want",
                }
            )

    def test_another_teams_process_is_not_in_the_way(self):
        other = self.env["crm.team"].create({"name": "Free"})
        stages = self.env["crm.stage"].create(
            [
                {
                    "name": name,
                    "sequence": 1005 + n,
                    "team_ids": [Command.link(other.id)],
                }
                for n, name in enumerate(("A", "B"))
            ]
        )
        # gates of stages shared by all teams are not the subject here
        self.env["crm.stage.criterion"].search(
            [("stage_id.team_ids", "=", False)]
        ).active = False
        deal = self.deal(team_id=other.id, stage_id=stages[0].id)
        deal.stage_id = stages[1]
        self.assertEqual(deal.stage_id, stages[1])

    def test_ticking_asks_for_proof_and_says_who_and_when(self):
        self.decider.proof_required = True
        deal = self.deal()
        row = deal.criterion_ids
        with self.assertRaisesRegex(ValidationError, "proof"):
            row.is_done = True
        self.env.invalidate_all(flush=False)
        row.note = "Minutes of 3 March"
        row.is_done = True
        self.assertEqual(row.done_user_id, self.seller)
        self.assertTrue(row.done_date)
        deal.invalidate_recordset()
        self.assertTrue(
            deal.message_ids.filtered(lambda m: "Decider met" in (m.body or ""))
        )

    def test_a_new_criterion_appears_on_deals_already_in_the_stage(self):
        deal = self.deal()
        added = self.env["crm.stage.criterion"].create(
            {"name": "Sample sent", "stage_id": self.contact.id, "mandatory": False}
        )
        self.assertEqual(deal.criterion_ids.criterion_id, self.decider + added)
        self.assertEqual((deal.gate_done, deal.gate_total), (0, 2))
        self.assertEqual(deal.gate_missing, "Decider met")

    def test_a_wrong_rule_is_refused(self):
        for rule in ("[('no_such_field', '=', 1)]", "[]", "nonsense("):
            with self.subTest(rule=rule), self.assertRaises(ValidationError):
                self.env["crm.stage.criterion"].create(
                    {
                        "name": "Wrong",
                        "stage_id": self.need.id,
                        "kind": "automatic",
                        "domain": rule,
                    }
                )

    def test_a_seller_does_not_see_criteria_of_a_colleagues_deal(self):
        colleague = new_test_user(
            self.env, "gate_colleague", "sales_team.group_sale_salesman"
        )
        rows = self.deal().criterion_ids
        self.assertTrue(rows.has_access("read"))
        self.assertFalse(rows.with_user(colleague).has_access("read"))
        self.assertTrue(rows.with_user(self.manager).has_access("write"))
