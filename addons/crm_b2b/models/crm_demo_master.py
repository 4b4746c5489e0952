import base64
import random
from datetime import timedelta

from odoo import Command, api, models

from ..tools import demo_catalog as catalog
from ..tools import demo_logo

GROUPS = {
    "sales": ("crm_b2b.group_sale_salesman_team",),
    "manager": (
        "sales_team.group_sale_manager",
        "account.group_account_invoice",
        "stock.group_stock_user",
    ),
    "finance": ("account.group_account_manager",),
    "logistics": ("stock.group_stock_manager",),
}
#: What each sees first after the login.
HOMES = {
    "sales": "crm.action_your_pipeline",
    "manager": "crm.action_your_pipeline",
    "finance": "account.open_account_journal_dashboard_kanban",
    "logistics": "stock.stock_picking_type_action",
}


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _build_company(self, plan, refs):
        logo = base64.b64encode(demo_logo.draw_logo())
        self.env.company.write(dict(catalog.COMPANY, logo=logo))

    @api.model
    def _build_people(self, plan, refs):
        """Demo users (password = login) and the teams they sell in."""
        company = self.env.company
        values = {}
        for person in catalog.PEOPLE:
            groups = [self.env.ref("base.group_user").id]
            groups += [self.env.ref(name).id for name in GROUPS[person.role]]
            values[f"user_{person.login}"] = {
                "name": person.name,
                "login": person.login,
                "password": person.login,
                "email": f"{person.login}@kelvane.example",
                "phone": f"+1 555 01{len(values):02d}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(groups)],
                "action_id": self.env.ref(HOMES[person.role]).id,
                "tz": "Europe/Berlin",
                "notification_type": "inbox",
            }
        if "odoobot_state" in self.env["res.users"]._fields:
            # its first words would cover the screen of a phone
            for person in values.values():
                person["odoobot_state"] = "disabled"
        self._ensure("res.users", values, refs)
        admin = self.env.ref("base.user_admin")
        if not admin.action_id:
            admin.action_id = self.env.ref(HOMES["sales"]).id
        refs["user_admin"] = admin.id
        teams = {
            f"team_{team.key}": {
                "name": team.name,
                "company_id": company.id,
                "user_id": refs["user_manager"],
                "sequence": number,
                "member_ids": [
                    Command.set(
                        [
                            refs[f"user_{person.login}"]
                            for person in catalog.PEOPLE
                            if person.team == team.key
                        ]
                    )
                ],
            }
            for number, team in enumerate(catalog.TEAMS)
        }
        self._ensure("crm.team", teams, refs)

    @api.model
    def _build_currencies(self, plan, refs):
        """Foreign currencies with monthly rates over the history, and pricelists."""
        company = self.env.company
        own = catalog.CURRENCIES.get(company.currency_id.name, 1.0)
        rng = random.Random("rates")
        foreign = [name for name in catalog.CURRENCIES]
        currencies = self.env["res.currency"].with_context(active_test=False)
        currencies = currencies.search([("name", "in", foreign)])
        currencies.filtered(lambda item: not item.active).active = True
        rates = []
        for currency in currencies.sorted("name") - company.currency_id:
            known = set(
                self.env["res.currency.rate"]
                .search([("currency_id", "=", currency.id)])
                .mapped("name")
            )
            for month in range(40, -1, -1):
                day = (plan.today - timedelta(days=month * 30)).replace(day=1)
                rate = catalog.CURRENCIES[currency.name] / own * rng.uniform(0.97, 1.03)
                if day not in known:
                    known.add(day)
                    rates.append(
                        {
                            "currency_id": currency.id,
                            "name": day,
                            "rate": rate,
                            "company_id": company.id,
                        }
                    )
        self.env["res.currency.rate"].create(rates)
        by_name = {currency.name: currency for currency in currencies}
        by_name[company.currency_id.name] = company.currency_id
        refs["currencies"] = {
            name: by_name.get(name, company.currency_id).id for name in foreign
        }
        lists = {
            f"pricelist_{name}": {
                "name": f"List price {name}",
                "currency_id": currency_id,
                "company_id": company.id,
            }
            for name, currency_id in refs["currencies"].items()
        }
        self._ensure("product.pricelist", lists, refs)

    @api.model
    def _build_products(self, plan, refs):
        kg = self.env.ref("uom.product_uom_kgm")
        drum = {"name": "Drum 200 kg", "relative_uom_id": kg.id, "relative_factor": 200}
        self._ensure("uom.uom", {"uom_drum": drum}, refs)
        refs["uom_kg"] = kg.id
        refs["uom_hour"] = self.env.ref("uom.product_uom_hour").id
        self._ensure(
            "product.category",
            {f"family_{key}": {"name": name} for key, name in catalog.FAMILIES.items()},
            refs,
        )
        rate = self._get_dollar_rate("USD")
        self._ensure(
            "product.product",
            {
                f"product_{item.key}": self._prepare_product(item, rate, refs)
                for item in catalog.PRODUCTS
            },
            refs,
        )

    @api.model
    def _get_dollar_rate(self, name):
        """Return what one US dollar of the plan is worth in the company's currency."""
        return catalog.CURRENCIES.get(self.env.company.currency_id.name, 1.0)

    @api.model
    def _prepare_product(self, item, rate, refs):
        service = item.uom == "hour"
        values = {
            "name": item.name,
            "default_code": item.key.upper(),
            "categ_id": refs[f"family_{item.family}"],
            "uom_id": refs[f"uom_{item.uom}"],
            "type": "service" if service else "consu",
            "list_price": round(item.price * rate, 2),
            "standard_price": round(item.cost * rate, 2),
            "invoice_policy": "delivery",
            "sale_ok": True,
            "purchase_ok": not service,
        }
        if not service:
            values["weight"] = 200.0 if item.uom == "drum" else 1.0
        if item.lots:
            values |= {"is_storable": True, "tracking": "lot"}
        return values

    @api.model
    def _build_customers(self, plan, refs):
        industries = {
            f"industry_{key}": {"name": name, "full_name": name}
            for key, (name, _products) in catalog.INDUSTRIES.items()
        }
        self._ensure("res.partner.industry", industries, refs)
        terms = {15: "15days", 30: "30days", 45: "45days"}
        for days, name in terms.items():
            term = self.env.ref(f"account.account_payment_term_{name}", False)
            refs[f"term_{days}"] = term.id if term else False
        countries = {item.code: item for item in self.env["res.country"].search([])}
        partners, parts = {}, {}
        for customer in plan.customers:
            country = countries[customer.country]
            partners[f"partner_{customer.key}"] = self._prepare_customer(
                customer, country, refs
            )
        records = self._ensure("res.partner", partners, refs)
        for customer in plan.customers:
            parts |= self._prepare_parts(customer, countries[customer.country], refs)
        self._ensure("res.partner", parts, refs)
        known = {refs[f"partner_{item.key}"]: item.since for item in plan.customers}
        self._backdate("res.partner", "create_date", known)
        self._set_credit_limits(plan, records, refs)

    @api.model
    def _prepare_customer(self, customer, country, refs):
        number = sum(map(ord, customer.key))
        values = {
            "name": customer.name,
            "is_company": True,
            "ref": customer.key.upper().replace("_", "-"),
            "street": f"{number % 180 + 1} Industry Park",
            "city": customer.city,
            "country_id": country.id,
            "phone": f"+{country.phone_code} 555 {number:04d}",
            "email": f"info@{customer.key.replace('_', '-')}.example",
            "industry_id": refs[f"industry_{customer.industry}"],
            "user_id": refs[f"user_{customer.seller}"],
            "team_id": refs[f"team_{customer.team}"],
            "customer_rank": 1,
            "property_payment_term_id": refs[f"term_{customer.term_days}"],
            "property_product_pricelist": refs[f"pricelist_{customer.currency}"],
            "lang": self._get_language(customer),
        }
        fields_known = self.env["res.partner"]._fields
        return {name: value for name, value in values.items() if name in fields_known}

    @api.model
    def _get_language(self, customer):
        installed = dict(self.env["res.lang"].get_installed())
        return "zh_CN" if customer.country == "CN" and "zh_CN" in installed else "en_US"

    @api.model
    def _prepare_parts(self, customer, country, refs):
        """Sub-companies, delivery sites and contacts of a customer."""
        parent = refs[f"partner_{customer.key}"]
        common = {"parent_id": parent, "country_id": country.id}
        parts = {}
        for site in customer.sites:
            values = {"name": site.name, "city": site.city}
            values |= {"is_company": True} if site.is_company else {"type": "delivery"}
            values["user_id"] = refs[f"user_{customer.seller}"]
            parts[f"site_{site.key}"] = common | values
        for contact in customer.contacts:
            parts[f"contact_{contact.key}"] = {
                "parent_id": parent,
                "type": "contact",
                "name": contact.name,
                "function": contact.function,
                "email": contact.email,
            }
        return parts

    @api.model
    def _set_credit_limits(self, plan, partners, refs):
        """A limit of a few orders for everybody, and a small one where trouble is."""
        field = "credit_limit"
        if field not in partners._fields:
            return
        limits = {"key": 600000, "distributor": 250000, "credit_trouble": 30000}
        for kind in {customer.kind for customer in plan.customers}:
            keys = [f"partner_{c.key}" for c in plan.customers if c.kind == kind]
            group = partners.browse([refs[key] for key in keys])
            group.write({field: limits.get(kind, 120000)})
