from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models

from ..tools import demo_accounts as texts

PORTAL = "customer"
CLASSES = {"A": ("key",), "B": ("growing", "distributor"), "C": ("steady", "declining")}


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            self._build_portal_user,
            self._build_classes,
            self._build_visits,
            self._build_account_plans,
            self._build_estimates,
            self._build_relationships,
        ]

    @api.model
    def _build_portal_user(self, plan, refs):
        """A buyer of a key customer sees the portal (login and password: customer)."""
        if self.env["res.users"].search_count([("login", "=", PORTAL)], limit=1):
            return
        keys = [item.key for item in plan.customers if item.kind == "key"]
        key = keys[min(4, len(keys) - 1)]  # one that buys in two of our lines only
        company = self.env["res.partner"].browse(refs[f"partner_{key}"])
        buyer = company.child_ids.filtered("email").sorted("id")[:1]
        values = {
            "partner_id": buyer.id,
            "login": PORTAL,
            "password": PORTAL,
            "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.company.ids)],
            "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
        }
        self._ensure("res.users", {"user_portal": values}, refs)

    @api.model
    def _build_classes(self, plan, refs):
        """Customer classes as tags, and how often each is visited."""
        self._ensure(
            "res.partner.category",
            {f"class_{key}": {"name": f"Class {key}"} for key in CLASSES},
            refs,
        )
        for key, kinds in CLASSES.items():
            ids = [
                refs[f"partner_{item.key}"]
                for item in plan.customers
                if item.kind in kinds
            ]
            self.env["res.partner"].browse(ids).category_id = [
                Command.link(refs[f"class_{key}"])
            ]
        rhythms = {
            f"rhythm_{key}": {
                "name": f"Class {key}",
                "interval_days": days,
                "sequence": number,
                "category_ids": [Command.set([refs[f"class_{key}"]])],
            }
            for number, (key, days) in enumerate({"A": 45, "B": 90, "C": 180}.items())
        }
        self._ensure("crm.visit.plan", rhythms, refs)

    @api.model
    def _build_visits(self, plan, refs):
        """Key accounts are seen through the year, the others now and then."""
        paces = {"key": 55, "growing": 100, "distributor": 120, "steady": 170}
        values = {}
        for index, customer in enumerate(plan.customers):
            pace = paces.get(customer.kind)
            if not pace:
                continue
            for number in range(-1, 340 // pace):
                days = number * pace + 5 + index % 17
                key = f"visit_{customer.key}_{number + 1}"
                values[key] = self._prepare_visit(customer, days, number, plan, refs)
        visits = self._ensure("crm.visit.report", values, refs)
        newest = visits.filtered(lambda item: item.state == "done").sorted("date")[-6:]
        for visit, (summary, days) in zip(newest, texts.STEPS, strict=False):
            visit.step_ids = [
                Command.create(
                    {
                        "summary": summary,
                        "user_id": visit.user_id.id,
                        "date_deadline": plan.today + timedelta(days=days),
                    }
                )
            ]

    @api.model
    def _prepare_visit(self, customer, days, number, plan, refs):
        """A visit ``days`` ago, or that many ahead for number -1."""
        planned = number < 0
        day = plan.today + timedelta(days=abs(days) % 20 + 2 if planned else -days)
        day += timedelta(
            days=(7 - day.weekday()) if planned and day.weekday() > 4 else 0
        )
        subject, report, topic = texts.VISITS[(len(customer.key) + number) % 6]
        return {
            "name": subject,
            "partner_id": refs[f"partner_{customer.key}"],
            "attendee_ids": [
                Command.set(
                    [
                        refs[f"contact_{contact.key}"]
                        for contact in customer.contacts[: 1 + number % 3]
                    ]
                )
            ],
            "user_id": refs[f"user_{customer.seller}"],
            "date": datetime.combine(day, time(9 + len(customer.key) % 6)),
            "duration": 1.5,
            "kind": ("visit", "visit", "online", "call")[number % 4],
            "state": "planned" if planned else "done",
            "objective": report if planned else False,
            "report": False if planned else report,
            "topic_ids": [Command.link(self.env.ref(f"crm_b2b.{topic}").id)],
            "outcome": False if planned else ("good", "neutral", "good")[number % 3],
            "feedback_asked": not planned and number % 3 == 1,
        }

    @api.model
    def _build_account_plans(self, plan, refs):
        start = fields.Date.start_of(plan.today, "year")
        end = fields.Date.end_of(plan.today, "year")
        rate = self._get_dollar_rate("USD")
        values = {}
        keys = [item for item in plan.customers if item.kind == "key"]
        for number, customer in enumerate(keys):
            values[f"account_plan_{customer.key}"] = {
                "partner_id": refs[f"partner_{customer.key}"],
                "user_id": refs[f"user_{customer.seller}"],
                "date_start": start,
                "date_end": end,
                "state": "draft" if number == len(keys) - 1 and number else "active",
                "situation": texts.SITUATION,
                "strategy": texts.STRATEGY,
                "goal_ids": [
                    Command.create(goal | {"target": goal["target"] * factor})
                    for goal, factor in zip(texts.GOALS, (rate, 1, 1), strict=True)
                ],
                "member_ids": [
                    Command.create({"user_id": refs[f"user_{login}"], "role": role})
                    for login, role in texts.TEAM
                ],
                "review_ids": [
                    Command.create(
                        {
                            "date": plan.today + timedelta(days=days + 3 * number),
                            "done": days < 0,
                            "with_customer": True,
                            "summary": texts.REVIEW if days < 0 else False,
                        }
                    )
                    for days in (-80, 20)
                ],
            }
        self._ensure("crm.account.plan", values, refs)

    @api.model
    def _build_estimates(self, plan, refs):
        """What customers spend on the families: some estimates are old already."""
        rate = self._get_dollar_rate("USD")
        sources = ("visit", "customer", "public", "guess")
        values = {}
        chosen = [c for c in plan.customers if c.kind in ("key", "growing", "steady")]
        for number, customer in enumerate(chosen):
            for family in ("coatings", "adhesives")[: 1 + number % 2]:
                values[f"wallet_{customer.key}_{family}"] = {
                    "partner_id": refs[f"partner_{customer.key}"],
                    "categ_id": refs[f"family_{family}"],
                    "yearly_spend": (180 + 37 * (number % 9)) * 1000 * rate,
                    "source": sources[number % 4],
                    "date": plan.today - timedelta(days=20 + 47 * (number % 10)),
                    "user_id": refs[f"user_{customer.seller}"],
                }
        self._ensure("crm.wallet.estimate", values, refs)

    @api.model
    def _build_relationships(self, plan, refs):
        targets = {
            "key": "partnership",
            "growing": "proactive",
            "distributor": "proactive",
            "steady": "accountable",
            "declining": "accountable",
            "transactional": "basic",
        }
        accounts = self.env["res.partner"]
        for kind, target in targets.items():
            ids = [
                refs[f"partner_{item.key}"]
                for item in plan.customers
                if item.kind == kind
            ]
            group = self.env["res.partner"].browse(ids)
            group.relationship_target = target
            accounts |= group
        Review = self.env["crm.relationship.review"]
        for days in (91, 0):
            Review._take(accounts, self.env.company, plan.today - timedelta(days=days))
