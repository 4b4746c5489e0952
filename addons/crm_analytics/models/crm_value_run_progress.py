import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

PLACE = re.compile(r"crm_value_run (\d+) (\w+) (\d+)$")
LEAST = 0.05  # seconds that a step counts for at least


class CrmValueRun(models.Model):
    """The web client's side of a run: it does step by step, and sees how far it is.

    A step's transaction shows nothing until it ends. What it says of itself is
    therefore the name of its connection, which the server shows at once.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    def _report(self, done, total, code=None):
        """Say how far the step is; stop it when asked to."""
        self._stop_if_asked()
        code = code or self._get_next_step().code
        name = f"crm_value_run {self.id} {code} {100 * done // total}"
        self.env.execute_query(
            SQL("SELECT set_config('application_name', %s, TRUE)", name)
        )

    @api.model
    def action_watch(self, kind="incremental"):
        """Refresh the values step by step, in sight of who started it."""
        self.check_access("create")
        return {
            "type": "ir.actions.client",
            "tag": "crm_analytics.value_run",
            "name": self.env._("Refresh Values"),
            "params": {"kind": kind},
        }

    def action_resume(self):
        """Show the run at work; what is left of it goes on."""
        self.ensure_one()
        return self.action_watch()

    @api.model
    def start_in_steps(self, kind="incremental"):
        """Begin a run, or find the one under way: its progress."""
        self.check_access("create")
        if kind not in ("incremental", "full"):
            raise UserError(self.env._("A refresh is incremental or full."))
        company = self.env.company
        if not self._try_lock(company):
            return self._get_open(company).get_progress()
        # The tables are the program's: what a user may see of them, rules decide.
        run = self.sudo()._prepare(company, kind, None, None)
        return run.get_progress()

    def do_next_step(self, kind="incremental"):
        """Do the next step, and keep it: the progress after it.

        :param kind: of the run that follows when this one was of a month end
        """
        self.ensure_one()
        self.check_access("create")
        if self.state == "running" and self._try_lock(self.company_id):
            run = self.sudo()  # as above
            step = run._get_next_step()
            again = PG_CONCURRENCY_EXCEPTIONS_TO_RETRY  # by who serves the request
            if step and run._try_step(step, keeps=True, transient=again):
                step = run._get_next_step()
            if not step:
                run._finish()
        if not self._is_followed():
            return self.get_progress()
        if not self._try_lock(self.company_id):
            return (self._get_open(self.company_id) or self).get_progress()
        run = self.sudo()._prepare(self.company_id, kind, None, None)  # as above
        return run.get_progress()

    def get_progress(self):
        """Steps with their state, the share that is done, and what is done just now."""
        if not self:
            return {"id": False, "state": False, "percent": 0.0, "steps": []}
        self.ensure_one()
        self.check_access("read")
        worker = self._get_worker()
        weights = self._get_weights()
        names = dict(self.step_ids._fields["code"]._description_selection(self.env))
        steps, done = [], 0.0
        for step in self.step_ids:
            share = 1.0 if step.state == "done" else 0.0
            if not share and worker and worker[0] == step.code:
                share = worker[1]
            done += share * weights.get(step.code, LEAST)
            steps.append(
                {
                    "code": step.code,
                    "name": names[step.code],
                    "done": step.state == "done",
                    "failed": step.state == "failed",
                    "percent": round(100 * share),
                    "rows": step.row_count,
                    "seconds": step.seconds,
                }
            )
        total = sum(weights.get(step["code"], LEAST) for step in steps)
        return {
            "id": self.id,
            "name": self.display_name,
            "state": self.state,
            "failure": self.failure or "",
            "busy": bool(worker),
            "percent": round(100 * done / total, 1) if total else 0.0,
            "steps": steps,
            "customers": self.customer_count,
            "changed": self.changed_count,
            "guilty": self.guilty_count,
            "seconds": self.seconds,
            "as_of": fields.Date.to_string(self.as_of),
        }

    def _get_worker(self):
        """Step and share of it that somebody does just now; None if nobody works."""
        rows = self.env.execute_query(
            SQL(
                "SELECT a.application_name FROM pg_stat_activity a JOIN pg_locks l"
                " ON l.pid = a.pid WHERE l.granted AND a.pid <> pg_backend_pid()"
                " AND %s",
                self._get_lock_condition(),
            )
        )
        for (name,) in rows:
            found = PLACE.match(name or "")
            if found and int(found[1]) == self.id:
                return found[2], int(found[3]) / 100
        return None

    def _get_weights(self):
        """Seconds that each step took in the last finished run."""
        last = self.sudo().search(  # times are no secret
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("done", "warning")),
                ("kind", "!=", "what_if"),
                ("month_end", "=", False),
            ],
            limit=1,
        )
        return {step.code: max(step.seconds, LEAST) for step in last.step_ids}
