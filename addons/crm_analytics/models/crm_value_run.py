import json
import logging
import time

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import check_sql, cost_sql, fact_sql, merge_sql, value_sql
from .crm_value_policy import RATE_FIELDS

_logger = logging.getLogger(__name__)

LOCK_SPACE = 0x43524D  # first key of the advisory lock, the company is the second
STEPS = (
    "facts",
    "months",
    "rules",
    "features",
    "values",
    "findings",
    "checks",
    "snapshot",
    "playbooks",
)
WHAT_IF_STEPS = ("values",)
GUILTY_LIMIT = 200


class CrmValueRun(models.Model):
    _name = "crm.value.run"
    _description = "Customer Value Run"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Started by", readonly=True)
    date_start = fields.Datetime("Started at", readonly=True)
    date_end = fields.Datetime("Ended at", readonly=True)
    as_of = fields.Date("As of", required=True, readonly=True)
    policy_id = fields.Many2one("crm.value.policy", required=True, readonly=True)
    kind = fields.Selection(
        [("incremental", "Incremental"), ("full", "Full"), ("what_if", "What If")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("warning", "Done, With Warnings"),
            ("cancelled", "Cancelled"),
        ],
        default="running",
        required=True,
        readonly=True,
    )
    step_ids = fields.One2many("crm.value.run.step", "run_id", "Steps", readonly=True)
    seconds = fields.Float(compute="_compute_seconds", digits=(10, 3))
    progress = fields.Float(compute="_compute_seconds")
    customer_count = fields.Integer("Customers", readonly=True)
    touched_count = fields.Integer("Customers Recomputed", readonly=True)
    changed_count = fields.Integer("Class Changes", readonly=True)
    revenue_facts = fields.Monetary("Revenue of the Facts", readonly=True)
    revenue_moves = fields.Monetary("Revenue of the Documents", readonly=True)
    difference = fields.Monetary(
        "Difference to the Ledger",
        readonly=True,
        help="Untaxed amounts of the documents less the balance of their income lines.",
    )
    guilty_move_ids = fields.Many2many(
        "account.move", string="Documents That Differ", readonly=True
    )
    guilty_count = fields.Integer("Number of Documents That Differ", readonly=True)
    model_fit = fields.Json("Models and Their Fit", readonly=True)
    model_fit_text = fields.Text("Models", compute="_compute_model_fit_text")
    result = fields.Json("Class Changes by Class", readonly=True)
    result_text = fields.Text("What Would Change", compute="_compute_result_text")

    _company_idx = models.Index("(company_id, state, id DESC)")

    @api.depends("kind", "as_of", "company_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = self.env._(
                "%(kind)s run of %(date)s",
                kind=kinds.get(run.kind, ""),
                date=fields.Date.to_string(run.as_of),
            )

    @api.depends("step_ids.seconds", "step_ids.state")
    def _compute_seconds(self):
        for run in self:
            run.seconds = sum(run.step_ids.mapped("seconds"))
            done = run.step_ids.filtered(lambda step: step.state == "done")
            run.progress = 100.0 * len(done) / max(len(run.step_ids), 1)

    @api.depends("result")
    def _compute_result_text(self):
        Value = self.env["crm.customer.value"]
        names = dict(Value._fields["value_class"]._description_selection(self.env))
        for run in self:
            run.result_text = "\n".join(
                self.env._(
                    "%(before)s → %(after)s: %(count)s customers",
                    before=names.get(before, self.env._("Not classified")),
                    after=names.get(after, self.env._("Not classified")),
                    count=count,
                )
                for before, after, count in run.result or []
            )

    @api.depends("model_fit")
    def _compute_model_fit_text(self):
        for run in self:
            run.model_fit_text = (
                json.dumps(run.model_fit, indent=2) if run.model_fit else False
            )

    # --- starting -----------------------------------------------------------

    @api.model
    def _start(self, company, kind="incremental", as_of=None, policy=None):
        """Run all steps for ``company``, and return the run.

        :raises UserError: when another run of the company is under way
        """
        if not self._try_lock(company):
            raise UserError(
                self.env._(
                    "The customer values of %(company)s are being refreshed just"
                    " now. Look at Runs and proof, and try again in a minute.",
                    company=company.display_name,
                )
            )
        # The tables are the program's: what a user may see of them, rules decide.
        run = self.sudo()._prepare(company, kind, as_of, policy)
        run._execute()
        return run.sudo(False)

    def _try_lock(self, company):
        """Take the right to refresh a company until the transaction ends."""
        [(locked,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_SPACE, company.id)
        )
        return locked

    def _prepare(self, company, kind, as_of, policy):
        """The interrupted run of the company, or a new one."""
        as_of = as_of or fields.Date.context_today(self)
        open_run = self.search(
            [("company_id", "=", company.id), ("state", "=", "running")], limit=1
        )
        if open_run and kind != "what_if" and open_run.kind != "what_if":
            return open_run
        policy = policy or self.env["crm.value.policy"].sudo()._get_current(company)
        steps = WHAT_IF_STEPS if kind == "what_if" else STEPS
        run = self.create(
            {
                "company_id": company.id,
                "user_id": self.env.uid,
                "date_start": fields.Datetime.now(),
                "as_of": as_of,
                "policy_id": policy.id,
                "kind": self._get_kind(company, kind, as_of, policy),
                "step_ids": [
                    fields.Command.create({"code": code, "sequence": index})
                    for index, code in enumerate(steps)
                ],
            }
        )
        if kind != "what_if":
            run._claim_marks()
        return run

    def _get_kind(self, company, kind, as_of, policy):
        """An incremental run needs a finished one with the same window before it."""
        if kind != "incremental":
            return kind
        last = self._get_last(company)
        decisive = ("window_months", *RATE_FIELDS)
        same = last and all(last.policy_id[name] == policy[name] for name in decisive)
        return "incremental" if same else "full"

    @api.model
    def _get_last(self, company):
        """The last run whose result the tables show."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("done", "warning")),
                ("kind", "!=", "what_if"),
            ],
            limit=1,
        )

    def _claim_marks(self):
        """Take the marks that exist now; later ones wait for the next run."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE crm_customer_dirty SET run_id = %s WHERE company_id = %s"
                " AND (run_id IS NULL OR run_id <> %s) RETURNING id",
                self.id,
                self.company_id.id,
                self.id,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE crm_basket_dirty SET run_id = %s WHERE company_id = %s"
                " AND run_id IS DISTINCT FROM %s RETURNING id",
                self.id,
                self.company_id.id,
                self.id,
            )
        )

    # --- executing ----------------------------------------------------------

    def _execute(self):
        """Do the steps that are not done; between them the work is kept if asked to."""
        self.ensure_one()
        while step := self.step_ids.filtered(lambda step: step.state == "pending")[:1]:
            self._execute_step(step)
            if self.env.context.get("crm_value_commit"):
                self.env["ir.cron"]._commit_progress(1)
                self.env.invalidate_all()
                if not self._try_lock(self.company_id):
                    return  # another starter has taken the run over
        self.write(
            {
                "state": "warning" if self._has_warning() else "done",
                "date_end": fields.Datetime.now(),
            }
        )
        self.env.invalidate_all()

    def _execute_step(self, step):
        self.env.flush_all()
        begin = time.perf_counter()
        rows = getattr(self, f"_step_{step.code}")()
        step.write(
            {
                "state": "done",
                "row_count": rows,
                "seconds": time.perf_counter() - begin,
            }
        )

    def _has_warning(self):
        return bool(self.guilty_count) or self.revenue_facts != self.revenue_moves

    def _run_sql(self, query):
        """Execute, and return the number of rows."""
        self.env.cr.execute(query)
        return self.env.cr.rowcount

    def _get_windows(self):
        return self.policy_id._get_windows(self.as_of)

    def _step_facts(self):
        condition = None
        if self.kind == "incremental":
            self._collect_touched()
            condition = SQL(
                "m.commercial_partner_id IN (SELECT partner_id FROM crm_an_touched)"
            )
        query = fact_sql.customer_facts(
            self.company_id.id, self._get_windows(), condition
        )
        scope = self._get_scope(
            SQL("t.partner_id IN (SELECT partner_id FROM crm_an_touched)")
        )
        return self._merge(
            "crm_customer_fact",
            query,
            ("company_id", "partner_id"),
            fact_sql.FACT_COLUMNS,
            scope,
        )

    def _collect_touched(self):
        """Customers marked, and those of whom a window's bound passed a document."""
        last = self._get_last(self.company_id)
        before = last.policy_id._get_windows(last.as_of)
        intervals = self._get_windows().shifted_since(before)
        self._run_sql(SQL("DROP TABLE IF EXISTS crm_an_touched"))
        self.touched_count = self._run_sql(
            SQL(
                """
                CREATE TEMPORARY TABLE crm_an_touched ON COMMIT DROP AS
                SELECT partner_id FROM crm_customer_dirty
                 WHERE run_id = %s AND company_id = %s
                 UNION %s""",
                self.id,
                self.company_id.id,
                fact_sql.shifted_customers(self.company_id.id, intervals),
            )
        )
        self._run_sql(SQL("ANALYZE crm_an_touched"))

    def _step_months(self):
        condition = scope = None
        kinds, sources = self.env["crm.customer.cost"]._get_sources(self.policy_id)
        costs = SQL(
            "c.company_id = %s AND (c.code = %s OR c.date <= %s)",
            self.company_id.id,
            cost_sql.LATE_PAYMENT,
            self.as_of,
        )
        if self.kind == "incremental":
            self.env["crm.customer.cost"]._mark_passed(self)
            marks = SQL(
                "SELECT FROM crm_customer_dirty d WHERE d.run_id = %s"
                " AND d.company_id = %s",
                self.id,
                self.company_id.id,
            )
            condition = SQL(
                "m.commercial_partner_id IN (SELECT d.partner_id"
                " FROM crm_customer_dirty d WHERE d.run_id = %s) AND EXISTS (%s"
                " AND d.partner_id = m.commercial_partner_id AND (d.month IS NULL"
                " OR d.month = date_trunc('month', m.invoice_date)::date))",
                self.id,
                marks,
            )
            scope = SQL(
                "EXISTS (%s AND d.partner_id = t.partner_id"
                " AND (d.month IS NULL OR d.month = t.month))",
                marks,
            )
            costs = SQL(
                "%s AND c.partner_id IN (SELECT d.partner_id FROM crm_customer_dirty d"
                " WHERE d.run_id = %s) AND EXISTS (%s AND d.partner_id = c.partner_id"
                " AND (d.month IS NULL"
                " OR d.month = date_trunc('month', c.date)::date))",
                costs,
                self.id,
                marks,
            )
        rows = self._merge(
            "crm_customer_month",
            fact_sql.monthly_facts(
                self.company_id.id,
                cost_sql.by_month(sources, kinds, costs),
                kinds,
                condition,
            ),
            ("company_id", "partner_id", "month"),
            fact_sql.MONTH_COLUMNS,
            self._get_scope(scope),
        )
        self._run_sql(SQL("DELETE FROM crm_customer_dirty WHERE run_id = %s", self.id))
        return rows

    def _get_scope(self, touched):
        """Rows that the run may delete: the company's, or the touched ones of it."""
        scope = SQL("t.company_id = %s", self.company_id.id)
        if self.kind == "incremental":
            scope = SQL("%s AND %s", scope, touched)
        return scope

    def _step_features(self):
        """Loyalty and churn risk of each customer, by the kernels."""
        return self.env["crm.customer.fact"]._update_features(self)

    def _step_values(self):
        query = value_sql.customer_values(
            self.company_id.id, self._get_windows(), self.policy_id._get_limits()
        )
        self._materialize("crm_an_source", query)
        self._count_changes()
        if self.kind == "what_if":
            return 0
        self.env["crm.customer.move"]._record(self)
        keys = ("company_id", "partner_id")
        return self._merge_source(
            "crm_customer_value",
            keys,
            (*value_sql.VALUE_COLUMNS, "as_of", "policy_id"),
            SQL("t.company_id = %s", self.company_id.id),
        )

    def _count_changes(self):
        """How many customers go from which class to which."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.value_class, s.value_class, count(*)
                  FROM crm_an_source s
             FULL JOIN (SELECT partner_id, value_class FROM crm_customer_value
                         WHERE company_id = %s) v ON v.partner_id = s.partner_id
                 WHERE v.value_class IS DISTINCT FROM s.value_class
              GROUP BY v.value_class, s.value_class ORDER BY count(*) DESC, 1, 2""",
                self.company_id.id,
            )
        )
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM crm_an_source"))
        self.result = [list(row) for row in rows]
        self.changed_count = sum(row[2] for row in rows)
        self.customer_count = count

    def _step_rules(self):
        """What is bought together, and what to offer to whom."""
        return self.env["crm.association.rule"]._update_rules(self)

    def _step_findings(self):
        """Test the statements of the register on the values of now."""
        return self.env["crm.finding"]._update_findings(self)

    def _step_checks(self):
        """Facts against documents, documents against the ledger, to the cent."""
        [(facts, moves)] = self.env.execute_query(check_sql.totals(self.company_id.id))
        guilty = self.env.execute_query(check_sql.moves_off_ledger(self.company_id.id))
        self.write(
            {
                "revenue_facts": facts,
                "revenue_moves": moves,
                "difference": sum(untaxed - income for _id, untaxed, income in guilty),
                "guilty_count": len(guilty),
                "guilty_move_ids": [
                    fields.Command.set([row[0] for row in guilty[:GUILTY_LIMIT]])
                ],
            }
        )
        return len(guilty)

    def _step_snapshot(self):
        return self.env["crm.customer.value.snapshot"]._take(self)

    def _step_playbooks(self):
        """Start the playbooks of the classes that customers entered in this run."""
        moves = self.env["crm.customer.move"].search([("run_id", "=", self.id)])
        return len(self.env["crm.value.playbook"]._start_for_moves(moves))

    # --- merging ------------------------------------------------------------

    def _materialize(self, name, query, keys=("company_id", "partner_id")):
        self._run_sql(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
        self._run_sql(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s",
                SQL.identifier(name),
                query,
            )
        )
        self._run_sql(SQL("ANALYZE %s", SQL.identifier(name)))

    def _merge(self, table, query, keys, columns, scope):
        self._materialize("crm_an_source", query)
        return self._merge_source(table, keys, columns, scope)

    def _merge_source(self, table, keys, columns, scope):
        """Bring ``table`` to the rows of the source; the number of rows written."""
        always = ()
        if table == "crm_customer_value":
            self._run_sql(
                SQL(
                    "ALTER TABLE crm_an_source ADD COLUMN as_of date DEFAULT %s,"
                    " ADD COLUMN policy_id int DEFAULT %s,"
                    " ADD COLUMN run_id int DEFAULT %s",
                    self.as_of,
                    self.policy_id.id,
                    self.id,
                )
            )
            always = ("run_id",)
        source = "crm_an_source"
        return (
            self._run_sql(merge_sql.delete_gone(table, source, keys, scope))
            + self._run_sql(
                merge_sql.update_changed(table, source, keys, columns, always)
            )
            + self._run_sql(
                merge_sql.insert_missing(table, source, keys, (*columns, *always))
            )
        )

    # --- actions ------------------------------------------------------------

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    @api.model
    def action_refresh(self):
        """Refresh the values of the current company now."""
        self.check_access("create")
        run = self._start(self.env.company)
        return self._get_notification(run)

    @api.model
    def action_rebuild(self):
        """Build all tables of the current company anew from the documents."""
        self.check_access("create")
        run = self._start(self.env.company, kind="full")
        return self._get_notification(run)

    def _get_notification(self, run):
        warning = run.state == "warning"
        message = self.env._(
            "%(count)s customers valued in %(seconds).1f seconds, %(changed)s changed"
            " class.",
            count=run.customer_count,
            seconds=run.seconds,
            changed=run.changed_count,
        )
        if warning:
            message = self.env._(
                "%(count)s documents do not agree with their income entries: see the"
                " run under Runs and proof.",
                count=run.guilty_count,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Customer values refreshed"),
                "message": message,
                "type": "warning" if warning else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_guilty(self):
        """Open the documents that differ from their income lines."""
        self.ensure_one()
        return self.env["crm.customer.value"]._get_moves_action(
            self.env._("Documents That Differ"),
            [("id", "in", self.guilty_move_ids.ids)],
        )

    def action_cancel(self):
        """Give up an interrupted run; its marks go to the next one."""
        self.ensure_one()
        self.check_access("write")
        if not self._try_lock(self.company_id):
            raise UserError(
                self.env._("The run is at work and ends by itself in a moment.")
            )
        self.sudo().write({"state": "cancelled", "date_end": fields.Datetime.now()})

    @api.model
    def _cron_refresh(self):
        """Refresh every company nightly; one that is being refreshed is left out."""
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        self.env["ir.cron"]._commit_progress(remaining=len(companies) * len(STEPS))
        for company in companies:
            run = self.with_context(crm_value_commit=True).with_company(company)
            try:
                run._start(company)
            except UserError as error:
                _logger.info("Customer values left out: %s", error)

    @api.model
    def _refresh_demo(self):
        """Value the demo customers at the last month ends and now.

        So the screens show a history: month ends, moves between classes, playbooks.
        """
        today = fields.Date.context_today(self)
        for months in (3, 2, 1, 0):
            as_of = today
            if months:
                first = today.replace(day=1) - relativedelta(months=months - 1)
                as_of = first - relativedelta(days=1)
            self._start(self.env.company, kind="full", as_of=as_of)
