from odoo import fields, models


class CrmHandoverBrief(models.Model):
    """What the successor must know of one account, frozen when it was handed over."""

    _name = "crm.handover.brief"
    _description = "Hand-over Brief"
    _order = "open_amount desc, id"

    handover_id = fields.Many2one(
        "crm.handover", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Account", ondelete="cascade")
    company_id = fields.Many2one(related="handover_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    deal_count = fields.Integer("Open Deals")
    open_amount = fields.Monetary("Open Deal Value")
    order_count = fields.Integer("Open Orders")
    order_amount = fields.Monetary("Open Order Value")
    overdue_amount = fields.Monetary("Overdue")
    last_contact = fields.Datetime()
    promise_count = fields.Integer("Open Promises", help="Activities still to be done.")
    next_promise = fields.Char()
    note = fields.Text(help="What the record does not say: write it before you leave.")

    def _prepare_briefs(self, partners):
        """One dict of values per account; a fixed number of queries for all."""
        domain = [("partner_id", "child_of", partners.ids)]
        by_account = {partner.id: {"partner_id": partner.id} for partner in partners}
        company = self.env.company
        self._add_sums(
            by_account,
            "crm.lead",
            domain + [("won_status", "=", "pending")],
            "expected_revenue:sum",
            ("deal_count", "open_amount"),
        )
        self._add_sums(
            by_account,
            "sale.order",
            domain + [("state", "=", "sale"), ("invoice_status", "!=", "invoiced")],
            "amount_untaxed:sum_currency",
            ("order_count", "order_amount"),
        )
        self._add_sums(
            by_account,
            "account.move",
            domain
            + [
                ("company_id", "=", company.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", fields.Date.context_today(self)),
            ],
            "amount_residual_signed:sum",
            (None, "overdue_amount"),
        )
        self._add_contacts(by_account, partners)
        self._add_promises(by_account, partners)
        return list(by_account.values())

    def _add_sums(self, by_account, model, domain, aggregate, names):
        if not self.env[model].has_access("read"):
            return
        for partner, count, amount in self.env[model]._read_group(
            domain, ["partner_id"], ["__count", aggregate]
        ):
            values = by_account.get(partner.commercial_partner_id.id, {})
            for name, figure in zip(names, (count, amount), strict=True):
                if name:
                    values[name] = values.get(name, 0) + figure

    def _add_contacts(self, by_account, partners):
        """The latest message on the account or on one of its deals."""
        owners = {
            "res.partner": {partner.id: partner.id for partner in partners},
            "crm.lead": {
                lead.id: lead.partner_id.commercial_partner_id.id
                for lead in self.env["crm.lead"].search_fetch(
                    [("partner_id", "child_of", partners.ids)], ["partner_id"]
                )
            },
        }
        for model, account_of in owners.items():
            for res_id, latest in self.env["mail.message"]._read_group(
                [
                    ("model", "=", model),
                    ("res_id", "in", list(account_of)),
                    ("message_type", "in", ("email", "email_outgoing", "comment")),
                ],
                ["res_id"],
                ["date:max"],
            ):
                values = by_account.get(account_of[res_id], {})
                if latest and latest > values.get("last_contact", latest.min):
                    values["last_contact"] = latest

    def _add_promises(self, by_account, partners):
        activities = self.env["mail.activity"].search_fetch(
            [
                "|",
                "&",
                ("res_model", "=", "res.partner"),
                ("res_id", "in", partners.ids),
                "&",
                ("res_model", "=", "crm.lead"),
                (
                    "res_id",
                    "in",
                    self.env["crm.lead"]._search(
                        [
                            ("partner_id", "child_of", partners.ids),
                            ("won_status", "=", "pending"),
                        ]
                    ),
                ),
            ],
            ["res_model", "res_id", "summary", "date_deadline", "activity_type_id"],
            order="date_deadline",
        )
        leads = self.env["crm.lead"].browse(
            activities.filtered(lambda a: a.res_model == "crm.lead").mapped("res_id")
        )
        owners = {lead.id: lead.partner_id.commercial_partner_id.id for lead in leads}
        for activity in activities:
            account = (
                owners.get(activity.res_id)
                if activity.res_model == "crm.lead"
                else activity.res_id
            )
            values = by_account.get(account)
            if values is None:
                continue
            values["promise_count"] = values.get("promise_count", 0) + 1
            values.setdefault(
                "next_promise",
                f"{activity.date_deadline}: "
                f"{activity.summary or activity.activity_type_id.name or ''}",
            )
