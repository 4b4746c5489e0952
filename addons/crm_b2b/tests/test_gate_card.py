from lxml import etree

from odoo.tests import tagged

from .common_gates import GateCommon


@tagged("post_install", "-at_install")
class TestGateOnCards(GateCommon):
    """What pipeline and forms read for their first paint, and what afterwards."""

    def test_the_gate_of_eighty_deals_takes_as_many_queries_as_of_one(self):
        deals = self.env["crm.lead"].browse(
            self.deal(name=f"Deal {n}").id for n in range(80)
        )
        counts = []
        for records in (deals, deals[:1], deals):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("gate_missing")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_a_card_says_at_once_whether_its_stage_has_a_gate(self):
        """Covers: SAL-02"""
        deals = self.deal() + self.deal(stage_id=self.contact.id)
        self.assertEqual(deals.mapped("has_gate"), [True, True])
        self.decider.active = False
        self.assertFalse(deals[0].has_gate)
        self.decider.active = True
        self.assertTrue(deals[0].has_gate)
        self.decider.unlink()
        self.assertFalse(deals[0].has_gate)
        self.contact.min_score = 10
        self.assertTrue(deals[0].has_gate)
        self.signed.min_score = 10
        self.assertFalse(self.signed.has_gate)

    def test_where_no_gate_is_announced_there_is_none(self):
        deals = self.env["crm.lead"].search([("type", "=", "opportunity")], limit=200)
        for deal in deals - deals.filtered("has_gate"):
            self.assertFalse(deal.gate_total, deal.name)

    def test_whether_there_is_a_gate_takes_no_query(self):
        deals = self.deal() + self.deal()
        deals.mapped("has_gate")
        deals.invalidate_recordset(["has_gate"])
        with self.assertQueryCount(0):
            deals.mapped("has_gate")

    def test_nothing_that_must_be_filled_in_is_read_late(self):
        """A required field without its value would look invalid until it is read."""
        for model in ("crm.lead", "res.partner"):
            arch = self.env[model].get_view(view_type="form")["arch"]
            marked = etree.fromstring(arch).xpath("//field[@deferred]")
            self.assertTrue(marked)
            for node in marked:
                field = self.env[model]._fields[node.get("name")]
                self.assertFalse(field.required or node.get("required"), field)
