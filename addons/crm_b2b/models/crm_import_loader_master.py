from markupsafe import Markup, escape

from odoo import Command, api, models

from ..tools.crm_import_match import external_name
from ..tools.crm_import_parse import Issue


class CrmImportLoader(models.AbstractModel):
    # one file for each step
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "crm.import.loader"

    @api.model
    def _import_masters(self, job):
        """Import accounts, products, users and teams; fill ``job.ids``."""
        self._import_accounts(job)
        self._import_products(job)
        self._import_agents(job)

    @api.model
    def _prepare_notes(self, notes):
        return Markup("<br/>").join(
            escape(f"{label}: {value}") for label, value in notes
        )

    # accounts

    @api.model
    def _import_accounts(self, job):
        rows = job.parsed.rows["accounts"]
        industries = self._get_or_create(
            "res.partner.industry", [row.values.get("industry") for row in rows]
        )
        countries = self._get_countries()

        def create(new):
            return self.env["res.partner"].create(
                [self._prepare_account(row, industries, countries) for row in new]
            )

        ids, new = self._import_kind(
            job,
            "accounts",
            rows,
            lambda names: self._find_by_name(
                "res.partner", names, [("is_company", "=", True)]
            ),
            create,
        )
        job.ids["accounts"] = ids
        self._link_parents(ids, new)

    @api.model
    def _get_countries(self):
        """Return {name or code, folded: country}, English and the user's names."""
        countries = self.env["res.country"].search([("code", "!=", False)])
        return {
            name.casefold(): country
            for records in (countries.with_context(lang=None), countries)
            for country in records
            for name in (country.name, country.code)
            if name
        }

    @api.model
    def _prepare_account(self, row, industries, countries):
        values = row.values
        country = countries.get((values.get("country") or "").casefold())
        industry = industries.get(values.get("industry"))
        return {
            "name": values["name"],
            "is_company": True,
            "industry_id": industry.id if industry else False,
            "country_id": country.id if country else False,
            "comment": self._prepare_notes(values["notes"]),
            "employee_count": int(values.get("employees") or 0),
            **{
                name: values[name]
                for name in ("street", "city", "zip", "phone", "email", "website")
                if values.get(name)
            },
            **({"vat": values["vat"]} if values.get("vat") else {}),
        }

    @api.model
    def _link_parents(self, ids, new):
        """Put the new subsidiaries under their parent company.

        As type "other": a "contact" would take over the address of its parent.
        """
        children = {}
        for row in new:
            if parent := row.values.get("parent"):
                children.setdefault(parent, []).append(ids[row.values["name"]])
        Partner = self.env["res.partner"]
        for parent, child_ids in children.items():
            partners = Partner.browse(child_ids)
            partners.write({"parent_id": ids[parent], "type": "other"})

    # products

    @api.model
    def _import_products(self, job):
        rows = job.parsed.rows["products"]
        categories = self._get_or_create(
            "product.category", [row.values.get("category") for row in rows]
        )

        def create(new):
            return self.env["product.product"].create(
                [self._prepare_product(job, row, categories) for row in new]
            )

        job.ids["products"], _new = self._import_kind(
            job,
            "products",
            rows,
            lambda names: self._find_by_name("product.product", names),
            create,
        )

    @api.model
    def _prepare_product(self, job, row, categories):
        values = row.values
        category = categories.get(values.get("category"))
        return {
            "name": values["name"],
            "type": job.profile.options["product_type"],
            "invoice_policy": "order",
            "list_price": float(values.get("list_price") or 0),
            "description": self._prepare_notes(values["notes"]),
            **({"categ_id": category.id} if category else {}),
            **({"default_code": values["code"]} if values.get("code") else {}),
        }

    # sales agents and teams

    @api.model
    def _import_agents(self, job):
        rows = job.parsed.rows["agents"]
        names = {row.values["name"] for row in rows}
        managers = {row.values.get("manager") for row in rows} - names - {None, ""}
        if not job.profile.options["create_users"]:
            rows, managers = self._keep_users(job, rows, managers)
        job.ids["agents"], _new = self._import_kind(
            job,
            "agents",
            rows,
            self._find_users,
            lambda new: self._create_users([row.values for row in new]),
        )
        bosses = self._import_managers(job, sorted(managers))
        job.ids["managers"] = job.ids["agents"] | bosses
        job.ids["teams"] = self._import_teams(job)

    @api.model
    def _keep_users(self, job, rows, managers):
        """Return the agents and managers that are users; the others are reported."""
        users = self._find_users([*(row.values["name"] for row in rows), *managers])
        spec = job.profile.files.get("agents") or job.profile.files["deals"]
        for row in rows:
            if row.values["name"] not in users:
                job.warnings.append(
                    Issue(
                        "warning",
                        spec.file,
                        row.line,
                        spec.columns.get("name", ""),
                        row.values["name"],
                        "no_user",
                    )
                )
        kept = [row for row in rows if row.values["name"] in users]
        return kept, {name for name in managers if name in users}

    @api.model
    def _find_users(self, names):
        return self._find_by_name("res.users", names, [("share", "=", False)])

    @api.model
    def _import_managers(self, job, names):
        known = self._get_known_ids(job.profile, "managers", names)
        left = [name for name in names if name not in known]
        found = self._find_users(left)
        new = [name for name in left if name not in found]
        users = self._create_users([{"name": name} for name in new])
        found |= dict(zip(new, users, strict=True))
        self._mark_imported(
            job.profile,
            "managers",
            list(found),
            self.env["res.users"].union(*found.values()),
        )
        job.count("managers", len(users))
        return known | {name: user.id for name, user in found.items()}

    @api.model
    def _create_users(self, people):
        """Create users without password: an administrator must let them log in."""
        logins = self._get_free_logins([values["name"] for values in people])
        group = self.env.ref("sales_team.group_sale_salesman")
        users = self.env["res.users"]
        return users.create(
            [
                {
                    "name": values["name"],
                    "login": login,
                    "email": values.get("email") or False,
                    "group_ids": [Command.set([group.id])],
                    "company_id": self.env.company.id,
                    "company_ids": [Command.set([self.env.company.id])],
                    "notification_type": "inbox",
                }
                for values, login in zip(people, logins, strict=True)
            ]
        )

    @api.model
    def _get_free_logins(self, names):
        """Return one login for each name ("moses.frase"), none of them taken."""
        logins = [".".join(name.lower().split()) for name in names]
        users = self.env["res.users"].with_context(active_test=False)
        taken = set(users.search([("login", "in", logins)]).mapped("login"))
        free = []
        for name, login in zip(names, logins, strict=True):
            if login in taken:
                login = external_name(login, name)
            taken.add(login)
            free.append(login)
        return free

    @api.model
    def _import_teams(self, job):
        """Create a team for each name of the template; return team ids by agent."""
        leaders, members, team_of = {}, {}, {}
        for row in job.parsed.rows["agents"]:
            values = row.values
            if not values.get("team"):
                continue
            name = self._get_team_name(job.profile, values)
            team_of[values["name"]] = name
            leaders.setdefault(name, job.ids["managers"].get(values.get("manager")))
            user_id = job.ids["agents"].get(values["name"])
            members.setdefault(name, []).extend([user_id] if user_id else [])
        known = self._get_known_ids(job.profile, "teams", leaders)
        new = [name for name in leaders if name not in known]
        teams = self.env["crm.team"].create(
            [
                {
                    "name": name,
                    "user_id": leaders[name],
                    "member_ids": [Command.set(members[name])],
                    "company_id": self.env.company.id,
                }
                for name in new
            ]
        )
        self._mark_imported(job.profile, "teams", new, teams)
        job.count("teams", len(teams))
        known.update(zip(new, teams.ids, strict=True))
        return {agent: known[name] for agent, name in team_of.items()}

    @api.model
    def _get_team_name(self, profile, values):
        name = profile.options["team_name"]
        for key in ("team", "manager"):
            name = name.replace(f"{{{key}}}", values.get(key) or "")
        return name.strip(" -")
