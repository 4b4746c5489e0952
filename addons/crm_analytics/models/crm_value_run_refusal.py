import logging
from contextlib import contextmanager

import psycopg2

from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError

_logger = logging.getLogger(__name__)


class CrmValueRun(models.Model):
    """What a run says when it cannot go on, and how it ends for another policy."""

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    def _get_unfinished(self, last):
        """Runs after ``last`` that did not end: what they wrote is in the tables."""
        return self.search(
            [
                ("company_id", "=", last.company_id.id),
                ("kind", "!=", "what_if"),
                ("id", ">", last.id),
            ]
        )

    def _end_for(self, policy):
        """End a run begun with a policy that is no longer in force, and say so."""
        self.write({"state": "cancelled", "date_end": fields.Datetime.now()})
        self.message_post(
            body=self.env._(
                "Cancelled: %(old)s, with which this run began, is no longer in force."
                " A new run begins with %(new)s.",
                old=self.policy_id.display_name,
                new=policy.display_name,
            )
        )

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
