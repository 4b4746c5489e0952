from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user


class GateCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "gate_seller", "sales_team.group_sale_salesman"
        )
        cls.manager = new_test_user(
            cls.env, "gate_manager", "sales_team.group_sale_manager"
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Gated", "member_ids": [Command.link(cls.seller.id)]}
        )
        stages = cls.env["crm.stage"].create(
            [
                {
                    "name": name,
                    "sequence": 1000 + n,
                    "team_ids": [Command.link(cls.team.id)],
                    "is_won": name == "Signed",
                }
                for n, name in enumerate(("Contact", "Need", "Offer", "Signed"))
            ]
        )
        cls.contact, cls.need, cls.offer, cls.signed = stages
        cls.decider, cls.budget = cls.env["crm.stage.criterion"].create(
            [
                {"name": "Decider met", "stage_id": cls.contact.id},
                {
                    "name": "Revenue known",
                    "stage_id": cls.need.id,
                    "kind": "automatic",
                    "domain": "[('expected_revenue', '>', 0)]",
                },
            ]
        )

    @classmethod
    def deal(cls, **values):
        return (
            cls.env["crm.lead"]
            .with_user(cls.seller)
            .create(
                {
                    "name": "Gated deal",
                    "type": "opportunity",
                    "user_id": cls.seller.id,
                    "team_id": cls.team.id,
                    "stage_id": cls.contact.id,
                    **values,
                }
            )
        )

    @contextmanager
    def assertBlocked(self, text):
        """The gate names ``text``, and nothing of the move stays behind."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(text, str(caught.exception))

    def tick(self, deal):
        row = deal.criterion_ids.filtered(lambda r: r.criterion_id == self.decider)
        row.is_done = True
        return row
