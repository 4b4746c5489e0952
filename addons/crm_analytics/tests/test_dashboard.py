import json

from odoo.tests import tagged
from odoo.tools import file_open

from .common import ValueCommon

FILES = "crm_analytics/data/files/management_{}dashboard.json"


@tagged("post_install", "-at_install")
class TestManagementDashboard(ValueCommon):
    """Covers: ANA-14, ANA-12"""

    def _read(self, name):
        with file_open(FILES.format(name)) as stream:
            return json.load(stream)

    def test_every_figure_of_the_dashboard_is_a_field_that_exists(self):
        book = self._read("")
        charts = [
            figure["data"]
            for sheet in book["sheets"]
            for figure in sheet["figures"]
            if figure["data"]["type"].startswith("odoo_")
        ]
        self.assertEqual(len(charts), 8)
        for chart in charts:
            meta = chart["metaData"]
            names = [meta["measure"], *meta["groupBy"]]
            self._check_fields(meta["resModel"], names)
            self.env[meta["resModel"]]._read_group(
                chart["searchParams"]["domain"], meta["groupBy"], ["__count"], limit=1
            )
        for pivot in book["pivots"].values():
            names = [measure["fieldName"] for measure in pivot["measures"]]
            names += [row["fieldName"] for row in pivot["rows"]]
            self._check_fields(pivot["model"], names)

    def _check_fields(self, model, names):
        for name in names:
            if name != "__count":
                self.assertIn(name.split(":")[0], self.env[model]._fields)

    def test_the_sample_has_the_same_figures_without_data(self):
        titles = [
            [figure["data"]["title"]["text"] for figure in sheet["figures"]]
            for name in ("", "sample_")
            for sheet in self._read(name)["sheets"][:1]
        ]
        self.assertEqual(*titles)
        self.assertFalse(self._read("sample_")["pivots"])

    def test_the_menus_behind_the_figures_exist(self):
        for menu in self._read("")["chartOdooMenusReferences"].values():
            self.assertTrue(self.env.ref(menu).action)

    def test_analysts_see_it(self):
        board = self.env.ref("crm_analytics.spreadsheet_dashboard_management")
        self.assertIn(board, board.search([]))
        self.assertTrue(json.loads(board._get_serialized_readonly_dashboard()))
