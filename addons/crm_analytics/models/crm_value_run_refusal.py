import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

_logger = logging.getLogger(__name__)


class CrmValueRun(models.Model):
    """What a run says when it cannot go on, and why it ends for another one."""

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_unfinished(self, company, last):
        """Runs after ``last`` that did not end: what they wrote is in the tables."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "!=", "what_if"),
                ("id", ">", last.id or 0),
                ("step_ids.state", "=", "done"),
            ]
        )

    def _get_reason_to_end(self, kind, as_of, policy):
        """Why an interrupted run does not go on when such a one is asked for."""
        if not self:
            return ""
        if self.policy_id != policy:
            return self.env._(
                "Cancelled: %(old)s, with which this run began, is no longer in force."
                " A new run begins with %(new)s.",
                old=self.policy_id.display_name,
                new=policy.display_name,
            )
        if self.as_of != as_of:
            return self.env._(
                "Cancelled: it was interrupted, and its day, %(old)s, has passed. A new"
                " run begins for %(new)s.",
                old=fields.Date.to_string(self.as_of),
                new=fields.Date.to_string(as_of),
            )
        if kind == "full" and self.kind != "full":
            return self.env._("Cancelled: a full run was asked for, and begins now.")
        return ""

    def _end(self, reason):
        """End a run that does not go on, and say why."""
        self.write({"state": "cancelled", "date_end": fields.Datetime.now()})
        self.message_post(body=reason)

    @contextmanager
    def _explain_failure(self):
        """Say in words which step failed, why, and what to do: with the policy to open.

        All the run did is undone. Runs by schedule keep what they did, and record their
        failure instead; errors that the server repeats, or that have words, go through.
        """
        try:
            yield
        except (UserError, psycopg2.OperationalError):
            raise
        except Exception as error:
            if self.env.context.get("crm_value_commit"):
                raise
            _logger.exception("Customer values: run %s failed", self.id)
            raise self._get_failure(error) from error

    def _get_failure(self, error):
        self.env.invalidate_all(flush=False)
        step = self._get_next_step()
        names = dict(step._fields["code"]._description_selection(self.env))
        return RedirectWarning(
            self.env._(
                "The step “%(step)s” could not be computed with %(policy)s: %(why)s\n"
                "Nothing was changed. Look at the limits of the policy, make a new"
                " version with others, and try again.",
                step=names.get(step.code, ""),
                policy=self.policy_id.display_name,
                why=str(error) or type(error).__name__,
            ),
            {
                "type": "ir.actions.act_window",
                "res_model": "crm.value.policy",
                "res_id": self.policy_id.id,
                "views": [(False, "form")],
            },
            self.env._("Open the Policy"),
        )
