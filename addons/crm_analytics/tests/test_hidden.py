import warnings
from datetime import timedelta
from io import BytesIO

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..tools import rfm
from .test_olap import OlapCommon

MAYBE_EMPTY = {"crm.service.fact"}  # has rows with the application only


@tagged("post_install", "-at_install")
class TestHiddenCustomer(OlapCommon):
    """Who may not see a customer finds no figure of it, whichever way is taken.

    Covers: ANA-12, FRM-05
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.rule"].create(
            {
                "name": "Theirs is hidden",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {cls.theirs.id})]",
                "groups": [(4, cls.env.ref("crm_analytics.group_analyst").id)],
            }
        )
        cls.env["crm.lead"].create(
            {
                "name": "Hidden deal",
                "partner_id": cls.theirs.id,
                "source_id": cls.env["utm.source"].create({"name": "Fair T"}).id,
                "company_id": cls.company.id,
            }
        )
        cls.env["calendar.event"].sudo().create(
            {
                "name": "Visit",
                "start": fields.Datetime.to_datetime(cls.day(1)),
                "stop": fields.Datetime.to_datetime(cls.day(1)) + timedelta(hours=2),
                "duration": 2,
                "res_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "res_id": cls.theirs.id,
                "user_id": cls.analyst.id,
            }
        )
        cls.refresh("full")
        cls._write_the_rest()
        cls.env.flush_all()

    @classmethod
    def _write_the_rest(cls):
        """Rows that a refresh of so few customers does not make."""
        given = {"company_id": cls.company.id, "partner_id": cls.theirs.id}
        product, other = cls.product_a, cls.product_b
        rule = (
            cls.env["crm.association.rule"]
            .sudo()
            .create(
                {
                    "company_id": cls.company.id,
                    "left_id": product.id,
                    "product_id": other.id,
                }
            )
        )
        playbook = cls.env["crm.value.playbook"].search([], limit=1)
        alarm = cls.env["crm.value.alarm.rule"].search([], limit=1)
        for model, values in (
            ("crm.customer.dirty", {}),
            ("crm.customer.suggestion", {"product_id": other.id, "rule_id": rule.id}),
            ("crm.customer.move", {"date": cls.as_of, "class_to": "new"}),
            (
                "crm.value.playbook.start",
                {"playbook_id": playbook.id, "date": cls.as_of},
            ),
            (
                "crm.value.alarm",
                {
                    "rule_id": alarm.id,
                    "value_class": alarm.value_class,
                    "indicator": alarm.indicator,
                    "date": cls.as_of,
                    "state": "open",
                },
            ),
        ):
            cls.env[model].sudo().create(given | values)

    def _get_figures(self):
        """Every model of this application with a customer."""
        names = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", "crm_analytics"), ("model", "=", "ir.model")])
        )
        for model in self.env["ir.model"].sudo().browse(names.mapped("res_id")):
            Model = self.env[model.model]
            field = Model._fields.get("partner_id")
            if Model._abstract or Model._transient or field is None:
                continue
            # the model may be another application's, only extended here
            if Model._original_module == "crm_analytics":
                yield Model

    def _get_hidden(self, Model):
        domain = [
            ("partner_id", "=", self.theirs.id),
            ("company_id", "=", self.company.id),
        ]
        hidden = Model.sudo().search(domain)
        if Model._name not in MAYBE_EMPTY:
            self.assertTrue(hidden, "the test shows something only then")
        return hidden

    def _check_unseen(self, Model, user):
        """Neither found nor counted, summed, read, exported or opened."""
        hidden, own = self._get_hidden(Model), Model.with_user(user)
        self.assertFalse(own.search([]).sudo().partner_id & self.theirs)
        groups = own._read_group([], ["partner_id"], ["__count"])
        self.assertNotIn(self.theirs.id, [row[0].id for row in groups])
        total = own.formatted_read_group([], [], ["__count"])
        self.assertEqual(total[0]["__count"], len(own.search([])))
        listed = own.web_search_read([], {"partner_id": {}})["records"]
        self.assertNotIn(self.theirs.id, [row["partner_id"] for row in listed])
        self.assertFalse(own.search_count([("partner_id", "=", self.theirs.id)]))
        self.assertFalse(own.search([("partner_id.name", "=", "Theirs")]))
        for row in hidden[:1].with_user(user):
            row.invalidate_recordset()
            for way in (
                lambda row=row: row.read(["partner_id"]),
                lambda row=row: row.export_data(["id", "partner_id/name"]),
                lambda row=row: row.check_access("read"),
            ):
                with self.assertRaises(AccessError):
                    way()
            for open_figure in self._get_drill_downs(row):
                self._check_opens_nothing(open_figure, user)

    def _check_opens_nothing(self, open_figure, user):
        """It refuses, or what it opens is refused, or finds nobody hidden."""
        try:
            action = open_figure()
        except AccessError:
            return
        Target = self.env[action["res_model"]].with_user(user)
        if action.get("res_id"):
            with self.assertRaises(AccessError):
                Target.browse(action["res_id"]).read(["display_name"])
        else:
            found = Target.search(action["domain"]).sudo().partner_id
            self.assertFalse(found & self.theirs)

    def _get_drill_downs(self, row):
        """What the buttons of a row call."""
        for name in dir(type(row)):
            if name.startswith("action_open_"):
                yield getattr(row, name)

    def test_an_analyst_who_may_not_see_the_customer(self):
        seen = 0
        for Model in self._get_figures():
            with self.subTest(model=Model._name):
                if Model.with_user(self.analyst).has_access("read"):
                    self._check_unseen(Model, self.analyst)
                    seen += 1
        self.assertGreaterEqual(seen, 15)

    def test_a_manager_of_another_company(self):
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "hidden_stranger",
            "crm_analytics.group_manager,base.group_allow_export,"
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.theirs.sudo().company_id = self.company
        for Model in self._get_figures():
            with self.subTest(model=Model._name):
                self._check_unseen(Model, stranger)

    def test_a_seller_of_other_accounts(self):
        self.env.ref("sales_team.group_sale_salesman").write(
            {"implied_ids": [Command.link(self.env.ref("base.group_allow_export").id)]}
        )
        allowed = set()
        for Model in self._get_figures():
            if Model.with_user(self.seller).has_access("read"):
                with self.subTest(model=Model._name):
                    self._check_unseen(Model, self.seller)
                allowed.add(Model._name)
        self.assertIn("crm.customer.value", allowed)
        self.assertFalse(
            {"crm.customer.month", "crm.customer.fact", "crm.customer.cost"} & allowed
        )

    def test_what_is_seen_opens_nothing_hidden(self):
        value = self.value(self.mine).with_user(self.analyst)
        for open_figure in self._get_drill_downs(value):
            action = open_figure()
            Target = self.env[action["res_model"]].with_user(self.analyst)
            if action.get("domain") and "partner_id" in Target._fields:
                found = Target.search(action["domain"]).sudo().partner_id
                self.assertLessEqual(found, self.mine)

    def _load(self, file):
        with warnings.catch_warnings(action="ignore"):  # what openpyxl does not know
            return openpyxl.load_workbook(BytesIO(file.read()), data_only=True)

    def test_the_workbooks_name_nobody_hidden(self):
        values = self.Value.with_user(self.analyst)
        leads = self.env["crm.lead"].with_user(self.seller)
        files = [
            values._get_workbook(self.company),
            leads._get_pipeline_workbook(self.company),
        ]
        for file in files:
            with file:
                book = self._load(file)
            words = {
                cell
                for sheet in book
                for row in sheet.iter_rows(values_only=True)
                for cell in row
            }
            self.assertNotIn("Theirs", words)

    def test_screens_and_workbook_leave_the_hidden_customer_out(self):
        Insight = self.env["crm.insight"].with_user(self.analyst)
        whale = Insight.get_curves()["whale"]
        self.assertEqual([point["name"] for point in whale], ["Mine"])
        classes = Insight.get_dashboard()["classes"]
        self.assertEqual(sum(row["count"] for row in classes), 1)
        with self.assertRaises(AccessError):
            Insight.get_gcv(self.theirs.id)
        values = self.Value.with_user(self.analyst).search([])
        names = [row.name for row in values._get_workbook_rows()]
        self.assertEqual(names, ["Mine"])
        entries = values._get_workbook_entries(self.company, values, self.as_of)
        self.assertEqual({entry.customer_id for entry in entries}, {self.mine.id})

    def test_the_proof_judges_by_the_limits_of_the_run(self):
        """Who sees a part of the customers sees the limits that all gave.

        Covers: ANA-13
        """
        policy = self.env["crm.value.policy"]._get_current(self.company)
        policy._change({"quintile_minimum": 2})
        for index in range(5):
            self.document(
                self.theirs, self.day(3 + index), 1000 * index + 5, quantity=2
            )
        self.refresh()
        run = self.Run._get_judge(self.company)
        self.assertEqual((run.score_method, run.score_customer_count), ("quintile", 2))
        values = self.Value.with_user(self.analyst)
        meta = values._get_workbook_meta(self.company, values.search([]))
        self.assertEqual(meta.cuts, run._get_score_cuts())
        seen = self.Value.sudo().search([("company_id", "=", self.company.id)])
        self.assertEqual(len(seen), 2)
        whole = rfm.score_quintile(
            seen.mapped("recency"), seen.mapped("frequency"), seen.mapped("monetary")
        )
        self.assertEqual(meta.cuts, whole.cuts)
        with values._get_workbook(self.company) as file:
            book = self._load(file)
        head, *rows = book["Proof"].iter_rows(values_only=True)
        self.assertEqual([row[head.index("Agrees")] for row in rows], ["yes"])
        told = values.search([]).get_score("monetary")["words"]
        self.assertIn("by quintiles of 2 customers", told)
