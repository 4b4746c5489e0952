from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase

from ..tools.crm_import_profile import load_profile

DATA = Path(__file__).parent / "data"
BUSINESS = (
    *("res.partner", "res.users", "crm.team", "product.product", "crm.lead"),
    *("sale.order", "account.move", "account.payment", "ir.model.data", "crm.tag"),
)


class Killed(BaseException):
    """The process ends here: no handler of the import may catch it."""


class ImportCase(TransactionCase):
    """Imports the small export, in a company with a chart of accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["crm.import.run"]
        if not cls.env.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.env.company, install_demo=False
            )
        cls.text = cls.Run._read_profile("maven_crm_opportunities").replace(
            "currency: USD", f"currency: {cls.env.company.currency_id.name}"
        )
        # names of other imports in this database must not be taken for known ones
        cls.text = cls.text.replace("name: maven_crm_opportunities", "name: test_small")

    def data_folder(self, folder):
        return DATA / folder

    def files(self, folder="small"):
        return {path.name: path.read_bytes() for path in (DATA / folder).glob("*.csv")}

    def make_run(self, text=None, files=None):
        return self.Run._create_run(text or self.text, files or self.files())

    def work(self, run, commit=None, **kwargs):
        """Process ``run`` without the commits that tests may not do."""
        return run._process(commit=commit or (lambda done, left: 1), **kwargs)

    def import_small(self, text=None, files=None):
        run = self.make_run(text, files)
        self.work(run)
        self.assertEqual(run.state, "done", run.error)
        return run

    def deal(self, key):
        ids = self.env["crm.import.loader"]._get_known_ids(
            load_profile(self.text), "deals", [key]
        )
        return self.env["crm.lead"].browse(ids.get(key, []))

    def invoice(self, key):
        return self.deal(key).order_ids.invoice_ids

    def counts(self, run):
        return {
            count.kind: (count.row_count, count.created, count.existing, count.rejected)
            for count in run.count_ids
        }

    def record_counts(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in BUSINESS
        }

    @contextmanager
    def batches_of(self, size):
        with patch("odoo.addons.crm_b2b.models.crm_import_run_process.BATCH", size):
            yield

    @contextmanager
    def killed(self):
        """Expect the end; unlike assertRaises, what was written before it stays."""
        try:
            yield
        except Killed:
            return
        self.fail("The import was not killed.")
