from datetime import timedelta

from odoo import Command, api, models

from ..tools import demo_accounts as texts
from ..tools import demo_catalog as catalog
from ..tools import demo_plan, demo_prices


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            self._build_registrations,
            self._build_agreements,
            self._build_commissions,
            self._build_expenses,
        ]

    @api.model
    def _build_registrations(self, plan, refs):
        """Distributors register deals with smaller customers; two collide."""
        partners = [item for item in plan.customers if item.kind == "distributor"]
        ends = [item for item in plan.customers if item.kind == "transactional"]
        rate = self._get_dollar_rate("USD")
        values = {}
        for number, (subject, family) in enumerate(texts.REGISTRATIONS):
            partner = partners[number % len(partners)]
            end = ends[min(number, 3) % len(ends)]
            values[f"registration_{number}"] = {
                "subject": subject,
                "partner_id": refs[f"partner_{partner.key}"],
                "end_customer_id": refs[f"partner_{end.key}"],
                "categ_id": refs[f"family_{family}"],
                "amount": (12 + 7 * number) * 1000 * rate,
                "date_closing": plan.today + timedelta(days=40 + 9 * number),
                "user_id": refs[f"user_{partner.seller}"],
            }
        records = self._ensure("crm.deal.registration", values, refs)
        records[1:].action_submit()
        for record in records[2:4]:
            record.decision_note = "First to register this line"
            record.action_approve()

    @api.model
    def _build_agreements(self, plan, refs):
        """Frame agreements of key accounts: one of them ends soon."""
        keys = [item for item in plan.customers if item.kind == "key"][:3]
        values = {}
        since = plan.today - timedelta(days=200)
        for number, customer in enumerate(keys):
            values[f"agreement_{customer.key}"] = {
                "partner_id": refs[f"partner_{customer.key}"],
                "pricelist_id": refs[self._get_pricelist_key(customer)],
                "user_id": refs[f"user_{customer.seller}"],
                "team_id": refs[f"team_{customer.team}"],
                "validity_start_date": since,
                "validity_date": plan.today + timedelta(days=30 + 120 * number),
                "line_ids": [
                    Command.create(line)
                    for line in self._prepare_agreed_lines(customer, since, plan, refs)
                ],
            }
        agreements = self._ensure("sale.blanket.order", values, refs)
        agreements.filtered(lambda item: item.state == "draft").action_confirm()
        self._link_frame_orders(agreements)

    @api.model
    def _prepare_agreed_lines(self, customer, since, plan, refs):
        """Two products the customer buys most, at the price it paid last."""
        products = {item.key: item for item in catalog.PRODUCTS if item.uom == "kg"}
        usual = demo_prices.usual_products(plan.orders, customer.key, since)
        agreed = [key for key in usual if key in products][:2] or ["ep100", "pu300"]
        rate = self._convert_dollar(customer.currency, plan.today, refs)
        share = 1 - demo_plan.PATTERNS[customer.kind].discount / 100
        return [
            {
                "product_id": refs[f"product_{key}"],
                "product_uom": refs["uom_kg"],
                "original_uom_qty": max(2 * usual.get(key, 0), 6000),
                "price_unit": round(
                    self._get_last_price(customer, key, refs)
                    or products[key].price * share * rate,
                    2,
                ),
            }
            for key in agreed
        ]

    @api.model
    def _get_last_price(self, customer, key, refs):
        """What the customer paid last for the product; 0 when it bought none."""
        line = self.env["sale.order.line"].search(
            [
                ("order_id.partner_id", "=", refs[f"partner_{customer.key}"]),
                ("product_id", "=", refs[f"product_{key}"]),
                ("state", "=", "sale"),
            ],
            order="id desc",
            limit=1,
        )
        return line.price_unit * (1 - line.discount / 100)

    @api.model
    def _build_commissions(self, plan, refs):
        """An agent of the distributors, and the statement of the last months."""
        self._ensure(
            "commission",
            {
                "commission_agent": {"name": "Agent 3 % of invoices", "fix_qty": 3.0},
                "commission_margin": {
                    "name": "Salesperson 4 % of margin, when paid",
                    "fix_qty": 4.0,
                    "amount_base_type": "net_amount",
                    "invoice_state": "paid",
                },
            },
            refs,
        )
        agent = self._ensure(
            "res.partner",
            {
                "agent_north": {
                    "name": "Nordhandel Agency",
                    "agent": True,
                    "agent_type": "agent",
                    "commission_id": refs["commission_agent"],
                }
            },
            refs,
        )
        ids = [
            refs[f"partner_{item.key}"]
            for item in plan.customers
            if item.kind == "distributor"
        ]
        self.env["res.partner"].browse(ids).commission_agent_ids = agent
        moves = self.env["account.move"].search(
            [
                ("commercial_partner_id", "in", ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("invoice_date", ">=", plan.today - timedelta(days=100)),
            ]
        )
        moves.recompute_lines_agents()
        self.env["commission.make.settle"].create(
            {
                "settlement_type": "sale_invoice",
                "agent_ids": agent.ids,
                "date_to": plan.today,
            }
        ).action_settle()

    @api.model
    def _build_expenses(self, plan, refs):
        """Travel to open deals, approved."""
        sellers = {deal.seller for deal in plan.deals}
        employees = {}
        for login in sorted(sellers):
            user = self.env["res.users"].browse(refs[f"user_{login}"])
            if not user.employee_id:
                employees[f"employee_{login}"] = {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": self.env.company.id,
                }
        self._ensure("hr.employee", employees, refs)
        rate = self._get_dollar_rate("USD")
        deals = [deal for deal in plan.deals if deal.status == "open"][:12]
        values = {}
        for number, deal in enumerate(deals):
            user = self.env["res.users"].browse(refs[f"user_{deal.seller}"])
            values[f"expense_{deal.key}"] = {
                "name": texts.EXPENSES[number % len(texts.EXPENSES)],
                "employee_id": user.employee_id.id,
                "date": plan.today - timedelta(days=3 + 4 * number),
                "total_amount_currency": (60 + 85 * (number % 5)) * rate,
                "tax_ids": [Command.clear()],
                "crm_lead_id": refs[f"deal_{deal.key}"],
            }
        expenses = self._ensure("hr.expense", values, refs)
        expenses.approval_state = "approved"
