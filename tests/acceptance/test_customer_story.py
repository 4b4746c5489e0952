"""One customer through everything, and what each side sees at each step.

Fair, lead, gate, quotation, order, delivery, invoice, installed product, request,
visit, renewal, change of class, campaign, next order. People work with their own
rights, the customer through the portal. A contact of another company sees nothing.
"""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
PEOPLE = {
    "marketer": "mass_mailing.group_mass_mailing_user,"
    "sales_team.group_sale_salesman,event.group_event_user",
    "chief": "crm_marketing.group_manager,mass_mailing.group_mass_mailing_campaign,"
    "sales_team.group_sale_salesman_all_leads",
    "seller": "sales_team.group_sale_salesman",
    "rival_seller": "sales_team.group_sale_salesman",
    "logistics": "stock.group_stock_user",
    "finance": "account.group_account_invoice",
    "analyst": "crm_analytics.group_analyst",
    "agent": "crm_service.group_service_user",
    "technician": "crm_service.group_service_technician",
    "service_manager": "crm_service.group_service_manager",
}


@tagged("post_install", "-at_install")
class TestCustomerStory(HttpCase):
    """Covers: CUS-01, SAL-02, SAL-18, SRV-06, SRV-13, ANA-04, MKT-03, MKT-06, MKT-07"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "mail_notrack": True,
                "mail_create_nolog": True,
                "no_reset_password": True,
            }
        )
        cls.company = cls.env.company
        cls.today = fields.Date.context_today(cls.env.user)
        cls.people = {
            role: new_test_user(
                cls.env, f"story_{role}", groups, email=f"{role}@ours.example"
            )
            for role, groups in PEOPLE.items()
        }
        cls._make_sales()
        cls._make_products()
        cls._make_service()
        cls._make_fair()

    @classmethod
    def _make_sales(cls):
        seller = cls.people["seller"]
        cls.team = cls.env["crm.team"].create(
            {"name": "Story team", "member_ids": [Command.link(seller.id)]}
        )
        cls.first, cls.second, cls.won = cls.env["crm.stage"].create(
            [
                {
                    "name": name,
                    "sequence": 900 + number,
                    "team_ids": [Command.link(cls.team.id)],
                    "is_won": name == "Story won",
                }
                for number, name in enumerate(("Need", "Offer", "Story won"))
            ]
        )
        cls.env["crm.stage.criterion"].create(
            {"name": "Decider met", "stage_id": cls.first.id}
        )

    @classmethod
    def _make_products(cls):
        common = {"taxes_id": [Command.clear()], "supplier_taxes_id": [Command.clear()]}
        cls.pump = cls.env["product.product"].create(
            {
                "name": "Story dosing pump",
                "is_storable": True,
                "tracking": "serial",
                "invoice_policy": "delivery",
                "list_price": 5000,
                "standard_price": 3000,
                "service_installed_base": True,
                "service_warranty_months": 12,
                **common,
            }
        )
        cls.seal, cls.hour = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "invoice_policy": "order",
                    "list_price": 100,
                    "standard_price": 40,
                    **common,
                }
                for name in ("Story seal kit", "Story hour")
            ]
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.lot = cls.env["stock.lot"].create(
            {"name": "STORY-1", "product_id": cls.pump.id}
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.pump, warehouse.lot_stock_id, 1, lot_id=cls.lot
        )

    @classmethod
    def _make_service(cls):
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Story hours", "tz": "UTC"}
        )
        level = cls.env["service.level"].create(
            {
                "name": "Story level",
                "calendar_id": cls.calendar.id,
                "line_ids": [
                    Command.create({"response_hours": 4, "resolution_hours": 16})
                ],
            }
        )
        cls.level = level
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Story technician",
                "user_id": cls.people["technician"].id,
                "resource_calendar_id": cls.calendar.id,
                "tz": "UTC",
            }
        )
        cls.desk = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Story desk",
                "service_level_id": level.id,
                "user_id": cls.people["service_manager"].id,
                "user_ids": [Command.set(cls.people["agent"].ids)],
                "technician_ids": [Command.set(cls.employee.ids)],
            }
        )
        cls.company.service_labour_product_id = cls.hour

    @classmethod
    def _make_fair(cls):
        now = fields.Datetime.now()
        cls.fair = cls.env["event.event"].create(
            {
                "name": "Story fair",
                "marketing_kind": "fair",
                "date_begin": now - timedelta(hours=1),
                "date_end": now + timedelta(hours=5),
                "company_id": cls.company.id,
            }
        )
        cls.env["event.lead.rule"].search([]).active = False
        rival = cls.env["res.partner"].create(
            {"name": "Rival Ltd", "is_company": True, "email": "x@rival.example"}
        )
        cls.stranger = cls.portal_user(
            cls.env["res.partner"].create({"name": "Eve", "parent_id": rival.id}),
            "story_stranger",
        )

    # --- helpers ------------------------------------------------------------------

    @classmethod
    def portal_user(cls, contact, login):
        return cls.env["res.users"].create(
            {
                "name": contact.name,
                "login": login,
                "password": login,
                "partner_id": contact.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    def by(self, role, records):
        """The records as that person sees them, read afresh."""
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(self.people[role]).sudo(False)

    def sees(self, role, record):
        Model = self.by(role, record.browse())
        return bool(Model.search([("id", "=", record.id)]))

    def may_not_read(self, role, model):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.env[model].with_user(self.people[role]).check_access("read")

    def page(self, path, user=None):
        login = (user or self.buyer).login
        self.authenticate(login, login)
        return self.url_open(path, allow_redirects=False)

    def post(self, path, **values):
        self.authenticate(self.buyer.login, self.buyer.login)
        data = values | {"csrf_token": Request.csrf_token(self)}
        return self.url_open(path, data=data, allow_redirects=False)

    def hidden(self, path, *texts):
        """The other company's contact gets no page, or one without the texts."""
        answer = self.page(path, self.stranger)
        if answer.status_code == 200:
            for text in texts:
                self.assertNotIn(text, answer.text, path)
        else:
            self.assertIn(answer.status_code, (303, 302, 403, 404), path)

    # --- the story ------------------------------------------------------------------

    def test_one_customer_through_everything(self):
        self._meet_at_the_fair()
        self._hand_the_lead_over()
        self._pass_the_gate()
        self._quote()
        self._order()
        self._deliver()
        self._invoice()
        self._look_at_the_installed_product()
        self._ask_for_help()
        self._visit()
        self._renew()
        self._change_the_class()
        self._campaign()
        self._order_again()

    def _meet_at_the_fair(self):
        self.by("chief", self.fair).sudo().action_make_campaign()
        visitor = self.by("marketer", self.env["crm.fair.visitor"]).create(
            {
                "event_id": self.fair.id,
                "badge": "",
                "name": "Ann Buyer",
                "company_name": "Story Works Ltd",
                "email": "ann@story.example",
                "phone": "+49 1",
                "interest": "3",
                "wish": "quotation",
                "has_agreed": True,
                "purpose_id": self.env.ref("crm_marketing.purpose_products").id,
            }
        )
        self.lead = visitor._save().sudo()
        self.contact = self.lead.partner_id
        self.account = self.contact.commercial_partner_id
        self.assertEqual(self.account.name, "Story Works Ltd")
        self.assertTrue(self.account.is_company)
        self.assertTrue(self.sees("marketer", self.lead))
        self.assertFalse(self.sees("seller", self.lead), "it is still marketing's")
        self.assertIn(
            "Came to a fair", self.by("marketer", self.lead).marketing_score_text
        )
        self.assertEqual(self.contact.consent_ids.mapped("state"), ["granted"])
        self.may_not_read("agent", "crm.lead")

    def _hand_the_lead_over(self):
        seller = self.people["seller"]
        self.by("marketer", self.lead)._hand_over(seller, self.team, "Wants a pump")
        self.assertTrue(self.sees("seller", self.lead))
        self.assertFalse(self.sees("rival_seller", self.lead))
        self.assertFalse(self.sees("marketer", self.lead), "handed over")
        self.by("seller", self.lead).action_transfer_accept()
        self.assertRecordValues(
            self.lead,
            [
                {
                    "type": "opportunity",
                    "transfer_state": "accepted",
                    "user_id": seller.id,
                    "team_id": self.team.id,
                }
            ],
        )
        transfer = self.lead.transfer_ids
        self.assertEqual(self.by("marketer", transfer).state, "accepted")
        self.account.user_id = seller

    def _pass_the_gate(self):
        deal = self.by("seller", self.lead)
        deal.stage_id = self.first
        with self.assertRaises(UserError) as caught:
            deal.stage_id = self.second
        self.assertIn("Decider met", str(caught.exception))
        self.env.invalidate_all()
        deal.criterion_ids.filtered(
            lambda row: row.criterion_id.name == "Decider met"
        ).is_done = True
        deal.stage_id = self.second
        self.assertEqual(self.lead.stage_id, self.second)

    def _quote(self):
        self.buyer = self.portal_user(self.contact, "story_buyer")
        order = self.by("seller", self.env["sale.order"]).create(
            {
                "partner_id": self.contact.id,
                "opportunity_id": self.lead.id,
                "campaign_id": self.lead.campaign_id.id,
                "order_line": [
                    Command.create({"product_id": self.pump.id, "product_uom_qty": 1}),
                    Command.create({"product_id": self.seal.id, "product_uom_qty": 3}),
                ],
            }
        )
        self.order = order.sudo()
        self.assertNotIn(order.name, self.page("/my/premier/orders").text, "a draft")
        order.action_quotation_sent()
        self.assertIn(order.name, self.page("/my/premier/orders").text)
        self.hidden("/my/premier/orders", order.name)
        self.hidden(f"/my/premier/orders/{order.id}", order.name)
        self.assertFalse(self.sees("rival_seller", self.order))
        steps = {
            s["key"]: s["amount"] for s in deal_steps(self.by("seller", self.lead))
        }
        self.assertEqual(steps["quoted"], 5300)

    def _order(self):
        order = self.by("seller", self.order)
        order.with_context(bypass_risk=True).action_confirm()
        self.assertEqual(order.state, "sale")
        page = self.page(f"/my/premier/orders/{order.id}").text
        self.assertIn("Story dosing pump", page)
        self.env.flush_all()
        campaign = self.by("chief", self.lead.campaign_id)
        self.assertEqual(
            (campaign.result_deal_count, campaign.result_order_amount), (1, 5300)
        )
        self.assertFalse(campaign.result_revenue, "ordered is not invoiced")

    def _deliver(self):
        picking = self.by("logistics", self.order.picking_ids)
        self.assertEqual(len(picking), 1)
        picking.action_assign()
        picking.move_ids.picked = True
        self.assertEqual(picking.move_ids.lot_ids, self.lot)
        picking.button_validate()
        self.assertEqual(picking.sudo().state, "done")
        self.assertEqual(self.order.order_line[0].qty_delivered, 1)

    def _invoice(self):
        order = self.by("finance", self.order)
        move = order._create_invoices()
        move.invoice_date = self.today
        move.action_post()
        self.invoice = move.sudo()
        self.assertIn(move.name, self.page("/my/premier/invoices").text)
        self.hidden("/my/premier/invoices", move.name)
        self.env.flush_all()
        campaign = self.by("chief", self.lead.campaign_id)
        self.assertEqual(
            (campaign.result_revenue, campaign.result_margin), (5300, 2180)
        )
        with self.assertRaises(AccessError):
            self.by("marketer", campaign).mapped("result_margin")
        self.assertEqual(self.by("marketer", campaign).result_revenue, 5300)
        steps = {
            s["key"]: s["amount"] for s in deal_steps(self.by("seller", self.lead))
        }
        self.assertEqual(steps["invoiced"], 5300)
        self.may_not_read("agent", "account.move")

    def _look_at_the_installed_product(self):
        asset = self.env["service.asset"].search([("lot_id", "=", self.lot.id)])
        self.asset = asset
        self.assertEqual(asset.commercial_partner_id, self.account)
        self.assertEqual(
            asset.warranty_end, self.today + relativedelta(months=12, days=-1)
        )
        self.assertEqual(self.by("agent", asset).warranty_state, "running")
        self.assertIn("STORY-1", self.page(f"/my/assets/{asset.id}").text)
        self.hidden(f"/my/assets/{asset.id}", "STORY-1")
        asset.write(
            {
                "state": "active",
                "commissioned_date": self.today - relativedelta(years=1, days=-5),
            }
        )
        self.env.flush_all()
        dates = self.by("seller", self.env["crm.care.date"]).search(
            [("partner_id", "=", self.account.id)]
        )
        self.assertEqual(
            dates.filtered(lambda d: d.code == "commissioned").date,
            self.today + timedelta(days=5),
        )
        self.assertIn("Anniversary of commissioning", self.page("/my/premier").text)
        self.hidden("/my/premier", "Anniversary of commissioning")

    def _ask_for_help(self):
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Story machine", "service_asset": "required"}
        )
        form = self.page(f"/new/ticket?asset_id={self.asset.id}").text
        self.assertIn(self.asset.display_name, form)
        self.post(
            "/submitted/ticket",
            category=str(category.id),
            asset_id=str(self.asset.id),
            subject="Pump is loud",
            description="It rattles",
        )
        ticket = self.env["helpdesk.ticket"].search(
            [("partner_id", "=", self.contact.id)]
        )
        self.assertEqual(len(ticket), 1)
        ticket.write({"team_id": self.desk.id})
        seen = self.by("agent", ticket)
        self.assertEqual(seen.asset_id, self.asset)
        self.assertEqual(seen.service_outcome, "warranty")
        self.ticket = ticket
        self.assertIn("Pump is loud", self.page("/my/tickets").text)
        self.hidden("/my/tickets", "Pump is loud")
        self.hidden(f"/my/ticket/{ticket.id}", "Pump is loud")
        self.may_not_read("finance", "crm.lead")

    def _visit(self):
        day = self.today + timedelta(days=7 - self.today.weekday())
        visit = self.by("agent", self.env["service.visit"]).create(
            {
                "summary": "Look at the pump",
                "partner_id": self.account.id,
                "ticket_id": self.ticket.id,
                "asset_ids": [Command.set(self.asset.ids)],
                "employee_id": self.employee.id,
                "date_start": datetime.combine(day, time(9)),
            }
        )
        visit.action_plan()
        self.assertTrue(self.sees("technician", visit))
        mine = self.by("technician", visit)
        mine.action_start()
        mine.write(
            {"report": "<p>Seal replaced</p>", "signature": PNG, "signed_by": "Ann"}
        )
        mine.action_confirm()
        self.assertEqual(visit.sudo().state, "done")
        page = self.page(f"/my/visits/{visit.id}").text
        self.assertIn("Seal replaced", page)
        self.hidden(f"/my/visits/{visit.id}", "Seal replaced")
        self.may_not_read("seller", "service.visit")

    def _renew(self):
        contract = self.by("service_manager", self.env["contract.contract"]).create(
            {
                "name": "Story care",
                "partner_id": self.account.id,
                "user_id": self.people["seller"].id,
                "service_level_id": self.level.id,
                "contract_line_ids": [
                    Command.create(
                        {
                            "name": "Care",
                            "product_id": self.hour.id,
                            "price_unit": 100.0,
                            "recurring_rule_type": "monthly",
                            "date_start": self.today - relativedelta(months=1),
                            "date_end": self.today + timedelta(days=20),
                        }
                    )
                ],
            }
        )
        contract.action_activate()
        contract = contract.sudo()
        self.env["contract.contract"].sudo()._open_renewals(self.today)
        lead = contract.renewal_lead_ids
        self.assertEqual(lead.user_id, self.people["seller"])
        self.assertTrue(self.sees("seller", lead))
        self.env.flush_all()
        codes = self.by("seller", self.env["crm.care.date"]).search(
            [("partner_id", "=", self.account.id)]
        )
        self.assertIn("contract", codes.mapped("code"))
        self.assertIn("Contract ends", self.page("/my/premier").text)
        order = self.env["sale.order"].browse(
            self.by("seller", lead).action_new_renewal_quotation()["res_id"]
        )
        self.by("seller", lead).stage_id = self.first
        self.by("seller", lead).criterion_ids.is_done = True  # won through its gate
        before = contract.date_end
        self.by("seller", order).with_context(bypass_risk=True).action_confirm()
        contract.invalidate_recordset()
        self.assertGreater(contract.date_end, before)
        self.assertEqual(lead.won_status, "won")

    def _change_the_class(self):
        run = self.env["crm.value.run"].sudo()._start(self.company, "full", self.today)
        self.assertIn(run.state, ("done", "warning"))  # others' documents may differ
        Value = self.env["crm.customer.value"]
        value = Value.search([("partner_id", "=", self.account.id)])
        self.assertEqual(value.value_class, "new")
        self.assertTrue(self.sees("seller", value))
        self.assertFalse(self.sees("rival_seller", value))
        with self.assertRaises(AccessError):
            self.by("seller", value).mapped("contribution")
        self.assertEqual(self.by("analyst", value).monetary, 5300)
        # three years without an order later
        later = self.today + relativedelta(years=3)
        self.env["crm.value.run"].sudo()._start(self.company, "full", later)
        value = Value.search([("partner_id", "=", self.account.id)])
        self.assertEqual(value.value_class, "dormant")

    def _campaign(self):
        dormant = self.env.ref("crm_marketing.purpose_products")
        options = self.env["crm.audience.option"].search(
            [("kind", "=", "value_class"), ("code", "=", "dormant")]
        )
        audience = self.by("chief", self.env["crm.audience"]).create(
            {
                "name": "Story: win back",
                "value_class_ids": [Command.set(options.ids)],
                "partner_domain": f"[('id', '=', {self.account.id})]",
                "holdout_percent": 0,
            }
        )
        campaign = self.by("chief", self.env["utm.campaign"]).create(
            {
                "title": "Story win back",
                "company_id": self.company.id,
                "audience_id": audience.id,
                "purpose_id": dormant.id,
            }
        )
        campaign.action_freeze_audience()
        self.campaign = campaign.sudo()
        members = self.campaign.snapshot_id.member_ids
        # the company and Ann share one address: one mail
        written = members.filtered(lambda member: not member.excluded_reason)
        self.assertEqual(written.mapped("email_normalized"), ["ann@story.example"])
        self.assertEqual(members.commercial_partner_id, self.account)
        news = self.by("marketer", self.env["crm.news"]).create(
            {
                "name": "Story offer for you",
                "summary": "Come back",
                "company_id": self.company.id,
                "value_domain": "[('value_class', '=', 'dormant')]",
                "campaign_id": campaign.id,
            }
        )
        self.assertNotIn("Story offer", self.page("/my/premier").text)
        news.action_publish()
        self.assertIn("Story offer for you", self.page("/my/premier").text)
        self.hidden("/my/premier", "Story offer for you")
        self.page(f"/my/premier/news/{news.id}")
        self.hidden(f"/my/premier/news/{news.id}", "Come back")
        clicks = self.by("seller", self.env["crm.interest"]).search(
            [("news_id", "=", news.id)]
        )
        self.assertEqual(clicks.partner_id, self.contact)

    def _order_again(self):
        self.post("/my/premier/basket/add", product_id=self.seal.id, quantity="4")
        self.post("/my/premier/basket/save", send="1", note="As before")
        order = self.env["sale.order"].search(
            [("portal_request_partner_id", "=", self.contact.id)]
        )
        self.assertRecordValues(
            order, [{"state": "draft", "user_id": self.people["seller"].id}]
        )
        mine = self.by("seller", order)
        mine.campaign_id = self.campaign
        mine.with_context(bypass_risk=True).action_confirm()
        move = self.by("finance", order)._create_invoices()
        move.invoice_date = self.today
        move.action_post()
        self.env.flush_all()
        campaign = self.by("chief", self.campaign)
        amount = order.amount_untaxed
        self.assertGreater(amount, 0)
        self.assertEqual(
            (campaign.result_order_count, campaign.result_revenue), (1, amount)
        )
        action = campaign.action_open_result_invoices()
        invoices = self.by("chief", self.env["account.move"]).search(action["domain"])
        self.assertEqual(invoices.sudo(), move.sudo())
        campaign.action_update_effect()
        verdict = campaign.effect_ids[:1].verdict
        self.assertIn("Nobody was held out", verdict)
        first = self.by("chief", self.lead.campaign_id)
        self.assertEqual(first.result_revenue, 5300, "each campaign has its own")
        self.assertIn(order.name, self.page("/my/premier/orders").text)
        self.hidden("/my/premier/orders", order.name)


def deal_steps(deal):
    """Steps of the order-to-cash bar of a deal."""
    return deal.order_to_cash["steps"]
