from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import territory as kernel

# Postcodes are compared as the kernel does: ASCII letters and digits, upper case.
POSTCODE = "upper(regexp_replace(coalesce(%s, ''), '[^0-9A-Za-z]', '', 'g'))"


class CrmTerritory(models.Model):
    _name = "crm.territory"
    _description = "Sales Territory"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The first territory whose conditions all hold wins."
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False)]",
        tracking=True,
        check_company=True,
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", tracking=True, check_company=True
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States")
    zip_from = fields.Char("Postcode From")
    zip_to = fields.Char("Postcode To")
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    employees_from = fields.Integer()
    employees_to = fields.Integer()
    category_ids = fields.Many2many("res.partner.category", string="Contact Tags")
    valid_from = fields.Date(tracking=True)
    valid_to = fields.Date("Valid Until", tracking=True)
    note = fields.Html("Notes")
    account_count = fields.Integer(compute="_compute_account_count")

    _validity = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to)",
        "A territory must end after it begins.",
    )
    _employees = models.Constraint(
        "CHECK (employees_from >= 0 AND (coalesce(employees_to, 0) = 0"
        " OR employees_from <= employees_to))",
        "The range of employees must run from the smaller to the larger number.",
    )

    def _compute_account_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("territory_id", "in", self.ids)], ["territory_id"], ["__count"]
            )
        )
        for territory in self:
            territory.account_count = counts.get(territory, 0)

    @api.constrains("user_id", "team_id")
    def _check_target(self):
        for territory in self:
            if not (territory.user_id or territory.team_id):
                raise ValidationError(
                    self.env._(
                        "The territory %(territory)s needs a salesperson or a team"
                        " that its accounts go to.",
                        territory=territory.display_name,
                    )
                )

    @api.constrains("zip_from", "zip_to")
    def _check_postcodes(self):
        for territory in self:
            lower = kernel.normalise_postcode(territory.zip_from)
            upper = kernel.normalise_postcode(territory.zip_to)
            if lower and upper and lower[: len(upper)] > upper:
                raise ValidationError(
                    self.env._(
                        "The postcodes of %(territory)s run backwards:"
                        " %(lower)s comes after %(upper)s.",
                        territory=territory.display_name,
                        lower=territory.zip_from,
                        upper=territory.zip_to,
                    )
                )

    def action_view_accounts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accounts of %(territory)s", territory=self.name),
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": [("territory_id", "=", self.id)],
            "context": {"default_territory_id": self.id, "default_is_company": True},
        }

    # -- the rules as one statement ------------------------------------------

    def _link_array(self, name: str) -> SQL:
        """The ids linked to territory ``t`` by a many2many, or NULL when none."""
        field = self._fields[name]
        return SQL(
            "(SELECT array_agg(r.%s) FROM %s r WHERE r.%s = t.id)",
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
        )

    def _rules_sql(self, day) -> SQL:
        """The territories valid on ``day``, one row each, links as arrays."""
        query = self.sudo()._search(  # rules decide for everybody alike
            [("id", "in", self.ids)] if self else []
        )
        return SQL(
            """SELECT t.id, t.sequence, t.company_id, t.user_id, t.team_id,
                      coalesce(t.employees_from, 0) AS employees_from,
                      coalesce(t.employees_to, 0) AS employees_to,
                      %(zip_from)s AS zip_from, %(zip_to)s AS zip_to,
                      %(countries)s AS countries, %(states)s AS states,
                      %(industries)s AS industries, %(tags)s AS tags
                 FROM crm_territory t
                WHERE t.id IN %(ids)s
                  AND (t.valid_from IS NULL OR t.valid_from <= %(day)s)
                  AND (t.valid_to IS NULL OR t.valid_to >= %(day)s)""",
            zip_from=SQL(POSTCODE, SQL.identifier("t", "zip_from")),
            zip_to=SQL(POSTCODE, SQL.identifier("t", "zip_to")),
            countries=self._link_array("country_ids"),
            states=self._link_array("state_ids"),
            industries=self._link_array("industry_ids"),
            tags=self._link_array("category_ids"),
            ids=query.subselect(),
            day=day,
        )

    def _match_sql(self, accounts: SQL, day) -> SQL:
        """The territory of each account on ``day``.

        :param accounts: a query with the columns ``id, country_id, state_id, zip,
            industry_id, employees, partner_id, company_id``
        :return: a query with ``id, territory_id, user_id, team_id``, one row for
            each account that some territory takes
        """
        return SQL(
            """WITH rule AS MATERIALIZED (%(rules)s), account AS (%(accounts)s)
               SELECT DISTINCT ON (a.id)
                      a.id, t.id AS territory_id, t.user_id, t.team_id
                 FROM account a
                CROSS JOIN LATERAL (SELECT %(zip)s COLLATE "C" AS zip) z
                 JOIN rule t
                   ON (t.company_id IS NULL OR a.company_id IS NULL
                       OR t.company_id = a.company_id)
                  AND (t.countries IS NULL OR a.country_id = ANY(t.countries))
                  AND (t.states IS NULL OR a.state_id = ANY(t.states))
                  AND (t.industries IS NULL OR a.industry_id = ANY(t.industries))
                  AND (t.zip_from || t.zip_to = '' OR (
                       z.zip <> ''
                       AND left(z.zip, length(t.zip_from)) >= t.zip_from
                       AND (t.zip_to = ''
                            OR left(z.zip, length(t.zip_to)) <= t.zip_to)))
                  AND (t.employees_from + t.employees_to = 0 OR (
                       coalesce(a.employees, 0) >= greatest(t.employees_from, 1)
                       AND (t.employees_to = 0 OR a.employees <= t.employees_to)))
                  AND (t.tags IS NULL OR EXISTS (
                       SELECT 1 FROM res_partner_res_partner_category_rel c
                        WHERE c.partner_id = a.partner_id
                          AND c.category_id = ANY(t.tags)))
                ORDER BY a.id, t.sequence, t.id""",
            rules=self._rules_sql(day),
            accounts=accounts,
            zip=SQL(POSTCODE, SQL.identifier("a", "zip")),
        )
