import logging

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class CrmValueRun(models.Model):
    """A step that fails: the run says so and why, and does not stand in the way.

    A failed run is over, as a cancelled one: its marks go to the next run.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    failure = fields.Text("Why It Failed", readonly=True)

    def _fail(self, step, error):
        """Record which step failed and why; log it, and tell who looks after runs."""
        _logger.error(
            "Customer values: run %s of %s failed in step %s",
            self.id,
            self.company_id.display_name,
            step.code,
            exc_info=error,
        )
        step.state = "failed"
        names = dict(step._fields["code"]._description_selection(self.env))
        failure = self.env._(
            "The step %(step)s failed: %(reason)s",
            step=names[step.code],
            reason=self._get_reason(error),
        )
        self.write(
            {
                "state": "failed",
                "date_end": fields.Datetime.now(),
                "failure": failure,
            }
        )
        self.message_post(body=failure)
        self._call_guardian(self.env._("A refresh of customer values failed"))

    def _get_reason(self, error):
        """What an error says; of one that is not meant for people also its kind."""
        if isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {error}".strip()

    def action_retry(self):
        """Begin another run of the same kind, in sight of who asked for it."""
        self.ensure_one()
        return self.action_watch(self.kind)

    def _is_next_of(self, last):
        """Whether no run was begun after ``last`` that this one has to make good for.

        A run that was stopped or failed keeps what it wrote: the next one does not find
        it among what it changes itself.
        """
        return not self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "!=", "what_if"),
                ("id", ">", last.id),
                ("id", "<", self.id),
            ],
            limit=1,
        )
