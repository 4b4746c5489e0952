from odoo import api, fields, models
from odoo.fields import Domain


class CrmCustomerValueOpen(models.Model):
    """What the figures of a customer open: documents that add up to them."""

    # By subject.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    last_contact = fields.Datetime(
        compute="_compute_last_contact",
        help="Last e-mail, finished activity, meeting or visit with anybody of the"
        " account.",
    )

    @api.depends("partner_id")
    def _compute_last_contact(self):
        people = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("commercial_partner_id", "in", self.partner_id.ids)])
        )
        visits = self.env["crm.visit.report"].sudo()  # only the date is told
        dates = [
            *people._get_last_contact_dates().items(),
            *(
                (person.id, date)
                for person, date in visits._read_group(
                    [("partner_id", "in", people.ids), ("state", "=", "done")],
                    ["partner_id"],
                    ["date:max"],
                )
            ),
        ]
        latest = {}
        for person_id, date in dates:
            customer = people.browse(person_id).commercial_partner_id
            latest[customer] = max(date, latest.get(customer, date))
        for value in self:
            value.last_contact = latest.get(value.partner_id, False)

    @api.model
    def _get_moves_action(self, name, domain):
        """A window on documents, with the sum of their untaxed amounts."""
        list_view = self.env.ref("crm_analytics.account_move_view_list_value")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move",
            "domain": list(Domain(domain)),
            "views": [(list_view.id, "list"), (False, "form")],
            "context": {"create": False, "active_test": False},
        }

    @api.model
    def _get_period_action(self, row, name, after, until, purchases_only=False):
        """The documents of the customer of ``row`` in ``(after, until]``."""
        row.check_access("read")
        domain = self.env["account.move"]._get_customer_value_domain(
            row.company_id, row.partner_id, after, until, purchases_only
        )
        return self._get_moves_action(name, domain)

    def _get_figure_domain(self, figure):
        """The documents behind ``recency``, ``frequency`` or ``monetary``."""
        self.ensure_one()
        window = self.policy_id.sudo()._get_windows(self.as_of)
        bounds = {
            "recency": {"until": self.last_date, "purchases_only": True},
            "frequency": {"until": window.as_of, "purchases_only": True},
            "monetary": {"until": window.as_of},
            "monetary_previous": {"until": window.start, "after": window.previous},
        }[figure]
        bounds.setdefault("after", window.start)
        domain = self.env["account.move"]._get_customer_value_domain(
            self.company_id,
            self.partner_id,
            after=bounds["after"] if figure != "recency" else None,
            until=bounds["until"],
            purchases_only=bounds.get("purchases_only", False),
        )
        if figure == "recency":
            domain &= Domain("invoice_date", "=", self.last_date)
        return domain

    def action_open_recency(self):
        """Open the invoices of the last purchase day."""
        return self._get_moves_action(
            self.env._("Last Purchase"), self._get_figure_domain("recency")
        )

    def action_open_frequency(self):
        """Open the invoices whose distinct days are the frequency."""
        return self._get_moves_action(
            self.env._("Purchases of the Window"), self._get_figure_domain("frequency")
        )

    def action_open_monetary(self):
        """Open the documents whose untaxed amounts sum up to the monetary value."""
        return self._get_moves_action(
            self.env._("Revenue of the Window"), self._get_figure_domain("monetary")
        )

    def action_open_journal_items(self):
        """Open the income entries that make the monetary value: credit less debit."""
        self.ensure_one()
        return self._get_items_action(
            self.env._("Journal Items of the Window"),
            self._get_figure_domain("monetary"),
        )

    @api.model
    def _get_items_action(self, name, documents):
        """A window on the income entries of documents, with the sum of balances."""
        domain = Domain("move_id", "any", documents)
        domain &= Domain("account_id.account_type", "in", ("income", "income_other"))
        view = self.env.ref("crm_analytics.account_move_line_view_list_income")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "domain": list(domain),
            "views": [(view.id, "list")],
            "context": {"create": False, "active_test": False},
        }

    def _get_months_action(self, first=None, last=None):
        """The monthly facts of the customer from the month ``first`` to ``last``."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_analytics.crm_customer_month_action"
        )
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        if first:
            domain.append(("month", ">=", first))
        if last:
            domain.append(("month", "<=", last))
        return action | {"domain": domain, "context": {}}

    def action_open_months(self):
        """Open all monthly facts of the customer."""
        return self._get_months_action()

    def action_open_contribution(self):
        """Open the months whose contributions add up to that of the window."""
        self.ensure_one()
        window = self.policy_id.sudo()._get_windows(self.as_of)
        return self._get_months_action(window.start_month, self.as_of)

    def action_plan_activities(self):
        """Plan activities, or start a plan, on the chosen accounts."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan Activities"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "res.partner",
                "active_ids": self.partner_id.ids,
            },
        }

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_export(self):
        """Download the customer value workbook."""
        return {
            "type": "ir.actions.act_url",
            "url": "/crm_analytics/customer_value.xlsx",
            "target": "download",
        }
