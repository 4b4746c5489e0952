from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common_result import ResultCommon


@tagged("post_install", "-at_install")
class TestCustomerCost(ResultCommon):
    """Covers: ANA-06"""

    def setUp(self):
        super().setUp()
        self.customers = self.env["res.partner"].concat(
            *(self.customer(f"Customer {number}") for number in range(3))
        )
        for customer in self.customers:
            self.document(customer, 1000, date=self.today - relativedelta(months=2))

    def _lead(self, partner=None):
        return self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": partner and partner.id,
                "company_id": self.company.id,
                "campaign_id": self.campaign.id,
            }
        )

    def _freeze(self):
        """A frozen audience of the customers: the first is held out, none left out."""
        audience = self.env["crm.audience"].create(
            {"name": "All", "company_id": self.company.id}
        )
        snapshot = (
            self.env["crm.audience.snapshot"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "audience_id": audience.id,
                    "campaign_id": self.campaign.id,
                    "member_ids": [
                        Command.create(
                            {
                                "company_id": self.company.id,
                                "campaign_id": self.campaign.id,
                                "partner_id": customer.id,
                                "commercial_partner_id": customer.id,
                                "is_holdout": customer == self.customers[0],
                            }
                        )
                        for customer in self.customers
                    ],
                }
            )
        )
        self.assertEqual(len(snapshot.member_ids), 3)

    def _refresh(self, kind="incremental"):
        self.env.flush_all()
        run = self.env["crm.value.run"]._start(self.company, kind, self.today)
        self.env.invalidate_all()
        return run.kind

    def _costs(self):
        months = self.env["crm.customer.month"].search(
            [
                ("company_id", "=", self.company.id),
                ("month", "=", self.today.replace(day=1)),
            ]
        )
        found = {month.partner_id: month.cost_marketing for month in months}
        return [found.get(customer, 0) for customer in self.customers]

    def _assert_same(self):
        self.assertEqual(self._refresh(), "incremental")
        incremental = self._costs()
        self._refresh("full")
        self.assertEqual(self._costs(), incremental)
        return incremental

    def test_a_campaign_costs_those_it_reached_alike_to_the_cent(self):
        self._refresh()
        self._freeze()
        self._lead(self.customers[0])  # held out, but came to the fair
        self.bill(100)
        self.assertEqual(sorted(self._assert_same()), [33.33, 33.33, 33.34])
        rows = self.env["crm.customer.cost"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "marketing")]
        )
        self.assertEqual(len(rows), 3)
        self.assertEqual(set(rows.mapped("document")), {self.activity.name})
        self.assertEqual(
            rows[0].action_open_document()["res_id"], self.activity.id, "it opens"
        )
        self.bill(40, move_type="in_refund")
        self.assertEqual(self._assert_same(), [20, 20, 20])

    def test_who_is_held_out_costs_nothing(self):
        self._freeze()
        self.bill(100)
        self._refresh()
        self.assertEqual(self._costs(), [0, 50, 50])

    def test_a_lead_without_customer_bears_its_share(self):
        self._lead(self.customers[1])
        lead = self._lead()
        self.bill(100)
        self._refresh()
        self.assertEqual(self._costs(), [0, 50, 0])
        lead.campaign_id = False
        self.assertEqual(self._assert_same(), [0, 100, 0])

    def test_a_campaign_that_reached_nobody_costs_nobody(self):
        self.bill(100)
        self._refresh()
        self.assertEqual(self._costs(), [0, 0, 0])

    def test_the_profit_of_a_customer_misses_no_kind_of_ours(self):
        self._refresh()
        fall = self.env["crm.insight"]._get_waterfall(self.customers[0])
        self.assertNotIn("marketing", fall["missing"])
