import os
import unittest
from pathlib import Path

from odoo.tests import tagged

from ..models import crm_import_source as source
from ..tools.crm_import_profile import load_profile
from .common_import import ImportCase

CHECKOUT = Path(__file__).resolve().parents[3]
FOLDER = Path(
    os.environ.get("CRM_B2B_DATA") or CHECKOUT.parent / "shared" / "data"
).joinpath("crm_opportunities")


@tagged("post_install", "-at_install")
@unittest.skipUnless(
    FOLDER.is_dir(),
    "the real export is not here: name the folder above it in CRM_B2B_DATA",
)
class TestCrmImportReal(ImportCase):
    def test_the_real_export_is_read_whole_and_its_dirt_reported(self):
        counts, issues = self.Run._check_folder(self.text, FOLDER)
        read = {kind: (number, usable) for kind, number, usable, *_rest in counts}
        self.assertEqual(
            read,
            {
                "accounts": (85, 85),
                "products": (7, 7),
                "agents": (35, 35),
                "deals": (8800, 8800),
            },
        )
        dirt = {issue[4]: (issue[6], issue[7]) for issue in issues}
        self.assertEqual(dirt["technolgy"], ("technology", 12))
        self.assertEqual(dirt["Philipines"], ("Philippines", 1))
        self.assertEqual(dirt["GTXPro"], ("GTX Pro", 1480))
        self.assertEqual(dirt[""][1], 1425)

    def test_the_first_deals_of_the_real_export_become_invoices(self):
        files = source.read_folder(load_profile(self.text), FOLDER)
        run = self.make_run(self.text, files)
        self.work(run, limit=20)
        self.assertEqual((run.state, run.deal_done), ("cancel", 20))
        leads = self.env["crm.lead"].search(
            [("team_id.name", "like", "Central - "), ("won_status", "=", "won")]
        )
        for lead in leads:
            invoice = lead.order_ids.invoice_ids
            self.assertEqual(invoice.amount_untaxed, lead.expected_revenue)
            self.assertEqual(invoice.invoice_date, lead.date_closed.date())
