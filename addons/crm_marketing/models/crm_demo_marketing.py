import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

from odoo.addons.crm_b2b.models.crm_demo_company import NAMESPACE, QUIET

from ..tools import demo_marketing as texts


class CrmDemoCompany(models.AbstractModel):
    """Marketing of the demo company: plan, campaign with hold-out, fair, news."""

    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _build(self, *args, **kwargs):
        built = super()._build(*args, **kwargs)
        if built:
            self._build_marketing_demo()
        return built

    @api.model
    def _build_marketing_demo(self):
        """Add marketing to the demo company, once; nothing without the company."""
        self = self.sudo().with_context(**QUIET)
        rows = self.env["ir.model.data"].search_fetch(
            [("module", "=", NAMESPACE)], ["name", "res_id"]
        )
        refs = {row.name: row.res_id for row in rows}
        if "built" not in refs or "marketing_plan" in refs:
            return False
        self = self.with_company(self.env["res.company"].browse(refs["built"]))
        today = fields.Date.today()
        for step in self._get_marketing_steps():
            step(today, refs)
            self.env.flush_all()
        return True

    @api.model
    def _get_marketing_steps(self):
        return [
            self._build_marketing_people,
            self._build_marketing_plan,
            self._build_marketing_campaign,
            self._build_marketing_orders,
            self._build_marketing_fair,
            self._build_marketing_news,
            self._build_marketing_bills,
            self._build_marketing_effect,
        ]

    @api.model
    def _build_marketing_people(self, today, refs):
        """Mia plans and writes; the sales manager approves."""
        company = self.env.company
        known = self.env["res.users"].search([("login", "=", "marketing")])
        if known:  # somebody of that name works here
            self._name_records({"user_marketing": known})
        groups = [
            self.env.ref(name).id
            for name in (
                "base.group_user",
                "mass_mailing.group_mass_mailing_user",
                "sales_team.group_sale_salesman_all_leads",
                "event.group_event_manager",
                "crm.group_use_lead",
            )
        ]
        self._ensure(
            "res.users",
            {
                "user_marketing": {
                    "name": "Mia Lindqvist",
                    "login": "marketing",
                    "password": "marketing",
                    "action_id": self.env.ref(
                        "crm_marketing.crm_marketing_cockpit_action"
                    ).id,
                    "email": "marketing@kelvane.example",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(groups)],
                    "tz": "Europe/Berlin",
                    "notification_type": "inbox",
                }
            },
            refs,
        )
        manager = self.env["res.users"].browse(refs["user_manager"])
        manager.group_ids += self.env.ref("crm_marketing.group_manager")

    @api.model
    def _build_marketing_plan(self, today, refs):
        rate = self._get_dollar_rate("USD")
        start = today.replace(month=1 if today.month < 7 else 7, day=1)
        end = start + relativedelta(months=6, days=-1)
        plan = self._ensure(
            "crm.marketing.plan",
            {
                "marketing_plan": {
                    "name": f"Marketing {start.year}, half-year {1 + start.month // 7}",
                    "company_id": self.env.company.id,
                    "user_id": refs["user_marketing"],
                    "date_from": start,
                    "date_to": end,
                    "budget": 60000 * rate,
                    "state": "running",
                    "goal": texts.GOAL,
                }
            },
            refs,
        )
        campaigns = {
            f"campaign_{key}": {
                "title": title,
                "company_id": self.env.company.id,
                "user_id": refs["user_marketing"],
            }
            for key, title in texts.CAMPAIGNS
        }
        self._ensure("utm.campaign", campaigns, refs)

        def within(days):  # activities lie in the period of their plan
            return max(start, min(today + timedelta(days=days), end))

        values = {
            f"marketing_{item.key}": {
                "name": item.name,
                "plan_id": plan.id,
                "type_id": self.env.ref(f"crm_marketing.activity_type_{item.kind}").id,
                "campaign_id": refs.get(f"campaign_{item.key}"),
                "user_id": refs["user_marketing"],
                "planned_cost": item.planned * rate,
                "planned_hours": item.hours,
                "material": item.material,
                "date_from": within(item.start),
                "date_to": within(item.start + item.days),
                "state": item.state,
                "approved_by_id": refs["user_manager"]
                if item.state in ("approved", "done")
                else False,
            }
            for item in texts.ACTIVITIES
        }
        activities = self._ensure("crm.marketing.activity", values, refs)
        activities.action_make_account()

    @api.model
    def _build_marketing_campaign(self, today, refs):
        """An audience of all customers, frozen ten weeks ago, a third held out."""
        audience = self._ensure(
            "crm.audience",
            {
                "marketing_audience": {
                    "name": "Customers with a coating line",
                    "company_id": self.env.company.id,
                    "user_id": refs["user_marketing"],
                    "holdout_percent": 33,
                }
            },
            refs,
        )
        campaign = self.env["utm.campaign"].browse(refs["campaign_colour"])
        campaign.write(
            {
                "audience_id": audience.id,
                "purpose_id": self.env.ref("crm_marketing.purpose_products").id,
            }
        )
        snapshot = campaign._freeze_audience()
        moment = fields.Datetime.now() - timedelta(days=70)
        self._backdate("crm.audience.snapshot", "date", {snapshot.id: moment})

    @api.model
    def _build_marketing_orders(self, today, refs):
        """Many of those addressed order the service that was offered."""
        rng = random.Random("campaign")
        campaign = self.env["utm.campaign"].browse(refs["campaign_colour"])
        members = campaign.snapshot_id.member_ids
        accounts = members.filtered(
            lambda member: not member.is_holdout and not member.excluded_reason
        ).commercial_partner_id.sorted("id")
        buyers = rng.sample(accounts.ids, k=len(accounts) * 2 // 3)
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": account.id,
                    "company_id": self.env.company.id,
                    "user_id": account.user_id.id,
                    "campaign_id": campaign.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": refs["product_sv100"],
                                "product_uom_qty": rng.randint(6, 30),
                            }
                        )
                    ],
                }
                for account in accounts.browse(buyers)
            ]
        )
        orders.action_confirm()
        orders = orders.filtered(lambda order: order.state == "sale")
        for line in orders.order_line:
            line.qty_delivered = line.product_uom_qty
        moves = orders._create_invoices()
        for order in orders:
            order.date_order = fields.Datetime.now() - timedelta(
                days=rng.randint(30, 65)
            )
            order.invoice_ids.invoice_date = order.date_order.date() + timedelta(days=3)
        moves.action_post()

    @api.model
    def _build_marketing_fair(self, today, refs):
        """A fair two weeks ago with visitors, a training to come."""
        now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        events = {
            "event_fair": {
                "name": "Coatings Fair Nuremberg",
                "marketing_kind": "fair",
                "date_begin": now - timedelta(days=16),
                "date_end": now - timedelta(days=13),
                "campaign_id": refs["campaign_fair"],
            },
            "event_training": {
                "name": "Course: spraying water-borne topcoats",
                "marketing_kind": "training",
                "date_begin": now + timedelta(days=25),
                "date_end": now + timedelta(days=25, hours=7),
                "campaign_id": refs["campaign_training"],
            },
        }
        for values in events.values():
            values |= {
                "company_id": self.env.company.id,
                "user_id": refs["user_marketing"],
                "event_mail_ids": [Command.clear()],  # nobody is written to
            }
        fair = self._ensure("event.event", events, refs)[:1]
        activity = self.env["crm.marketing.activity"].browse(refs["marketing_fair"])
        activity.event_id = fair
        leads = self.env["crm.lead"]
        for visitor in texts.VISITORS:
            form = self.env["crm.fair.visitor"].create(
                {**visitor._asdict(), "event_id": fair.id}
            )
            leads |= form._save()
        leads.write({"user_id": refs["user_marketing"]})
        marketing = self.env["res.users"].browse(refs["user_marketing"])
        sellers = [refs[f"user_sales{number}"] for number in (1, 2, 3, 5)]
        for lead, seller in zip(leads.sudo(), sellers, strict=False):
            user = self.env["res.users"].browse(seller)
            lead.with_user(marketing)._hand_over(user, user.sale_team_id)
        leads[0].transfer_ids.sudo().action_accept()
        leads[1].transfer_ids.sudo()._return("no_budget", texts.RETURNED)

    @api.model
    def _build_marketing_bills(self, today, refs):
        """Vendor bills on the activities; the fair costs more than planned."""
        rate = self._get_dollar_rate("USD")
        vendors = self._ensure(
            "res.partner",
            {
                f"vendor_{key}": {"name": name, "is_company": True}
                for key, name in texts.VENDORS.items()
            },
            refs,
        )
        self.env["account.move"].create(
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": refs[f"vendor_{bill.vendor}"],
                    "company_id": self.env.company.id,
                    "invoice_date": today - timedelta(days=bill.age),
                    "ref": f"MK-{number:03d}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": bill.name,
                                "quantity": 1,
                                "price_unit": round(bill.amount * rate, 2),
                                "tax_ids": [Command.clear()],
                                "analytic_distribution": {
                                    str(self._get_marketing_account(bill, refs)): 100
                                },
                            }
                        )
                    ],
                }
                for number, bill in enumerate(texts.BILLS, 1)
            ]
        ).action_post()
        return vendors

    @api.model
    def _get_marketing_account(self, bill, refs):
        activity = self.env["crm.marketing.activity"].browse(
            refs[f"marketing_{bill.activity}"]
        )
        return activity.analytic_account_id.id

    @api.model
    def _build_marketing_effect(self, today, refs):
        self.env["crm.campaign.effect"]._update(
            self.env["utm.campaign"].browse(refs["campaign_colour"]), self.env.company
        )
