from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

MANY = 1000


class CrmHandover(models.Model):
    """The set-based half of a hand-over: list what would move, move it, undo it."""

    _inherit = "crm.handover"

    def _insert_person_lines(self):
        for model, domain in self._get_person_domains().items():
            Model = self.env[model].with_context(active_test=model != "res.partner")
            query = Model._search(domain)
            partner = (
                SQL("NULL::integer")
                if "partner_id" not in Model._fields
                or not Model._fields["partner_id"].store
                else Model._field_to_sql(Model._table, "partner_id", query)
            )
            if model == "res.partner":
                partner = Model._field_to_sql(Model._table, "id", query)
            self._insert_lines(
                model,
                query.select(
                    SQL("%s AS res_id", Model._field_to_sql(Model._table, "id", query)),
                    SQL("%s AS partner_id", partner),
                    SQL("%s AS old_user_id", self.from_user_id.id),
                    SQL("%s AS new_user_id", self.to_user_id.id),
                    SQL("NULL::integer AS old_territory_id"),
                    SQL("NULL::integer AS new_territory_id"),
                    SQL("%s AS old_team_id", self._team_column(Model)),
                    SQL("NULL::integer AS new_team_id"),
                ),
            )

    def _get_territory_domains(self):
        """{model: domain} of what a re-alignment looks at."""
        company = [("company_id", "in", [False, self.company_id.id])]
        free = [("user_id", "=", False)] if self.only_unassigned else []
        chosen = {
            "res.partner": (
                self.move_accounts,
                [("is_company", "=", True), ("parent_id", "=", False)],
            ),
            "crm.lead": (self.move_leads, [("won_status", "=", "pending")]),
        }
        return {
            model: domain + company + free
            for model, (wanted, domain) in chosen.items()
            if wanted
        }

    def _insert_territory_lines(self):
        territories = self.territory_ids or self.env["crm.territory"].search(
            [("company_id", "in", [False, self.company_id.id])]
        )
        if not territories:
            raise UserError(
                self.env._("Define a territory first: CRM, Configuration, Territories.")
            )
        for model, domain in self._get_territory_domains().items():
            Model = self.env[model]
            matches = territories._match_sql(
                Model._territory_facts_sql(domain), self.date
            )
            self._insert_lines(
                model,
                SQL(
                    """SELECT r.id AS res_id, %(partner)s AS partner_id,
                              r.user_id AS old_user_id,
                              coalesce(m.user_id, r.user_id) AS new_user_id,
                              r.territory_id AS old_territory_id,
                              m.territory_id AS new_territory_id,
                              %(team)s AS old_team_id,
                              m.team_id AS new_team_id
                         FROM (%(matches)s) m
                         JOIN %(table)s r ON r.id = m.id
                        WHERE r.territory_id IS DISTINCT FROM m.territory_id
                           OR (m.user_id IS NOT NULL
                               AND r.user_id IS DISTINCT FROM m.user_id)""",
                    partner=SQL("r.id" if model == "res.partner" else "r.partner_id"),
                    team=self._team_column(Model, alias="r"),
                    matches=matches,
                    table=SQL.identifier(Model._table),
                ),
            )

    def _team_column(self, Model, alias=None) -> SQL:
        """The team of a record, where its model has one of its own."""
        if not self._has_sales_team(Model):
            return SQL("NULL::integer")
        return SQL.identifier(alias or Model._table, "team_id")

    def _has_sales_team(self, Model):
        """Teams of a service desk are of another kind; an account has none itself."""
        team = Model._fields.get("team_id")
        return Model._name != "res.partner" and team and team.comodel_name == "crm.team"

    def _insert_lines(self, model, rows: SQL):
        """Keep ``rows`` as planned lines.

        A team follows its new owner: the territory's team, else the present one if
        the new owner is a member of it, else the new owner's first team.

        :param rows: a query with ``res_id, partner_id, old_user_id, new_user_id,
            old_territory_id, new_territory_id, old_team_id, new_team_id``
        """
        added = self.env.execute_query(
            SQL(
                """INSERT INTO crm_handover_line
                          (handover_id, res_model, res_id, partner_id, old_user_id,
                           new_user_id, old_territory_id, new_territory_id,
                           old_team_id, new_team_id, state)
                   SELECT %(handover)s, %(model)s, x.res_id, p.commercial_partner_id,
                          x.old_user_id, x.new_user_id, x.old_territory_id,
                          x.new_territory_id, x.old_team_id,
                          coalesce(x.new_team_id, m.crm_team_id, x.old_team_id),
                          'planned'
                     FROM (%(rows)s) x
                     LEFT JOIN res_partner p ON p.id = x.partner_id
                     LEFT JOIN LATERAL (
                          SELECT crm_team_id FROM crm_team_member
                           WHERE user_id = x.new_user_id AND active
                           ORDER BY crm_team_id IS DISTINCT FROM x.old_team_id, id
                           LIMIT 1) m ON TRUE
                   RETURNING id""",
                handover=self.id,
                model=model,
                rows=rows,
            )
        )
        if len(added) > MANY:
            # else an apply right after it is planned as if there were no lines
            self.env.cr.execute(SQL("ANALYZE crm_handover_line"))
        self.env["crm.handover.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _move_owners(self, model, undo=False):
        """Set the owners of all lines of ``model`` in one statement.

        A record whose owner is no longer what the line says stays as it is, and its
        line says so.
        """
        Model = self.env[model]
        owner = self._get_owner_fields()[model]
        changed = [owner, *self._get_moved_links(model)]
        Model.flush_model([*changed, "write_date", "write_uid"])
        self.env["crm.handover.line"].flush_model()
        before, after = ("new", "old") if undo else ("old", "new")
        rows = self.env.execute_query(
            SQL(
                """WITH moved AS (
                       UPDATE %(table)s r
                          SET %(assignments)s,
                              write_uid = %(uid)s,
                              write_date = now() AT TIME ZONE 'UTC'
                         FROM crm_handover_line l
                        WHERE l.handover_id = %(handover)s AND l.res_model = %(model)s
                          AND l.state = %(from_state)s AND l.res_id = r.id
                          AND r.%(owner)s IS NOT DISTINCT FROM l.%(before)s
                    RETURNING r.id)
                   UPDATE crm_handover_line l
                      SET state = CASE WHEN m.id IS NULL THEN 'kept'
                                       ELSE %(to_state)s END
                     FROM crm_handover_line x
                     LEFT JOIN moved m ON m.id = x.res_id
                    WHERE x.id = l.id AND l.handover_id = %(handover)s
                      AND l.res_model = %(model)s AND l.state = %(from_state)s
                RETURNING m.id""",
                table=SQL.identifier(Model._table),
                assignments=self._assignments(model, owner, after),
                uid=self.env.uid,
                handover=self.id,
                model=model,
                owner=SQL.identifier(owner),
                before=SQL.identifier(f"{before}_user_id"),
                from_state="applied" if undo else "planned",
                to_state="undone" if undo else "applied",
            )
        )
        self.env["crm.handover.line"].invalidate_model(["state"])
        records = Model.browse(row[0] for row in rows if row[0])
        records.invalidate_recordset([*changed, "write_date", "write_uid"])
        # team and company are decided above, not guessed again from the new owner
        settled = [
            Model._fields[name]
            for name in ("team_id", "company_id")
            if name in Model._fields
        ]
        with self.env.protecting(settled, records):
            records.modified(changed)

    def _get_moved_links(self, model):
        """The fields that move along with the owner of a record of ``model``."""
        names = []
        if self.kind == "territory" and "territory_id" in self.env[model]._fields:
            names.append("territory_id")
        if self._has_sales_team(self.env[model]):
            names.append("team_id")
        return names

    def _assignments(self, model, owner, side) -> SQL:
        pairs = [(owner, f"{side}_user_id")]
        pairs += [(name, f"{side}_{name}") for name in self._get_moved_links(model)]
        return SQL(", ").join(
            SQL("%s = l.%s", SQL.identifier(column), SQL.identifier(value))
            for column, value in pairs
        )
