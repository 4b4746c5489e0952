from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestLeadValue(ValueCommon):
    """The class of the customer on the card of a deal. Covers: ANA-03"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.seller = new_test_user(
            cls.env,
            "card_seller",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        cls.mine = cls.customer("Mine", user_id=cls.seller.id)
        cls.theirs = cls.customer("Theirs", user_id=cls.env.user.id)
        for customer in (cls.mine, cls.theirs):
            cls.document(customer, cls.day(1), 100)
        cls.refresh()
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.mine.id}
        )

    def _deal(self, partner, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": partner.id,
                "user_id": self.seller.id,
                **values,
            }
        )

    def test_a_deal_has_the_class_of_its_customer_in_its_company(self):
        deals = (
            self._deal(self.buyer, company_id=self.company.id)
            | self._deal(self.mine)
            | self._deal(self.mine, company_id=self.other.id, user_id=False)
            | self._deal(self.env["res.partner"])
        )
        known = self.value(self.mine).value_class
        names = dict(self.Value._fields["value_class"].selection)
        self.assertEqual(deals.mapped("value_class"), [known, known, False, False])
        self.assertEqual(deals[0].value_class_name, names[known])
        self.assertFalse(deals[2].value_class_name)

    def test_a_seller_sees_the_class_of_own_customers_only(self):
        deals = self._deal(self.mine) | self._deal(self.theirs)
        seen = deals.with_user(self.seller)
        self.assertEqual([bool(deal.value_class) for deal in seen], [True, False])

    def test_cards_need_the_same_number_of_queries(self):
        deals = self.env["crm.lead"].browse()
        for _index in range(8):
            deals |= self._deal(self.mine)
        counts = []
        for some in (deals, deals[:2], deals):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.web_read({"value_class": {}, "value_class_name": {}})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
