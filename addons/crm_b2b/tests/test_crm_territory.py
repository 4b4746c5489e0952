import random
from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..tools import territory as kernel


@tagged("post_install", "-at_install")
class TestCrmTerritory(TransactionCase):
    """Covers: SAL-09"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.territory"].search([]).active = False
        cls.seller = new_test_user(
            cls.env, "t_north", groups="sales_team.group_sale_salesman"
        )
        cls.other = new_test_user(
            cls.env, "t_south", groups="sales_team.group_sale_salesman"
        )
        cls.germany = cls.env.ref("base.de")
        cls.france = cls.env.ref("base.fr")
        cls.tag = cls.env["res.partner.category"].create({"name": "Territory test"})

    def _territory(self, name, **values):
        return self.env["crm.territory"].create(
            {"name": name, "user_id": self.seller.id, **values}
        )

    def _account(self, name="A", **values):
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, "category_id": self.tag.ids, **values}
        )

    def _realign(self, **values):
        handover = self.env["crm.handover"].create({"kind": "territory", **values})
        handover.action_preview()
        return handover

    def test_nothing_moves_before_it_is_applied_and_undo_brings_it_back(self):
        account = self._account(
            country_id=self.germany.id, zip="20095", user_id=self.other.id
        )
        stays = self._account(country_id=self.france.id, zip="20095")
        territory = self._territory(
            "North",
            country_ids=self.germany.ids,
            zip_from="20",
            zip_to="29",
            category_ids=self.tag.ids,
        )
        realign = self._realign(territory_ids=territory.ids, move_leads=False)
        self.assertEqual(realign.line_ids.mapped("res_id"), account.ids)
        self.assertEqual(account.user_id, self.other)

        realign.action_apply()
        self.assertRecordValues(
            account, [{"user_id": self.seller.id, "territory_id": territory.id}]
        )
        self.assertFalse(stays.territory_id)
        self.assertEqual(territory.account_count, 1)

        realign.action_undo()
        self.assertRecordValues(
            account, [{"user_id": self.other.id, "territory_id": False}]
        )

    def test_the_first_territory_in_order_wins(self):
        account = self._account(country_id=self.germany.id)
        self._territory("Rest", sequence=20, category_ids=self.tag.ids)
        first = self._territory(
            "Germany",
            sequence=10,
            category_ids=self.tag.ids,
            country_ids=self.germany.ids,
        )
        self._realign().action_apply()
        self.assertEqual(account.territory_id, first)

    def test_only_unassigned_leaves_owned_accounts_alone(self):
        owned = self._account(user_id=self.other.id)
        free = self._account("B")
        self._territory("All", category_ids=self.tag.ids)
        self._realign(only_unassigned=True).action_apply()
        self.assertEqual((owned.user_id, free.user_id), (self.other, self.seller))

    def test_an_open_deal_follows_the_territory_of_its_customer(self):
        account = self._account(country_id=self.germany.id)
        deal = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": account.id,
                "user_id": False,
            }
        )
        territory = self._territory("Tagged", category_ids=self.tag.ids)
        self._realign(move_accounts=False).action_apply()
        self.assertRecordValues(
            deal, [{"user_id": self.seller.id, "territory_id": territory.id}]
        )

    def test_a_territory_outside_its_validity_takes_nothing(self):
        account = self._account()
        self._territory("Past", category_ids=self.tag.ids, valid_to="2020-12-31")
        self.assertFalse(self._realign().line_ids)
        self.assertFalse(account.territory_id)

    def test_postcodes_that_run_backwards_are_refused_with_words(self):
        with self.assertRaisesRegex(ValidationError, "run backwards"):
            self._territory("Wrong", zip_from="40", zip_to="30")

    def test_a_territory_without_anybody_to_go_to_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "salesperson or a team"):
            self._territory("Nobody", user_id=False)

    def test_the_statement_and_the_kernel_decide_alike(self):
        """Random rules and accounts: one SQL statement against the pure function."""
        pick = random.Random(5)
        industries = self.env["res.partner.industry"].search([], limit=3)
        countries = self.germany | self.france
        zips = ["", "20095", "2", "299", "SW1A 2AA", "sw9", "30-10", "31010"]
        bounds = ["", "2", "20", "29", "SW", "3", "3101"]
        accounts = self.env["res.partner"].create(
            [
                {
                    "name": f"R{i}",
                    "is_company": True,
                    "country_id": pick.choice([False, *countries.ids]),
                    "zip": pick.choice(zips),
                    "industry_id": pick.choice([False, *industries.ids]),
                    "employee_count": pick.choice([0, 5, 50, 500]),
                    "category_id": pick.choice([[], self.tag.ids]),
                }
                for i in range(120)
            ]
        )
        territories = self.env["crm.territory"]
        for i in range(15):
            low, high = sorted(pick.choices(bounds, k=2))
            small, large = sorted(pick.choices([0, 5, 40, 500], k=2))
            territories |= self._territory(
                f"T{i}",
                sequence=pick.randint(1, 4),
                country_ids=pick.choice([[], [pick.choice(countries.ids)]]),
                industry_ids=pick.choice([[], [pick.choice(industries.ids)]]),
                category_ids=pick.choice([[], self.tag.ids]),
                zip_from=low,
                zip_to=high if high.startswith(low[:1]) else "",
                employees_from=small,
                employees_to=large,
            )
        day = date(2026, 3, 1)
        rows = self.env.execute_query(
            territories._match_sql(
                self.env["res.partner"]._territory_facts_sql(
                    [("id", "in", accounts.ids)]
                ),
                day,
            )
        )
        found = {row[0]: row[1] for row in rows}
        expected = {
            account.id: match.key
            for account in accounts
            if (
                match := kernel.first_match(
                    self._rules(territories), self._facts(account), day
                )
            )
        }
        self.assertEqual(found, expected)
        self.assertGreater(len(expected), 20)
        self.assertLess(len(expected), len(accounts))

    def _rules(self, territories):
        return [
            kernel.Rule(
                t.id,
                t.sequence,
                countries=frozenset(t.country_ids.ids),
                states=frozenset(t.state_ids.ids),
                postcode_from=t.zip_from or "",
                postcode_to=t.zip_to or "",
                industries=frozenset(t.industry_ids.ids),
                employees_from=t.employees_from,
                employees_to=t.employees_to,
                tags=frozenset(t.category_ids.ids),
                company=t.company_id.id or None,
            )
            for t in territories
        ]

    def _facts(self, account):
        return kernel.Account(
            country=account.country_id.id or None,
            postcode=account.zip or "",
            industry=account.industry_id.id or None,
            employees=account.employee_count,
            tags=frozenset(account.category_id.ids),
        )
