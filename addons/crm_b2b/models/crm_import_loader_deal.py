from datetime import datetime, time

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmImportLoader(models.AbstractModel):
    # one file for each step
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "crm.import.loader"

    @api.model
    def _import_deals(self, job, rows):
        """Import a batch of deals and the documents of the won ones, or nothing."""
        leads = self._create_leads(job, rows)
        self._mark_imported(job.profile, "deals", [row.key for row in rows], leads)
        job.count("deals", len(leads))
        won = [
            (row, lead)
            for row, lead in zip(rows, leads, strict=True)
            if row.values["outcome"] == "won" and lead.partner_id
        ]
        if not won:
            return
        won_rows = [row for row, _lead in won]
        orders = self._create_orders(job, won)
        job.count("orders", len(orders))
        if job.profile.options["documents"] == "order":
            return
        invoices = self._create_invoices(job, won_rows, orders)
        job.count("invoices", len(invoices))
        if job.profile.options["documents"] == "payment":
            job.count("payments", len(self._pay_invoices(job, won_rows, invoices)))

    @api.model
    def _noon(self, day):
        """Return ``day`` at noon UTC: the same day nearly everywhere."""
        return datetime.combine(day, time(12))

    # opportunities

    @api.model
    def _create_leads(self, job, rows):
        leads = self.env["crm.lead"].create([self._prepare_lead(job, r) for r in rows])
        self._backdate_leads(rows, leads)
        return leads

    @api.model
    def _prepare_lead(self, job, row):
        values = row.values
        stage = job.profile.stages[values["stage"]]
        agent = values.get("agent")
        prepared = {
            "type": "opportunity",
            "name": self._get_deal_name(job.profile, row),
            "partner_id": job.ids["accounts"].get(values.get("account")),
            "user_id": job.ids["agents"].get(agent, False),
            "team_id": job.ids["teams"].get(agent, False),
            "company_id": self.env.company.id,
            "expected_revenue": self._get_revenue(job, values),
            "stage_id": job.cache["stages"][stage].id,
            "tag_ids": self._get_tags(job, values),
        }
        if values["close_date"]:
            prepared["date_deadline"] = values["close_date"]
        if values["outcome"] != "open":
            prepared["date_closed"] = self._noon(values["close_date"])
        if values["outcome"] == "won":
            prepared["probability"] = 100
        elif values["outcome"] == "lost":
            prepared |= {
                "active": False,
                "probability": 0,
                "lost_reason_id": job.cache["lost_reasons"][
                    self._get_lost_reason_name(job.profile, stage)
                ].id,
            }
        return prepared

    @api.model
    def _get_deal_name(self, profile, row):
        if row.values.get("name"):
            return row.values["name"]
        name = profile.options["deal_name"].replace("{id}", row.key)
        for key in ("product", "account", "agent"):
            name = name.replace(f"{{{key}}}", row.values.get(key) or "")
        return name.strip(" -") or row.key

    @api.model
    def _get_revenue(self, job, values):
        amount = float(values["amount"] or 0)
        if amount or values["outcome"] == "won":
            return amount
        if job.profile.options["missing_amount"] == "list_price":
            return job.cache["prices"].get(values.get("product"), 0.0)
        return amount

    @api.model
    def _prepare_cache(self, job):
        """Look up or make once what every batch needs.

        Records are made here and not within a batch, which may be rolled back.
        """
        products = self.env["product.product"]
        job.cache["prices"] = {
            name: products.browse(product_id).list_price
            for name, product_id in job.ids["products"].items()
        }
        job.cache["tags"] = self._get_or_create("crm.tag", job.ids["products"])
        job.cache["term"] = self._get_payment_term(job.profile)
        stages = job.profile.stages.values()
        job.cache["stages"] = {spec: self._find_stage(spec) for spec in stages}
        job.cache["lost_reasons"] = self._get_or_create(
            "crm.lost.reason",
            [
                self._get_lost_reason_name(job.profile, spec)
                for spec in stages
                if spec.outcome == "lost"
            ],
        )
        if job.profile.options["documents"] == "payment":
            job.cache["payment"] = self._get_payment_defaults()

    @api.model
    def _get_tags(self, job, values):
        """Return the product as a tag, since a core opportunity has no product."""
        tag = job.cache["tags"].get(values.get("product"))
        return [Command.set(tag.ids)] if tag else []

    @api.model
    def _find_stage(self, spec):
        Stage = self.env["crm.stage"]
        if spec.outcome == "won":
            stage = Stage.search([("is_won", "=", True)], limit=1)
        elif spec.outcome == "lost" and not spec.stage:
            stage = Stage.search([("is_won", "=", False)], limit=1)
        elif "." in spec.stage:
            stage = self.env.ref(spec.stage, raise_if_not_found=False)
        else:
            stage = Stage.search([("name", "=", spec.stage)], limit=1)
        if not stage:
            raise UserError(
                self.env._(
                    "The profile puts deals into the stage %(stage)s, which does not "
                    "exist. Create the stage or name another one in the profile.",
                    stage=spec.stage or spec.outcome,
                )
            )
        return stage

    @api.model
    def _get_lost_reason_name(self, profile, spec):
        return spec.lost_reason or profile.options["lost_reason"]

    @api.model
    def _backdate_leads(self, rows, leads):
        """Set the dates of the past in one statement: the ORM keeps create_date."""
        dates = []
        for row, lead in zip(rows, leads, strict=True):
            opened = row.values["open_date"] or row.values["close_date"]
            final = row.values["outcome"] != "open"
            closed = row.values["close_date"] if final else None
            if opened:
                dates.append(
                    SQL(
                        "(%s, %s::timestamp, %s::timestamp)",
                        lead.id,
                        self._noon(opened),
                        self._noon(closed) if closed else None,
                    )
                )
        if not dates:
            return
        leads.flush_recordset()
        self.env.execute_query(
            SQL(
                """UPDATE crm_lead
                      SET create_date = past.opened,
                          date_open = CASE WHEN user_id IS NULL THEN NULL
                                           ELSE past.opened END,
                          day_open = CASE WHEN user_id IS NULL THEN NULL ELSE 0 END,
                          date_closed = past.closed,
                          day_close = past.closed::date - past.opened::date,
                          date_last_stage_update = coalesce(past.closed, past.opened)
                     FROM (VALUES %s) AS past (id, opened, closed)
                    WHERE crm_lead.id = past.id
                RETURNING crm_lead.id""",
                SQL(", ").join(dates),
            )
        )
        leads.invalidate_recordset()
