from lxml import etree

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import datetime, safe_eval, time

# lists without a third thing to filter or to group by: none at present
EXCEPTED = {}
DATES = ("date", "datetime")


@tagged("post_install", "-at_install")
class TestSearchViews(TransactionCase):
    """Covers: the lists of our menus offer three filters and three groupings."""

    def get_searches(self):
        """{(model, view): action} of the lists that our actions open."""
        records = self.env["ir.model.data"].search(
            [("module", "=", "crm_b2b"), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(records.mapped("res_id"))
        return {
            (action.res_model, action.search_view_id.id): action
            for action in actions
            if not self.env[action.res_model]._transient
        }

    def count_filters(self, model, view_id):
        """Return (filters, groupings) of a search view, extensions included."""
        view = self.env[model].get_view(view_id, "search")
        nodes = etree.fromstring(view["arch"]).iter("filter")
        grouping = ["group_by" in (node.get("context") or "") for node in nodes]
        return len(grouping) - sum(grouping), sum(grouping)

    def test_every_list_has_three_filters_and_three_groupings(self):
        searches = self.get_searches()
        self.assertGreater(len(searches), 30)
        poor = {
            action.xml_id: counts
            for (model, view_id), action in searches.items()
            if model not in EXCEPTED
            and min(counts := self.count_filters(model, view_id)) < 3
        }
        self.assertFalse(poor)

    def test_every_filter_can_be_applied(self):
        """A filter with a wrong field breaks only when somebody clicks it."""
        for (model, view_id), action in self.get_searches().items():
            view = self.env[model].get_view(view_id, "search")
            for node in etree.fromstring(view["arch"]).iter("filter"):
                with self.subTest(action=action.xml_id, filter=node.get("name")):
                    self.apply(model, node)

    def apply(self, model, node):
        Model = self.env[model]
        context = {
            "uid": self.env.uid,
            "active_id": 1,
            "context_today": fields.Date.today,
            "datetime": datetime,
            "time": time,
        }
        domain = node.get("domain")
        if domain:
            Model.search(safe_eval(domain, context), limit=1)
        group = safe_eval(node.get("context") or "{}", context).get("group_by")
        for name in [group] if isinstance(group, str) else group or []:
            kind = Model._fields[name.split(".")[0].split(":")[0]].type
            if kind == "properties":  # the client asks which property
                continue
            name += ":month" if kind in DATES and ":" not in name else ""
            Model.formatted_read_group([], [name], limit=1)
