from odoo import api, fields, models
from odoo.tools import ormcache

from .choices import choices_of


class ServiceTierRule(models.Model):
    """Customers of one tier are served by this level, and not after others."""

    _name = "service.tier.rule"
    _inherit = ["service.level.part"]
    _description = "Service by Customer Tier"
    _order = "company_id, tier, id"
    _rec_name = "tier"
    _check_company_auto = True

    tier = fields.Selection(
        selection="_selection_tier",
        required=True,
        help="The tier of the customer's value, as it was computed last.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    level_id = fields.Many2one(
        "service.level",
        "Service level",
        check_company=True,
        help="A contract or a level chosen for the customer goes before it; it goes "
        "before that of the team.",
    )
    priority = fields.Selection(
        choices_of("helpdesk.ticket", "priority"),
        "Priority at least",
        help="New requests are raised to it; empty: they keep their own.",
    )

    _once = models.UniqueIndex(
        "(company_id, tier) WHERE active", "A tier has one rule in a company."
    )

    @api.model
    def _selection_tier(self):
        return self.env["res.partner"]._get_customer_tier_options()

    @api.model
    def _find_rules(self, company, partners):
        """Return {account id: (id of the rule, of its level, priority)}."""
        rules = self._get_rules(company.id)
        if not rules or not partners:
            return {}
        tiers = partners.with_company(company)._get_customer_tiers()
        return {key: rules[tier] for key, tier in tiers.items() if tier in rules}

    @ormcache("company_id")
    def _get_rules(self, company_id):
        """Cached: where there is no rule, a request costs nothing."""
        rules = self.sudo().search([("company_id", "=", company_id)])
        return {
            rule.tier: (rule.id, rule.level_id.id, rule.priority or "0")
            for rule in rules
        }


class HelpdeskTicket(models.Model):
    """The tier of a customer decides where the rules say so."""

    _inherit = "helpdesk.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        companies = self._group_by_company(vals_list)
        for company, asked in companies.items():
            self._raise_priorities(company, asked)
        return super().create(vals_list)

    @api.model
    def _group_by_company(self, vals_list):
        """Return {company with rules: values of requests of a known customer}."""
        found = {}
        rules = self.env["service.tier.rule"]
        for vals in vals_list:
            if not vals.get("partner_id"):
                continue
            team = self.env["helpdesk.ticket.team"].browse(vals.get("team_id") or ())
            company = (
                team.sudo().company_id  # as the base does
                or self.env["res.company"].browse(vals.get("company_id") or ())
                or self.env.company
            )
            if rules._get_rules(company.id):
                found.setdefault(company, []).append(vals)
        return found

    @api.model
    def _raise_priorities(self, company, vals_list):
        contacts = self.env["res.partner"].browse(v["partner_id"] for v in vals_list)
        accounts = {contact.id: contact.commercial_partner_id for contact in contacts}
        rules = self.env["service.tier.rule"]._find_rules(
            company, contacts.commercial_partner_id
        )
        default = self.default_get(["priority"]).get("priority") or "0"
        for vals in vals_list:
            rule = rules.get(accounts[vals["partner_id"]].id)
            if rule:
                asked = vals.get("priority") or default
                vals["priority"] = max(asked, rule[2])

    def _get_tier_rule(self):
        rules = self.env["service.tier.rule"]
        found = rules._find_rules(self.company_id, self.commercial_partner_id)
        rule = found.get(self.commercial_partner_id.id)
        return rules.sudo().browse(rule[0] if rule else ())

    def _choose_level(self, contract):
        """The tier's level goes after the customer's own and before the team's."""
        customer = self.commercial_partner_id.sudo().with_company(self.company_id)
        if not (contract.service_level_id or customer.service_level_id):
            level = self._get_tier_rule().level_id.filtered("active")
            if level:
                return level.sudo(self.env.su)
        return super()._choose_level(contract)

    def _prepare_documents(self, contract, credit):
        """The decision names the tier if its rule chose the level."""
        documents = super()._prepare_documents(contract, credit)
        if contract.service_level_id:
            return documents
        rule = self._get_tier_rule()
        if rule:
            documents.append(
                {
                    "label": self.env._("Customer tier"),
                    "model": rule._name,
                    "id": rule.id,
                    "name": rule.display_name,
                }
            )
        return documents


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Rules by tier need somebody who knows tiers."""
        hidden = super()._load_menus_blacklist()
        if not self.env["res.partner"]._get_customer_tier_options():
            menu = self.env.ref(
                "crm_service.service_tier_rule_menu", raise_if_not_found=False
            )
            hidden += menu.ids if menu else []
        return hidden
