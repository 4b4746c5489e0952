from datetime import timedelta

from odoo import api, fields, models

MOST_MONTH_ENDS = 12  # that are made good after a long time without a run


class CrmValueRun(models.Model):
    """Month ends: a day's run is preceded by one for each that has not been kept.

    The day has to be over, and the values are judged as of it. Who has entered a class
    by then is a move of that day; what is done about it waits for the day's run.
    """

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    month_end = fields.Boolean(
        "For a Month End",
        readonly=True,
        help="Brings the values to a month end and keeps them; the run of the day"
        " comes after it.",
    )

    @api.model
    def _get_today(self):
        return fields.Date.context_today(self)

    @api.model
    def _is_month_end(self, date):
        """Whether a day is the last one of a month, and over."""
        return (date + timedelta(days=1)).day == 1 and date < self._get_today()

    @api.model
    def _get_missing_month_ends(self, company, as_of):
        """Month ends before ``as_of`` that are still to keep, the earliest first.

        Of a company without any only the last one; never more than a year of them.
        """
        kept = self._get_kept_month_end(company)
        if not kept and self._is_month_end(as_of):
            return []  # its own run keeps it
        most = MOST_MONTH_ENDS if kept else 1
        end = as_of.replace(day=1) - timedelta(days=1)
        missing = []
        while len(missing) < most and (not kept or end > kept):
            missing.append(end)
            end = end.replace(day=1) - timedelta(days=1)
        return [date for date in reversed(missing) if self._is_month_end(date)]

    @api.model
    def _get_kept_month_end(self, company):
        """The last month end that was kept; also when there was no customer to keep."""
        here = [("company_id", "=", company.id)]
        done = [*here, ("month_end", "=", True), ("state", "in", ("done", "warning"))]
        snapshot = self.env["crm.customer.value.snapshot"].sudo()
        last = (
            snapshot.search(here, order="date desc", limit=1).date,
            self.search(done, order="as_of desc", limit=1).as_of,
        )
        return max(filter(None, last), default=None)

    @api.model
    def _get_month_end_kind(self, company, kind):
        """After the rebuild of one month end the next ones build on it."""
        last = self._get_last(company)
        rebuilt = last.month_end and last.kind == "full"
        return "incremental" if rebuilt else kind

    def _is_followed(self):
        """Whether the run was of a month end, which the day's run comes after."""
        return bool(self) and self.month_end and self.state in ("done", "warning")

    def _get_entered(self):
        """The last moves of customers whose class is another than playbooks know.

        Since the last run that started playbooks: month ends start none, and a run that
        was stopped may have missed it. Who went and came back is left alone; so is
        everybody in the first run of a company.
        """
        steps = [("code", "=", "playbooks"), ("state", "=", "done")]
        here = [("company_id", "=", self.company_id.id), ("id", "<=", self.id)]
        Move = self.env["crm.customer.move"]
        last = self.search(
            [*here, ("id", "!=", self.id), ("step_ids", "any", steps)], limit=1
        )
        if not last:
            return Move
        runs = self.search([*here, ("id", ">", last.id)])
        moves = Move.search([("run_id", "in", runs.ids)], order="id")
        return Move.concat(
            *(
                found[-1]
                for found in moves.grouped("partner_id").values()
                if found[0].class_from != found[-1].class_to
            )
        )
