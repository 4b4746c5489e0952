from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..tools import demo_requests as data
from ..tools import demo_words

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "skip_sms": True,
    "bypass_risk": True,  # the history happened before any credit limit was set
}
PEOPLE = ("lead", "agent", "technician")


class ServiceDemo(models.AbstractModel):
    """Half a year of service for those who bought most in the demo company.

    So that one customer shows sales, service and value: whoever demonstrates need not
    look for the one that has a contract.
    """

    _name = "service.demo"
    _description = "Builder of the service demo"

    @api.model
    def _build(self):
        """Return the customers served; nobody has to be there."""
        self = self.sudo().with_context(**QUIET)
        if "odoobot_state" in self.env["res.users"]._fields:
            # its first words would cover the screen of a phone
            people = self.env["res.users"].union(
                *(self.env.ref(f"crm_service.demo_user_{name}") for name in PEOPLE)
            )
            people.odoobot_state = "disabled"
        self._say_in_chinese()
        customers = self._find_customers()
        if not customers:
            return customers
        assets = self._build_assets(customers)
        contracts = self._build_contracts(customers)
        tickets = self._build_requests(customers, assets)
        self._live_requests(tickets)
        self._build_visits(customers, assets)
        self._bill(contracts)
        return customers

    @api.model
    def _say_in_chinese(self):
        """Give what the demo set up its Chinese names, where that language is used."""
        if "zh_CN" not in dict(self.env["res.lang"].get_installed()):
            return
        for (model, field), words in demo_words.WORDS.items():
            found = self.env[model].with_context(lang="en_US")
            for record in found.search([(field, "in", list(words))]):
                record.update_field_translations(field, {"zh_CN": words[record[field]]})

    @api.model
    def _find_customers(self):
        """The customers with the highest posted sales that bought again and again."""
        rows = self.env["account.move"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
            ],
            ["commercial_partner_id"],
            having=[("__count", ">", 5)],
            order="amount_untaxed_signed:sum DESC, commercial_partner_id",
            limit=data.CUSTOMERS,
        )
        return self.env["res.partner"].union(*(partner for [partner] in rows))

    # -- what they own and what was agreed -----------------------------------------

    @api.model
    def _build_assets(self, customers):
        """Return {customer: machines}; two each, one of them out of warranty."""
        today = fields.Date.context_today(self)
        products = self.env["product.product"].union(
            self.env.ref("crm_service.desk_product_mixer"),
            self.env.ref("crm_service.demo_product_doser"),
        )
        lots = self.env["stock.lot"].create(
            [
                {
                    "name": f"{'MD'[index]}-{2000 + 10 * number}",
                    "product_id": product.id,
                }
                for number, _customer in enumerate(customers)
                for index, product in enumerate(products)
            ]
        )
        assets = self.env["service.asset"].create(
            [
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "partner_id": customers[number // 2].id,
                    "state": "active",
                    "commissioned_date": today
                    - timedelta(days=1100 - 60 * (number // 2) - 700 * (number % 2)),
                }
                for number, lot in enumerate(lots)
            ]
        )
        return assets.grouped("partner_id")

    @api.model
    def _build_contracts(self, customers):
        today = fields.Date.context_today(self)
        deals = [deal for deal in data.CONTRACTS if deal.customer < len(customers)]
        contracts = self.env["contract.contract"].create(
            [
                self._prepare_contract(deal, customers[deal.customer], today)
                for deal in deals
            ]
        )
        self.env["service.entitlement"].create(
            [
                {
                    "name": deal.kind.capitalize(),
                    "contract_line_id": contract.contract_line_ids.id,
                    "kind": deal.kind,
                    "quantity": deal.quantity,
                    "unit": "yearly",
                }
                for deal, contract in zip(deals, contracts, strict=True)
            ]
        )
        contracts.action_activate()
        return contracts

    @api.model
    def _prepare_contract(self, deal, customer, today):
        start = fields.Date.add(today, months=-deal.months_ago).replace(day=1)
        product = self.env.ref(f"crm_service.demo_product_{deal.product}")
        level = "gold" if deal.product == "gold" else "standard"
        return {
            "name": deal.name,
            "partner_id": customer.id,
            "user_id": customer.user_id.id or self.env.ref("base.user_admin").id,
            "service_level_id": self.env.ref(f"crm_service.service_level_{level}").id,
            "contract_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "name": product.name,
                        "price_unit": deal.price,
                        "recurring_rule_type": "yearly",
                        "date_start": start,
                        "date_end": fields.Date.add(start, months=deal.months, days=-1),
                    }
                )
            ],
        }

    @api.model
    def _bill(self, contracts):
        """The first year is billed in advance, and paid."""
        if not self.env.company.chart_template:
            return  # nothing is invoiced without accounts
        for contract in contracts:
            day = min(contract.contract_line_ids.mapped("date_start"))
            invoices = contract._create_due_invoices(day)
            invoices.action_post()
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoices.ids
            ).create(
                {"payment_date": fields.Date.add(day, days=21)}
            ).action_create_payments()

    # -- what they asked for ---------------------------------------------------------

    @api.model
    def _build_requests(self, customers, assets):
        """Return {request of the plan: ticket}, all of them still new."""
        plan = [item for item in data.REQUESTS if item.customer < len(customers)]
        tickets = self.env["helpdesk.ticket"].create(
            [
                self._prepare_ticket(item, customers[item.customer], assets)
                for item in plan
            ]
        )
        return dict(zip(plan, tickets, strict=True))

    @api.model
    def _prepare_ticket(self, item, customer, assets):
        case = data.CASES[item.case]
        machine = case.category == "machine"
        owned = assets[customer]
        return {
            "name": case.name,
            "description": item.description,
            "kind": case.kind,
            "priority": item.priority,
            "partner_id": customer.id,
            "asset_id": owned[item.case == "drift"].id if machine else False,
            "category_id": self.env.ref(
                f"crm_service.demo_category_{case.category}"
            ).id,
            "team_id": self.env.ref("crm_service.demo_team_desk").id,
            "user_id": item.answer is not None
            and self.env.ref("crm_service.demo_user_agent").id,
            "channel_id": self.env.ref(
                "helpdesk_mgmt.helpdesk_ticket_channel_email"
            ).id,
        }

    @api.model
    def _live_requests(self, tickets):
        """Answer and solve them at their time."""
        calendar = self.env.company.resource_calendar_id
        moments = {
            item: self._get_moments(item, number, calendar)
            for number, item in enumerate(tickets)
        }
        self._backdate({ticket: moments[item][0] for item, ticket in tickets.items()})
        every = self.env["helpdesk.ticket"].union(*tickets.values())
        every.clock_ids.unlink()  # they started today
        every._start_clocks()
        technician = self.env.ref("crm_service.demo_technician_noor")
        for item, ticket in tickets.items():
            _came, answered, solved = moments[item]
            if answered:
                self._answer(ticket, answered)
            if item.hours:
                self._work(item, ticket, technician, (solved or answered).date())
            if solved:
                self._solve(item, ticket, solved)
        self._date_the_end({tickets[item]: end[2] for item, end in moments.items()})

    @api.model
    def _get_moments(self, item, number, calendar):
        """Return when it came, was answered and solved: naive UTC, or False."""
        now = fields.Datetime.now()
        if not item.weeks:
            return now - timedelta(minutes=20 + number), False, False
        came = now.replace(hour=8, minute=(7 * number) % 60, second=0, microsecond=0)
        came -= timedelta(weeks=item.weeks, days=now.weekday() - number % 4)

        def after(hours):
            moment = hours and calendar.plan_hours(hours, came)
            return moment if moment and moment < now else False

        return came, after(item.answer), after(item.solved)

    @api.model
    def _backdate(self, dates):
        """The ORM stamps records with the present; this one statement corrects it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH came (id, moment) AS (SELECT unnest(%s), unnest(%s)),
                     ticket AS (
                    UPDATE helpdesk_ticket t
                       SET create_date = moment, last_stage_update = moment,
                           assigned_date = CASE WHEN assigned_date IS NOT NULL
                                                THEN moment END
                      FROM came WHERE came.id = t.id)
                UPDATE service_decision d SET date = moment, create_date = moment
                  FROM came WHERE came.id = d.ticket_id
                """,
                [ticket.id for ticket in dates],
                list(dates.values()),
            )
        )
        self.env.invalidate_all()

    @api.model
    def _answer(self, ticket, moment):
        ticket.clock_ids.filtered(lambda clock: clock.kind == "response")._stop(
            at=moment
        )
        ticket.first_response_date = moment
        ticket.stage_id = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_stage_in_progress"
        )

    @api.model
    def _work(self, item, ticket, technician, day):
        parts = self.env.ref("crm_service.demo_part_seal")
        lines = [{"kind": "hours", "quantity": item.hours}]
        if item.seals:
            lines.append(
                {"kind": "part", "product_id": parts.id, "quantity": item.seals}
            )
        work = self.env["service.work.line"].create(
            [
                line
                | {"ticket_id": ticket.id, "date": day, "employee_id": technician.id}
                for line in lines
            ]
        )
        if item.solved:
            work.action_confirm()

    @api.model
    def _solve(self, item, ticket, moment):
        ticket.clock_ids._stop(at=moment)
        case = data.CASES[item.case]
        ticket.write({"cause": case.cause, "resolution": case.remedy})
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        if item.stars:
            ticket.rating_apply(item.stars, token=ticket._rating_get_access_token())

    @api.model
    def _date_the_end(self, dates):
        done = {ticket.id: moment for ticket, moment in dates.items() if moment}
        if not done:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH done (id, moment) AS (SELECT unnest(%s), unnest(%s)),
                     ticket AS (
                    UPDATE helpdesk_ticket t
                       SET closed_date = moment, last_stage_update = moment
                      FROM done WHERE done.id = t.id)
                UPDATE rating_rating r
                   SET rated_on = moment, create_date = moment, write_date = moment
                  FROM done
                 WHERE r.res_model = 'helpdesk.ticket' AND r.res_id = done.id
                """,
                list(done),
                list(done.values()),
            )
        )
        self.env.invalidate_all()

    # -- what is planned ---------------------------------------------------------------

    @api.model
    def _build_visits(self, customers, assets):
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        days = [today]
        while len(days) < 4:
            day = days[-1] + timedelta(days=1)
            days.append(day if day.weekday() < 5 else day + timedelta(days=2))
        visits = self.env["service.visit"].create(
            [
                {
                    "summary": visit.summary,
                    "partner_id": customers[visit.customer].id,
                    "asset_ids": [
                        Command.set(assets[customers[visit.customer]][:1].ids)
                    ],
                    "employee_id": self.env.ref(
                        f"crm_service.demo_technician_{visit.technician}"
                    ).id,
                    "date_start": days[visit.days] + timedelta(hours=visit.hour),
                    "duration": visit.duration,
                }
                for visit in data.VISITS
                if visit.customer < len(customers)
            ]
        )
        visits.action_plan()
