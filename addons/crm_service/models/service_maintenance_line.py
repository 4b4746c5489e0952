from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import groupby

from ..tools import maintenance

IN_SERVICE = ("delivered", "active")


class ServiceMaintenanceLine(models.Model):
    """One installed product under a plan, and when its next service is due."""

    _name = "service.maintenance.line"
    _description = "Product Under Maintenance"
    _order = "next_date, id"
    _rec_name = "asset_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "service.maintenance.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.commercial_partner_id", store=True)
    user_id = fields.Many2one(related="plan_id.user_id", store=True)
    asset_id = fields.Many2one(
        "service.asset",
        "Installed product",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    start_value = fields.Float(
        "Counter at the start",
        digits=(16, 1),
        help="What the counter showed at the last service before this plan.",
    )
    due_ids = fields.One2many("service.maintenance.due", "line_id", "Services")
    is_running = fields.Boolean(
        compute="_compute_is_running",
        store=True,
        help="The plan is active and the product in service.",
    )
    next_date = fields.Date("Next due", compute="_compute_next", store=True, index=True)
    next_by_counter = fields.Boolean(
        "Because of the counter", compute="_compute_next", store=True
    )
    make_from = fields.Date(
        "Made from",
        compute="_compute_make_from",
        store=True,
        index=True,
        help="The day from which the visit or request is made.",
    )

    _once = models.Constraint(
        "UNIQUE (plan_id, asset_id)", "A product is in a plan once."
    )

    @api.depends("plan_id.active", "asset_id.state", "asset_id.active")
    def _compute_is_running(self):
        for line in self:
            line.is_running = (
                line.plan_id.active
                and line.asset_id.active
                and line.asset_id.state in IN_SERVICE
            )

    @api.depends(
        "start_value",
        "plan_id.rhythm",
        "plan_id.date_start",
        "plan_id.months",
        "plan_id.units",
        "plan_id.from_done",
        "plan_id.contract_id.state",
        "plan_id.contract_id.date_end",
        "due_ids.date",
        "due_ids.state",
        "due_ids.done_on",
        "asset_id.reading_ids.date",
        "asset_id.reading_ids.value",
        "asset_id.reading_ids.is_replaced",
    )
    def _compute_next(self):
        for line in self:
            due = (
                maintenance.next_due(
                    line._get_rhythm(), line._get_past(), line.asset_id._get_readings()
                )
                if line.plan_id.date_start and line._is_told()
                else None
            )
            owed = due and line.plan_id._owes_on(due.day)
            line.next_date = due.day if owed else False
            line.next_by_counter = bool(owed and due.by_counter)

    @api.depends("next_date", "plan_id.lead_days")
    def _compute_make_from(self):
        for line in self:
            line.make_from = line.next_date and line.next_date - timedelta(
                days=line.plan_id.lead_days
            )

    def _is_told(self):
        """Tell whether the plan has the figures its rhythm needs (in a new form)."""
        plan = self.plan_id
        return (plan.rhythm == "counter" or plan.months > 0) and (
            plan.rhythm == "time" or plan.units > 0
        )

    def _get_rhythm(self):
        plan = self.plan_id
        return maintenance.Rhythm(
            plan.date_start,
            plan.months if plan.rhythm != "counter" else None,
            plan.units if plan.rhythm != "time" else None,
            plan.from_done or plan.rhythm == "both",
            self.start_value,
        )

    def _get_past(self):
        dues = self.due_ids
        return maintenance.Past(
            max(dues.mapped("date"), default=None),
            max((due.done_on for due in dues if due.done_on), default=None),
            any(due.state == "open" for due in dues),
        )

    # -- making what is due --------------------------------------------------------

    @api.model
    def _get_due_domain(self, today):
        return Domain("is_running", "=", True) & Domain("make_from", "<=", today)

    def _get_due_lines(self):
        """Return the lines of ``self`` that are due now."""
        return self.filtered_domain(
            self._get_due_domain(fields.Date.context_today(self))
        )

    def _make_due_all(self):
        """Make what is due for these lines: one visit or request a site and day."""
        made = self.env["service.maintenance.due"]
        for _key, lines in groupby(self, lambda line: line._get_group_key()):
            made |= self.union(*lines)._make_due()
        return made

    def _get_group_key(self):
        asset = self.asset_id
        return self.plan_id, asset.site_id or asset.partner_id

    @api.model
    def _cron_make_due(self):
        """Nightly: make what is due; a plan at a site is a transaction."""
        commit = self.env["ir.cron"]._commit_progress
        today = fields.Date.context_today(self)
        lines = self.search(self._get_due_domain(today), order="plan_id, id")
        groups = groupby(lines, lambda line: line._get_group_key())
        self.env["service.maintenance.due"]._drop_pointless(today)
        commit(remaining=len(groups))
        for _key, group in groups:
            self.union(*group)._make_due()
            if not commit(1):
                break

    def _make_due(self):
        """Settle all due dates of these lines of one plan and site.

        Rows are locked and looked at again: two runs at once, or one after a kill, make
        each due date once. Dates that were missed altogether are skipped but the last.
        """
        today = fields.Date.context_today(self)
        plan = self.plan_id
        dues = self.env["service.maintenance.due"].sudo()  # kept by the system
        to_make = []
        for line in self.try_lock_for_update():
            last = None
            while line.next_date and line.is_running:
                day = line.next_date
                suspended = plan._is_suspended_on(day)
                verdict = maintenance.settle(
                    day, today, plan.lead_days, suspended=suspended
                )
                if verdict == "wait":
                    break
                due = dues.create(
                    {
                        "line_id": line.id,
                        "date": day,
                        "by_counter": line.next_by_counter,
                    }
                )
                if verdict == "skip":
                    due.skipped = self.env._("The contract was suspended")
                    continue
                if last and last.date < today:
                    last.skipped = self.env._("Overtaken by the next one")
                    to_make.remove(last)
                to_make.append(due)
                last = due
        return plan._make_jobs(to_make)


class ServiceMaintenancePlan(models.Model):
    _inherit = "service.maintenance.plan"

    def _is_suspended_on(self, day):
        contract = self.contract_id.sudo()  # its state only, whoever runs this
        return bool(contract) and contract._service_is_suspended(day)

    def _owes_on(self, day):
        """Tell whether the contract, if there is one, runs on ``day``."""
        contract = self.contract_id.sudo()  # as above
        return not contract or (
            contract.state in ("active", "suspended")
            and not (contract.date_end and contract.date_end < day)
        )
