import logging

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError

from .crm_value_run import STEPS

_logger = logging.getLogger(__name__)


class CrmValueRun(models.Model):
    """Runs that nobody starts by hand."""

    # The run, by concern.
    _inherit = "crm.value.run"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_refresh(self):
        """Refresh every company nightly; one that is being refreshed is left out.

        What fails for one company fails for it alone, until the next night.
        """
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        self.env["ir.cron"]._commit_progress(remaining=len(companies) * len(STEPS))
        for company in companies:
            run = self.with_context(crm_value_commit=True).with_company(company)
            try:
                run._start(company)
            except UserError as error:
                _logger.info("Customer values left out: %s", error)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Customer values: company %s failed", company.id)
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _refresh_demo(self):
        """Value the demo customers at the last month ends and now.

        So the screens show a history: month ends, moves between classes, playbooks.
        """
        today = self._get_today()
        for months in (3, 2, 1, 0):
            as_of = today
            if months:
                first = today.replace(day=1) - relativedelta(months=months - 1)
                as_of = first - relativedelta(days=1)
            self._start(self.env.company, kind="full", as_of=as_of)
