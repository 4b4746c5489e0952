import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

PLACE = (
    '<p>Dear <t t-out="object.name"/>,</p>'
    '<t t-out="object.one_to_one_content"/>'
    "<p>Your team of Kelvane Coatings</p>"
)


class CrmDemoCompany(models.AbstractModel):
    """Audiences, blocks, campaigns and triggers of the demo company."""

    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _build(self, *args, **kwargs):
        built = super()._build(*args, **kwargs)
        if built:
            self._build_sending()
        return built

    @api.model
    def _build_sending(self):
        """Build them once, where the demo company is there."""
        company = self.sudo()._find_ids(["built"])
        if not company or self.sudo()._find_ids(["mkt_audience_best"]):
            return False
        self = self.with_user(self.env.ref("base.user_admin")).sudo()
        self = self.with_context(tracking_disable=True, lang="en_US")
        self = self.with_company(self.env["res.company"].browse(company["built"]))
        refs = {}
        self._build_sending_consents()
        self._build_sending_audiences(refs)
        self._build_sending_blocks(refs)
        self._build_sending_campaigns(refs)
        self._build_sending_triggers(refs)
        self._build_sending_auto_replies(refs)
        return True

    @api.model
    def _build_sending_consents(self):
        """A third of the contacts said something, some of them no."""
        chance = random.Random(20)
        contacts = self.env["res.partner"].search(
            [("parent_id", "!=", False), ("email_normalized", "!=", False)], order="id"
        )
        events = self.env.ref("crm_marketing.purpose_events")
        products = self.env.ref("crm_marketing.purpose_products")
        agreed = contacts.filtered(lambda _c: chance.random() < 0.35)
        agreed._record_consent(events, "granted", "fair")
        refused = contacts.filtered(lambda _c: chance.random() < 0.04)
        refused._record_consent(products, "refused", "phone")
        for contact in contacts.filtered(lambda _c: chance.random() < 0.1):
            contact.marketing_frequency = chance.choice(["month", "quarter"])
        contacts[::4].marketing_contact = True

    @api.model
    def _options(self, *codes):
        return (
            self.env["crm.audience.option"]
            .search([("kind", "=", "value_class"), ("code", "in", codes)])
            .ids
        )

    @api.model
    def _build_sending_audiences(self, refs):
        self._ensure(
            "crm.audience",
            {
                "mkt_audience_best": {
                    "name": "Most valuable and growing customers",
                    "value_class_ids": self._options("most_valuable", "growth"),
                    "holdout_percent": 20,
                },
                "mkt_audience_lost": {
                    "name": "Customers we are losing",
                    "value_class_ids": self._options("being_lost"),
                    "contact_choice": "role",
                    "role_ids": self.env["crm.buying.role.type"]
                    .search([("active", "=", True)])
                    .ids,
                    "holdout_percent": 20,
                },
                "mkt_audience_next": {
                    "name": "Customers with a suggestion",
                    "with_suggestion": True,
                    "contact_choice": "marketing",
                    "holdout_percent": 10,
                },
                "mkt_audience_end": {
                    "name": "Contract ends within 90 days",
                    "contract_end_days": 90,
                    "holdout_percent": 0,
                },
            },
            refs,
        ).action_count()

    @api.model
    def _build_sending_blocks(self, refs):
        self._ensure(
            "crm.content.block",
            {
                "mkt_block_winter": {
                    "name": "Winter: drying at low temperature",
                    "sequence": 10,
                    "subject": "Coating in the cold: what works below 5 °C",
                    "body": "<h3>Cold halls need other hardeners</h3><p>Below 5 °C our"
                    " winter hardeners keep the drying time of your line.</p>",
                    "month_from": "11",
                    "month_to": "2",
                    "value_class_ids": self._options("most_valuable", "growth"),
                },
                "mkt_block_offer": {
                    "name": "Products that fit what you buy",
                    "sequence": 20,
                    "kind": "products",
                    "subject": "What customers like you also use",
                    "body": "<h3>What goes well with what you buy</h3>",
                },
                "mkt_block_back": {
                    "name": "We would like to know what we can do better",
                    "sequence": 5,
                    "subject": "What can we do better?",
                    "body": "<h3>We miss you</h3><p>Answer with one line: your"
                    " contact calls you.</p>",
                    "value_class_ids": self._options("being_lost", "dormant"),
                },
                "mkt_block_else": {
                    "name": "News of the season",
                    "sequence": 90,
                    "is_fallback": True,
                    "subject": "News from our laboratory",
                    "body": "<h3>News from our laboratory</h3><p>The new catalogue is"
                    " there. Answer with the word sample to get one.</p>",
                },
            },
            refs,
        )

    @api.model
    def _build_sending_campaigns(self, refs):
        purpose = self.env.ref("crm_marketing.purpose_products")
        campaigns = self._ensure(
            "utm.campaign",
            {
                "mkt_campaign_sent": {
                    "title": "What goes with your coats",
                    "audience_id": refs["mkt_audience_best"],
                    "purpose_id": purpose.id,
                    "company_id": self.env.company.id,
                },
                "mkt_campaign_draft": {
                    "title": "Win back",
                    "audience_id": refs["mkt_audience_lost"],
                    "purpose_id": purpose.id,
                    "company_id": self.env.company.id,
                },
            },
            refs,
        )
        blocks = [
            Command.set([refs[key] for key in refs if key.startswith("mkt_block_")])
        ]
        sender = self.env.company.email_formatted or "news@kelvane.example"
        letters = self._ensure(
            "mailing.mailing",
            {
                f"mkt_mailing_{number}": {
                    "subject": "{{ object.one_to_one_subject or 'News' }}",
                    "campaign_id": campaign.id,
                    "block_ids": blocks,
                    "email_from": sender,
                    "reply_to": sender,
                    "body_arch": PLACE,
                    "body_html": PLACE,
                    "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                }
                for number, campaign in enumerate(campaigns)
            },
            refs,
        )
        self._pretend_sent(letters[0])

    @api.model
    def _pretend_sent(self, letter):
        """As if sent six weeks ago: frozen, with traces, no mail leaves."""
        chance = random.Random(6)
        sent = fields.Datetime.now() - timedelta(days=42)
        letter._freeze_audience()
        self._backdate("crm.audience.snapshot", "date", {letter.snapshot_id.id: sent})
        members = letter.snapshot_id.member_ids.filtered(
            lambda member: not member.is_holdout and not member.excluded_reason
        )
        traces = self.env["mailing.trace"].create(
            [
                {
                    "mass_mailing_id": letter.id,
                    "model": "res.partner",
                    "res_id": member.partner_id.id,
                    "email": member.email_normalized,
                    "sent_datetime": sent,
                    **self._pretend_reading(chance, sent),
                }
                for member in members
            ]
        )
        self._backdate("mailing.trace", "create_date", dict.fromkeys(traces.ids, sent))
        letter.write({"state": "done", "sent_date": sent})

    @api.model
    def _pretend_reading(self, chance, sent):
        luck = chance.random()
        opened = sent + timedelta(hours=chance.randint(1, 70))
        if luck < 0.03:
            return {"trace_status": "bounce", "failure_type": "mail_bounce"}
        if luck < 0.08:
            return {
                "trace_status": "reply",
                "open_datetime": opened,
                "reply_datetime": opened + timedelta(hours=2),
            }
        if luck < 0.45:
            clicked = luck < 0.2 and {"links_click_datetime": opened}
            return {"trace_status": "open", "open_datetime": opened, **(clicked or {})}
        return {"trace_status": "sent"}

    @api.model
    def _build_sending_triggers(self, refs):
        """Drafts, but for one that was running and shows what it found."""
        service = self.env.ref("crm_marketing.purpose_service")
        products = self.env.ref("crm_marketing.purpose_products")
        triggers = self._ensure(
            "crm.marketing.trigger",
            {
                "mkt_trigger_reorder": {
                    "name": "Time to order again",
                    "kind": "reorder_due",
                    "purpose_id": products.id,
                    "delay_days": 2,
                    "max_late": 60,
                },
                "mkt_trigger_silence": {
                    "name": "We have not heard of you",
                    "kind": "silence",
                    "purpose_id": products.id,
                },
                "mkt_trigger_price": {
                    "name": "Your price agreement ends",
                    "kind": "price_end",
                    "purpose_id": service.id,
                },
                "mkt_trigger_years": {
                    "name": "Years of service of your equipment",
                    "kind": "anniversary",
                    "purpose_id": service.id,
                },
                "mkt_trigger_lost": {
                    "name": "Asks what went wrong",
                    "kind": "class_change",
                    "purpose_id": products.id,
                    "class_ids": self._options("being_lost"),
                },
            },
            refs,
        )
        for trigger in triggers:
            trigger.action_write_mail()
            trigger.mailing_id.block_ids = [
                Command.set([refs["mkt_block_offer"], refs["mkt_block_else"]])
            ]
        first = triggers[0]
        first.write(
            {
                "state": "stopped",
                "start_date": fields.Date.today() - timedelta(days=60),
            }
        )
        first._detect()

    @api.model
    def _build_sending_auto_replies(self, refs):
        self._ensure(
            "mail.template",
            {
                "mkt_template_sample": {
                    "name": "Answer: your sample",
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                    "subject": "Your sample is on its way",
                    "body_html": '<p>Dear <t t-out="object.name"/>, your sample leaves'
                    " tomorrow.</p>",
                    "partner_to": "{{ object.id }}",
                    "use_default_to": False,
                }
            },
            refs,
        )
        self._ensure(
            "crm.auto.reply",
            {
                "mkt_reply_sample": {
                    "name": "Asks for a sample",
                    "keywords": "sample, samples, Muster, 样品",
                    "template_id": refs["mkt_template_sample"],
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                },
                "mkt_reply_stop": {
                    "name": "Wants no more mails",
                    "keywords": "stop, unsubscribe, abmelden, 退订",
                    "withdraw_consent": True,
                    "sequence": 1,
                },
            },
            refs,
        )
