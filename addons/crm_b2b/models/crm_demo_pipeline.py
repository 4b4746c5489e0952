from datetime import datetime, time, timedelta

from odoo import Command, api, models

from ..tools import demo_catalog as catalog

ROTTING_DAYS = 30


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _build_deals(self, plan, refs):
        self._find_stages(refs)
        reasons = {
            f"lost_{key}": {"name": name} for key, name in catalog.LOST_REASONS.items()
        }
        self._ensure("crm.lost.reason", reasons, refs)
        customers = {customer.key: customer for customer in plan.customers}
        values = {
            f"deal_{deal.key}": self._prepare_deal(deal, customers[deal.customer], refs)
            for deal in plan.deals
        }
        self._ensure("crm.lead", values, refs)

    @api.model
    def _find_stages(self, refs):
        """Map the plan's stages on those of the database, by their order."""
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        working = stages.filtered(lambda stage: not stage.is_won)
        for number, key in enumerate(("new", "qualified", "proposition")):
            refs[f"stage_{key}"] = working[min(number, len(working) - 1)].id
        refs["stage_won"] = stages.filtered("is_won")[:1].id
        working.filtered(
            lambda stage: not stage.rotting_threshold_days
        ).rotting_threshold_days = ROTTING_DAYS

    @api.model
    def _prepare_deal(self, deal, customer, refs):
        lost = deal.status == "lost"
        contact = refs[f"contact_{deal.contact}"]
        return {
            "name": deal.name,
            "type": "opportunity",
            "partner_id": contact,
            "user_id": refs[f"user_{deal.seller}"],
            "team_id": refs[f"team_{customer.team}"],
            "stage_id": refs[f"stage_{deal.stage}"],
            "expected_revenue": deal.revenue * self._get_dollar_rate("USD"),
            "probability": deal.probability,
            "priority": deal.priority,
            "date_deadline": deal.closing,
            "active": not lost,
            "lost_reason_id": refs[f"lost_{deal.lost_reason}"] if lost else False,
        }

    @api.model
    def _build_deal_history(self, plan, refs):
        """Dates, messages, activities and meetings of the deals."""
        created, moved, closed = {}, {}, {}
        for deal in plan.deals:
            lead = refs[f"deal_{deal.key}"]
            created[lead] = datetime.combine(deal.created, time(9))
            moved[lead] = datetime.combine(deal.moved, time(11))
            if deal.status != "open":
                closed[lead] = moved[lead]
        self._backdate("crm.lead", "create_date", created)
        self._backdate("crm.lead", "date_open", created)
        self._backdate("crm.lead", "date_last_stage_update", moved)
        self._backdate("crm.lead", "date_closed", closed)
        self.env["mail.message"].create(
            [
                self._prepare_message(deal, day, text, refs)
                for deal in plan.deals
                for day, text in deal.messages
            ]
        )
        self._build_activities(plan, refs)
        meetings = [
            self._prepare_meeting(deal, plan.today, refs)
            for deal in plan.deals
            if deal.meeting is not None
        ]
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            meetings
        )

    @api.model
    def _prepare_message(self, deal, day, text, refs):
        user = self.env["res.users"].browse(refs[f"user_{deal.seller}"])
        return {
            "model": "crm.lead",
            "res_id": refs[f"deal_{deal.key}"],
            "body": text,
            "date": datetime.combine(day, time(10, 30)),
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_note").id,
            "author_id": user.partner_id.id,
            "email_from": user.email_formatted,
        }

    @api.model
    def _build_activities(self, plan, refs):
        names = {
            "Call": "mail.mail_activity_data_call",
            "Email": "mail.mail_activity_data_email",
            "To-Do": "mail.mail_activity_data_todo",
            "Meeting": "mail.mail_activity_data_meeting",
        }
        kinds = {key: self.env.ref(name) for key, name in names.items()}
        model = self.env["ir.model"]._get_id("crm.lead")
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model,
                    "res_id": refs[f"deal_{deal.key}"],
                    "activity_type_id": kinds[deal.activity[0]].id,
                    "summary": deal.activity[1],
                    "date_deadline": plan.today + timedelta(days=deal.activity[2]),
                    "user_id": refs[f"user_{deal.seller}"],
                }
                for deal in plan.deals
                if deal.activity
            ]
        )

    @api.model
    def _prepare_meeting(self, deal, today, refs):
        user = self.env["res.users"].browse(refs[f"user_{deal.seller}"])
        day = today + timedelta(days=deal.meeting)
        day += timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())
        start = datetime.combine(day, time(8 + len(deal.key) % 6))
        partners = [user.partner_id.id, refs[f"contact_{deal.contact}"]]
        return {
            "name": deal.name,
            "start": start,
            "stop": start + timedelta(hours=1),
            "user_id": user.id,
            "partner_ids": [Command.set(partners)],
            "opportunity_id": refs[f"deal_{deal.key}"],
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": refs[f"deal_{deal.key}"],
        }

    @api.model
    def _build_quotations(self, plan, refs):
        """A quotation for each open deal in the last stage, sent but for the newest."""
        customers = {customer.key: customer for customer in plan.customers}
        products = {item.key: item for item in catalog.PRODUCTS}
        quotations = {}
        for number, deal in enumerate(plan.deals):
            if deal.status != "open" or deal.stage != "proposition":
                continue
            customer, product = customers[deal.customer], products[deal.product]
            rate = self._convert_dollar(customer.currency, plan.today, refs)
            quotations[f"quotation_{deal.key}"] = {
                "partner_id": refs[f"partner_{customer.key}"],
                "user_id": refs[f"user_{deal.seller}"],
                "team_id": refs[f"team_{customer.team}"],
                "opportunity_id": refs[f"deal_{deal.key}"],
                "pricelist_id": refs[f"pricelist_{customer.currency}"],
                "date_order": datetime.combine(deal.moved, time(12)),
                "validity_date": plan.today + timedelta(days=30),
                "state": "draft" if number % 3 == 0 else "sent",
                "order_line": [
                    Command.create(
                        {
                            "product_id": refs[f"product_{deal.product}"],
                            "product_uom_qty": deal.quantity,
                            "price_unit": round(product.price * rate, 2),
                            "purchase_price": round(product.cost * rate, 2),
                        }
                    )
                ],
            }
        self._ensure("sale.order", quotations, refs)
