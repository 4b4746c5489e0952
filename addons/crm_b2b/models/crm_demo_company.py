import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import demo_plan, demo_words

_logger = logging.getLogger(__name__)

# Records of the demo company get external ids of a name space of its own: they are
# business documents, which uninstalling an addon must not try to delete.
NAMESPACE = "__crm_demo__"
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "sale_no_log_for_new_lines": True,
    "bypass_risk": True,  # the history happened before any credit limit was set
    "crm_b2b_skip_gates": True,  # and before any exit criterion was written
    "lang": "en_US",
}


class CrmDemoCompany(models.AbstractModel):
    """Build the demo company from its plan; every step works on whole batches.

    Steps are methods of the files crm_demo_*.py. ``refs`` maps the plan's keys to ids.
    """

    _name = "crm.demo.company"
    _description = "Builder of the demo company"

    @api.model
    def _build(self, seed=20, customers_per_kind=None):
        """Build the demo company once; return False when it is there already."""
        self = self.sudo().with_context(**QUIET)
        if self._find_ids(["built"]):
            _logger.info("Demo company: already there, nothing to do")
            return False
        company = self.env.company
        self = self.with_company(company)
        self._stop_enrichment()
        today = fields.Date.today()
        while today.weekday() > 4:
            today -= timedelta(days=1)
        plan = demo_plan.build_plan(today, seed, customers_per_kind)
        refs = {}
        for step in self._get_steps():
            started = time.monotonic()
            step(plan, refs)
            self.env.flush_all()
            seconds = time.monotonic() - started
            _logger.info("Demo company: %s, %.1f s", step.__name__, seconds)
        self._name_records({"built": company})
        self._say_in_chinese()
        return True

    @api.model
    def _say_in_chinese(self):
        """Give what was set up its Chinese names, where that language is in use."""
        if "zh_CN" not in dict(self.env["res.lang"].get_installed()):
            return
        rows = self.env["ir.model.data"].search_fetch(
            [("module", "=", NAMESPACE), ("model", "in", list(demo_words.FIELDS))],
            ["model", "res_id"],
        )
        for model, named in rows.grouped("model").items():
            for record in self.env[model].browse(named.mapped("res_id")):
                for field in demo_words.FIELDS[model]:
                    if words := demo_words.chinese(record[field]):
                        record.update_field_translations(field, {"zh_CN": words})

    @api.model
    def _get_steps(self):
        """Return the bound methods ``(plan, refs)`` in the order to run them."""
        return [
            self._build_company,
            self._build_people,
            self._build_currencies,
            self._build_products,
            self._build_customers,
            self._build_price_lists,
            self._build_stock,
            self._build_deals,
            self._build_orders,
            self._build_deliveries,
            self._build_open_deliveries,
            self._build_invoices,
            self._build_refunds,
            self._build_payments,
            self._build_quotations,
            self._build_deal_history,
        ]

    @api.model
    def _stop_enrichment(self):
        """A service on the internet need not read of people who do not exist."""
        self.env["ir.config_parameter"].set_param(
            "crm.iap.lead.enrich.setting", "manual"
        )
        job = self.env.ref("crm_iap_enrich.ir_cron_lead_enrichment", False)
        if job:
            job.active = False
        company = self.env.company
        if "iap_enrich_auto_done" in company._fields:  # asked for at the first log-in
            company.iap_enrich_auto_done = True

    # -- helpers -----------------------------------------------------------------

    @api.model
    def _find_ids(self, keys):
        """Return {key: id} of the demo records named ``keys`` that exist."""
        rows = self.env["ir.model.data"].search_fetch(
            [("module", "=", NAMESPACE), ("name", "in", list(keys))],
            ["name", "res_id"],
        )
        return {row.name: row.res_id for row in rows}

    @api.model
    def _name_records(self, records):
        """Give external ids to ``records``, a dict {key: record}."""
        self.env["ir.model.data"].create(
            [
                {
                    "module": NAMESPACE,
                    "name": key,
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for key, record in records.items()
            ]
        )

    @api.model
    def _ensure(self, model, values, refs, batch=200):
        """Create the records of ``values`` {key: vals} that do not exist yet.

        Fills ``refs`` with their ids and returns the recordset of all of them.
        """
        found = self._find_ids(values)
        Model = self.env[model]
        missing = [key for key in values if key not in found]
        for start in range(0, len(missing), batch):
            keys = missing[start : start + batch]
            created = Model.create([values[key] for key in keys])
            self._name_records(dict(zip(keys, created, strict=True)))
            found |= dict(zip(keys, created.ids, strict=True))
        refs.update(found)
        return Model.browse([found[key] for key in values])

    @api.model
    def _backdate(self, model, column, dates):
        """Set ``column`` of records to ``dates`` {id: date} in one statement.

        For what the ORM stamps with the present: creation and stage dates of a history.
        """
        if not dates:
            return
        records = self.env[model].browse(dates)
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                WITH given AS (
                    SELECT * FROM unnest(%s::int[], %s::timestamp[]) AS g(id, moment)
                )
                UPDATE %s AS t SET %s = given.moment FROM given
                 WHERE t.id = given.id RETURNING t.id
                """,
                list(dates),
                list(dates.values()),
                SQL.identifier(records._table),
                SQL.identifier(column),
            )
        )
        records.invalidate_recordset([column])
