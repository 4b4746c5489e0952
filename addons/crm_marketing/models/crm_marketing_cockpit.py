from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

DAYS = 14


class CrmMarketingCockpit(models.AbstractModel):
    """Start page of One-to-one: the four steps of IDIC, each figure a door.

    A figure whose records the user may not read is absent.
    """

    _name = "crm.marketing.cockpit"
    _description = "One-to-One Cockpit"

    @api.model
    @api.readonly
    def get_cockpit(self):
        """Steps with their figures, running campaigns, and dates of the next days."""
        steps = [
            ("identify", self.env._("1 Identify"), self._get_identify()),
            ("differentiate", self.env._("2 Differentiate"), self._get_differentiate()),
            ("interact", self.env._("3 Interact"), self._get_interact()),
            ("customise", self.env._("4 Customise"), self._get_customise()),
        ]
        return {
            "steps": [
                {"code": code, "name": name, "figures": [f for f in figures if f]}
                for code, name, figures in steps
            ],
            "budget": self._get_budget(),
            "campaigns": self._get_campaigns(),
            "dates": self._get_dates(),
        }

    # --- helpers --------------------------------------------------------------------

    @api.model
    def _figure(self, key, label, model, domain, note="", context=None):
        """A number of records with the action that lists them."""
        Model = self.env[model]
        if not Model.has_access("read"):
            return None
        return {
            "key": key,
            "label": label,
            "note": note,
            "value": Model.search_count(domain),
            "action": {
                "type": "ir.actions.act_window",
                "name": label,
                "res_model": model,
                "views": [[False, "list"], [False, "form"]],
                "domain": list(Domain(domain)),
                "context": context or {},
            },
        }

    @api.model
    def _get_company_domain(self):
        return Domain("company_id", "=", self.env.company.id)

    # --- the four steps ---------------------------------------------------------------

    @api.model
    def _get_identify(self):
        customers = Domain("parent_id", "=", False) & Domain("customer_rank", ">", 0)
        customers &= Domain("company_id", "in", (self.env.company.id, False))
        purposes = self.env["crm.consent"]
        return [
            self._figure(
                "customers", self.env._("Customers"), "res.partner", customers
            ),
            self._figure(
                "no_contact",
                self.env._("Customers without a person to write to"),
                "res.partner",
                customers
                & ~Domain("child_ids", "any", [("email", "!=", False)])
                & Domain("email", "=", False),
            ),
            self._figure(
                "no_industry",
                self.env._("Customers without industry"),
                "res.partner",
                customers & Domain("industry_id", "=", False),
            ),
            self._figure(
                "agreed",
                self.env._("Contacts that agreed to a purpose"),
                purposes._name,
                [("is_current", "=", True), ("state", "=", "granted")],
            ),
        ]

    @api.model
    def _get_differentiate(self):
        Value = self.env["crm.customer.value"]
        if not Value.has_access("read"):
            return []
        names = dict(Value._fields["value_class"]._description_selection(self.env))
        return [
            self._figure(
                code,
                names[code],
                Value._name,
                self._get_company_domain() & Domain("value_class", "=", code),
            )
            for code in names
        ]

    @api.model
    def _get_interact(self):
        since = fields.Datetime.now() - relativedelta(days=30)
        today = fields.Date.context_today(self)
        return [
            self._figure(
                "sent",
                self.env._("Mailings sent in 30 days"),
                "mailing.mailing",
                [("state", "=", "done"), ("sent_date", ">=", since)],
            ),
            self._figure(
                "interest",
                self.env._("Clicks on the customer page in 30 days"),
                "crm.interest",
                self._get_company_domain() & Domain("date", ">=", since.date()),
            ),
            self._figure(
                "to_hand",
                self.env._("Leads to hand over"),
                "crm.lead",
                Domain("transfer_state", "in", ("none", "returned"))
                & Domain("type", "=", "lead")
                & Domain("won_status", "=", "pending"),
            ),
            self._figure(
                "late",
                self.env._("Leads that sales has not answered in time"),
                "crm.lead.transfer",
                [("is_late", "=", True)],
            ),
            self._figure(
                "events",
                self.env._("Fairs and trainings to come"),
                "event.event",
                Domain("marketing_kind", "in", ("fair", "training"))
                & Domain("date_end", ">=", today),
            ),
        ]

    @api.model
    def _get_customise(self):
        today = fields.Date.context_today(self)
        return [
            self._figure(
                "suggestions",
                self.env._("Suggestions for customers"),
                "crm.customer.suggestion",
                self._get_company_domain(),
            ),
            self._figure(
                "news",
                self.env._("News on show"),
                "crm.news",
                self.env["crm.news"]._get_shown_domain(self.env.company),
            ),
            self._figure(
                "care",
                self.env._("Care dates of the next %(days)s days", days=DAYS),
                "crm.care.date",
                self._get_care_domain(today),
            ),
            self._figure(
                "approve",
                self.env._("Activities to approve"),
                "crm.marketing.activity",
                self._get_company_domain() & Domain("state", "=", "asked"),
            ),
        ]

    # --- money and dates --------------------------------------------------------------

    @api.model
    def _get_budget(self):
        """The plan of today: planned, actual, left; None without one."""
        Plan = self.env["crm.marketing.plan"]
        today = fields.Date.context_today(self)
        if not Plan.has_access("read"):
            return False
        plan = Plan.search(
            self._get_company_domain()
            & Domain("state", "=", "running")
            & Domain("date_from", "<=", today)
            & Domain("date_to", ">=", today),
            limit=1,
        )
        if not plan:
            return False
        return {
            "id": plan.id,
            "name": plan.name,
            "budget": plan.budget,
            "planned": plan.planned_cost,
            "actual": plan.actual_cost,
            "left": plan.budget_left,
            "is_over": plan.is_over,
            "currency_id": plan.currency_id.id,
        }

    @api.model
    def _get_campaigns(self):
        """Campaigns with the most invoiced money of the last 12 months."""
        Entry = self.env["crm.campaign.entry"]
        if not Entry.has_access("read"):
            return []
        since = fields.Date.context_today(self) - relativedelta(years=1)
        rows = Entry._read_group(
            self.env["utm.campaign"]._get_result_domain() & Domain("date", ">=", since),
            ["campaign_id"],
            ["revenue:sum", "cost:sum", "lead_count:sum"],
            order="revenue:sum desc",
            limit=6,
        )
        sees_margin = self.env.user.has_group("crm_analytics.group_analyst")
        return [
            {
                "id": campaign.id,
                "name": campaign.title,
                "leads": leads,
                "revenue": revenue,
                "cost": cost,
                "currency_id": self.env.company.currency_id.id,
                "roi": campaign.result_roi
                if sees_margin and campaign.result_cost
                else False,
            }
            for campaign, revenue, cost, leads in rows
        ]

    @api.model
    def _get_care_domain(self, today):
        return Domain("company_id", "in", (self.env.company.id, False)) & Domain(
            [("date", ">=", today), ("date", "<=", today + relativedelta(days=DAYS))]
        )

    @api.model
    def _get_dates(self):
        Care = self.env["crm.care.date"]
        if not Care.has_access("read"):
            return []
        today = fields.Date.context_today(self)
        return [
            {
                "id": date.id,
                "partner_id": date.partner_id.id,
                "partner": date.partner_id.display_name,
                "kind": date.kind_id.name,
                "date": fields.Date.to_string(date.date),
                "owner": date.user_id.name or "",
            }
            for date in Care.search(self._get_care_domain(today), limit=8)
        ]
