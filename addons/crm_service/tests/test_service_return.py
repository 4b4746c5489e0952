from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestServiceReturn(ReturnCase):
    """From the first call to the credit note or the invoice."""

    def test_a_part_is_credited_at_the_price_of_its_invoice(self):
        """Covers: SRV-09"""
        order = self.sell()
        invoice = order.invoice_ids
        order.order_line.price_unit = 77  # the price of today is not the price invoiced
        case = self.settle(self.returned(order, 4), "credit")
        refund = case._get_credit_notes()
        self.assertEqual(refund.reversed_entry_id, invoice)
        self.assertRecordValues(
            refund.invoice_line_ids,
            [
                {
                    "quantity": 4.0,
                    "price_unit": 50.0,
                    "tax_ids": invoice.invoice_line_ids.tax_ids.ids,
                    "credited_line_id": invoice.invoice_line_ids.id,
                }
            ],
        )
        self.assertEqual(refund.currency_id, invoice.currency_id)
        self.assertEqual(case.state, "settling")
        refund.action_post()
        self.assertEqual((case.state, case.outcome), ("done", "credited"))
        line = order.order_line
        self.assertEqual((line.qty_delivered, line.qty_invoiced), (6.0, 6.0))
        self.assertEqual(line.qty_to_invoice, 0.0)

    def test_a_credit_note_keeps_currency_discount_and_rate_of_the_invoice(self):
        """Covers: SRV-09"""
        foreign = self.setup_other_currency("EUR")
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        self.customer.property_product_pricelist = pricelist
        order = self.sell(invoice=False)
        order.order_line.discount = 10
        order._create_invoices().action_post()
        case = self.settle(self.returned(order, 3), "credit")
        refund = case._get_credit_notes()
        self.assertEqual(refund.currency_id, foreign)
        self.assertEqual(refund.invoice_line_ids.discount, 10)
        self.assertAlmostEqual(
            refund.amount_untaxed, refund.reversed_entry_id.amount_untaxed * 3 / 10
        )

    def test_no_more_is_credited_than_was_invoiced(self):
        """Covers: SRV-09"""
        order = self.sell(invoice=False)
        case = self.returned(order, 4)
        case.action_authorise()
        self.receive(case)
        case.line_ids.resolution = "credit"
        case.action_inspect()
        with self.assertRaisesRegex(UserError, "0 are invoiced"):
            case.action_settle()
        order._create_invoices().action_post()
        case.action_settle()
        self.assertEqual(sum(case.line_ids.credit_line_ids.mapped("quantity")), 4)

    def test_core_credit_notes_count_against_what_is_left(self):
        """Covers: SRV-09"""
        order = self.sell()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=order.invoice_ids.ids)
            .create({"journal_id": order.invoice_ids.journal_id.id})
        )
        wizard.refund_moves()
        wizard.new_move_ids.invoice_line_ids.quantity = 8
        wizard.new_move_ids.action_post()
        case = self.returned(order, 3)
        case.action_authorise()
        self.receive(case)
        case.line_ids.resolution = "credit"
        case.action_inspect()
        with self.assertRaisesRegex(UserError, "2 are invoiced"):
            case.action_settle()

    def test_what_came_back_or_is_announced_cannot_come_back_again(self):
        """Covers: SRV-09"""
        order = self.sell()
        self.returned(order, 7).action_authorise()
        second = self.returned(order, 4)
        with self.assertRaisesRegex(UserError, "3 can still come back, not 4"):
            second.action_authorise()
        second.line_ids.quantity = 3
        second.action_authorise()
        self.assertEqual(second.state, "authorised")
        second.action_cancel()
        self.assertEqual(second._get_pickings("receipt").state, "cancel")
        self.assertEqual(self.returned(order, 3).line_ids.quantity_rest, 3)

    def test_goods_that_stay_with_the_customer_count_as_taken(self):
        """Covers: SRV-09"""
        order = self.sell()
        case = self.returned(order, 6)
        case.no_receipt = True
        self.settle(case, "credit")
        self.assertFalse(case._get_pickings("receipt"))
        case._get_credit_notes().action_post()
        self.assertEqual(case.state, "done")
        self.assertEqual(case.cost_goods, 6 * 20)
        # nothing is invoiced a second time because of the credit note
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        with self.assertRaisesRegex(UserError, "4 can still come back"):
            self.returned(order, 5).action_authorise()

    def test_a_return_is_refused_in_words(self):
        """Covers: SRV-09"""
        mine = self.sell(lot=self.serials[0])
        theirs = self.sell(lot=self.serials[1], partner=self.stranger)
        with self.assertRaisesRegex(UserError, "delivered to another customer"):
            self.returned(theirs, partner=self.customer).action_authorise()
        wrong = self.returned(mine, lot_id=self.serials[1].id, asset_id=False)
        with self.assertRaisesRegex(UserError, "another customer"):
            wrong.action_authorise()
        never = self.returned(mine, lot_id=self.serials[2].id, asset_id=False)
        with self.assertRaisesRegex(UserError, "not on this delivery"):
            never.action_authorise()
        with self.assertRaisesRegex(UserError, "Enter the lot or serial"):
            self.returned(mine, lot_id=False, asset_id=False).action_authorise()
        with self.assertRaisesRegex(ValidationError, "not a number of"):
            self.returned(self.sell(), lot_id=self.serials[0].id)
        with self.assertRaisesRegex(ValidationError, "comes back once"):
            self.returned(mine, 2)
        with self.assertRaisesRegex(UserError, "has no line"):
            self.env["service.return"].create(
                {"partner_id": self.customer.id}
            ).action_authorise()

    def test_a_cancelled_order_and_another_company_are_refused(self):
        """Covers: SRV-09"""
        order = self.sell(invoice=False)
        case = self.returned(order, 1)
        order._action_cancel()
        self.assertEqual(order.state, "cancel")
        with self.assertRaisesRegex(UserError, "is cancelled"):
            case.action_authorise()
        other = self.setup_other_company()["company"]
        case = self.returned(self.sell(), 1)
        elsewhere = self.env["service.return"].create(
            {"partner_id": self.customer.id, "company_id": other.id}
        )
        line = case.line_ids.copy({"return_id": elsewhere.id})
        self.assertEqual(line.company_id, other)
        with self.assertRaisesRegex(UserError, "was not delivered by"):
            elsewhere.action_authorise()

    def test_the_warehouse_takes_in_no_other_number(self):
        """Covers: SRV-09"""
        case = self.returned(self.sell(lot=self.serials[0]))
        case.action_authorise()
        receipt = case._get_pickings("receipt")
        self.assertEqual(receipt.move_line_ids.lot_id, self.serials[0])
        with self.assertRaisesRegex(UserError, "SN-3 came in, SN-1 was authorised"):
            self.validate(receipt, self.serials[2])

    def test_a_repair_under_warranty_costs_us_and_goes_back(self):
        """Covers: SRV-09"""
        order = self.sell(lot=self.serials[0])
        asset = self.asset_of(self.serials[0])
        until = asset.warranty_end
        case = self.settle(self.returned(order), "repair")
        self.assertEqual(asset.state, "returned")
        self.assertEqual(case.line_ids.coverage, "warranty")
        self.assertEqual(case.decision_id.outcome, "warranty")
        repair = case.line_ids.repair_ids
        self.assertTrue(repair.under_warranty)
        self.assertEqual(repair.lot_id, self.serials[0])
        self.assertFalse(case.charged_open)
        self.finish_repair(repair, self.seal, 2)
        self.assertEqual(case.state, "settling")
        back = case._get_pickings("back")
        self.assertEqual(back.picking_type_code, "outgoing")
        self.assertEqual(back.move_line_ids.lot_id, self.serials[0])
        self.validate(back)
        self.assertEqual((case.state, case.outcome), ("done", "repaired"))
        self.assertEqual(case.cost_parts, 20)
        self.assertEqual(case.cost_total, 20)
        self.assertEqual(asset.state, "active")
        self.assertEqual(asset.warranty_end, until)
        self.assertEqual(self.asset_of(self.serials[0]), asset)
        # neither way changes what the order has delivered
        self.assertEqual(order.order_line.qty_delivered, 1)
        # and the same pump can come back once more
        again = self.env["service.return"].create(
            {
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"asset_id": asset.id})],
            }
        )
        self.assertEqual(again.line_ids.move_id.picking_id, back)
        self.assertEqual(again.line_ids.quantity_rest, 1)

    def test_a_charged_repair_is_quoted_and_invoiced(self):
        """Covers: SRV-09"""
        order = self.sell(lot=self.serials[0])
        asset = self.asset_of(self.serials[0])
        asset.warranty_end = self.today() - timedelta(days=1)
        case = self.settle(self.returned(order), "repair", repair_hours=1.5)
        self.assertEqual(case.line_ids.coverage, "charged")
        self.assertTrue(case.charged_open)
        repair = case.line_ids.repair_ids
        repair.move_ids = [
            Command.create(
                {
                    "product_id": self.seal.id,
                    "product_uom_qty": 2,
                    "product_uom": self.seal.uom_id.id,
                    "repair_line_type": "add",
                }
            )
        ]
        case.action_quote_repair()
        quote = case.charge_order_ids
        self.assertFalse(case.charged_open)
        self.assertEqual(quote.repair_order_ids, repair)
        self.assertEqual(quote.amount_untaxed, 1.5 * 100 + 2 * 30)
        quote.action_confirm()
        self.finish_repair(repair)
        self.validate(case._get_pickings("back"))
        self.assertEqual((case.state, case.outcome), ("done", "repaired"))
        invoice = quote._create_invoices()
        self.assertEqual(invoice.amount_untaxed, 210)
        self.assertEqual(case.cost_total, 0)
        with self.assertRaisesRegex(UserError, "No repair"):
            case.action_quote_repair()

    def test_hours_of_a_quoted_repair_are_not_invoiced_twice(self):
        """Covers: SRV-09"""
        order = self.sell(lot=self.serials[0])
        self.asset_of(self.serials[0]).warranty_end = self.today() - timedelta(days=1)
        case = self.settle(self.returned(order), "repair", repair_hours=1.0)
        case.action_quote_repair()
        work = self.env["service.work.line"].create(
            {"ticket_id": case.ticket_id.id, "product_id": self.labour.id}
        )
        self.assertEqual(work.return_id, case)
        work.action_confirm()
        self.assertEqual(work.coverage, "billable")
        self.assertEqual(work.invoice_status, "to_invoice")
        case.charge_order_ids.action_confirm()
        self.assertEqual(work.invoice_status, "no")

    def test_credit_stops_a_charged_repair_and_not_one_under_warranty(self):
        """Covers: SRV-05, SRV-09"""
        sold = [
            (self.serials[0], False, self.sell(lot=self.serials[0])),
            (self.serials[1], True, self.sell(lot=self.serials[1])),
        ]
        self.customer.with_company(self.company).credit_hold = True
        for lot, warranty, order in sold:
            if not warranty:
                self.asset_of(lot).warranty_end = self.today() - timedelta(days=1)
            case = self.returned(order)
            case.action_authorise()
            self.receive(case)
            case.line_ids.resolution = "repair"
            case.action_inspect()
            if warranty:
                case.action_settle()
                self.assertTrue(case.line_ids.repair_ids)
            else:
                with self.assertRaisesRegex(UserError, "stopped by credit"):
                    case.action_settle()
                case.line_ids.goodwill = True
                case.action_settle()
                self.assertEqual(case.line_ids.coverage, "goodwill")

    def test_a_replacement_inherits_the_rest_of_the_warranty(self):
        """Covers: SRV-06, SRV-09"""
        order = self.sell(lot=self.serials[0])
        old = self.asset_of(self.serials[0])
        old.warranty_end = self.today() + timedelta(days=40)
        case = self.settle(self.returned(order), "replace", scrap=True)
        self.assertEqual(
            self.env["stock.quant"]._get_available_quantity(
                self.pump, self.stock, self.serials[0], strict=True
            ),
            0,
        )
        delivery = case._get_pickings("replacement")
        self.assertEqual(delivery.picking_type_id, self.warehouse.out_type_id)
        self.validate(delivery, self.serials[3])
        self.assertEqual((case.state, case.outcome), ("done", "replaced"))
        new = self.asset_of(self.serials[3])
        self.assertRecordValues(
            new,
            [
                {
                    "warranty_end": old.warranty_end,
                    "replaces_id": old.id,
                    "picking_id": delivery.id,
                    "partner_id": old.partner_id.id,
                    "state": "active",
                }
            ],
        )
        self.assertEqual(old.state, "replaced")
        self.assertEqual(case.cost_goods, 300)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_what_is_rejected_goes_back_and_what_never_came_is_closed(self):
        """Covers: SRV-09"""
        order = self.sell()
        case = self.returned(order, 4)
        case.line_ids.copy({"return_id": case.id, "quantity": 2})
        case.action_authorise()
        receipt = case._get_pickings("receipt")
        first, second = receipt.move_ids.sorted("id")
        self.assertEqual((first.product_uom_qty, second.product_uom_qty), (4, 2))
        (first | second).picked = True
        first.quantity, second.quantity = 3, 0
        receipt.with_context(cancel_backorder=True)._action_done()
        self.assertEqual(case.state, "received")
        self.assertEqual(case.line_ids.mapped("quantity_received"), [3, 0])
        with self.assertRaisesRegex(UserError, "Decide what happens"):
            case.action_inspect()
        case.line_ids[0].resolution = "reject"
        case.action_inspect()
        case.action_settle()
        self.assertEqual(case.line_ids.mapped("state"), ["open", "missing"])
        self.validate(case._get_pickings("back"))
        self.assertEqual((case.state, case.outcome), ("done", "mixed"))
        self.assertEqual(order.order_line.qty_delivered, 10)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            case.line_ids[0].quantity = 1

    def test_a_product_without_delivery_comes_back_once(self):
        """An installed base that was taken over knows no deliveries.

        Covers: SRV-06, SRV-09
        """
        lot = self.serials[4].copy({"name": "OLD-1"})
        asset = self.env["service.asset"].create(
            {
                "product_id": self.pump.id,
                "lot_id": lot.id,
                "partner_id": self.customer.id,
                "state": "active",
                "company_id": self.company.id,
            }
        )
        cases = self.env["service.return"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "line_ids": [Command.create({"asset_id": asset.id})],
                }
                for _twice in range(2)
            ]
        )
        self.settle(cases[0], "repair")
        with self.assertRaisesRegex(UserError, "0 can still come back"):
            cases[1].action_authorise()
        self.finish_repair(cases[0].line_ids.repair_ids)
        self.validate(cases[0]._get_pickings("back"))
        self.assertEqual(cases[0].state, "done")

    def test_the_request_and_its_decision_come_with_the_authorisation(self):
        """Covers: SRV-03, SRV-09"""
        case = self.returned(self.sell(lot=self.serials[0])).with_user(self.agent)
        case.action_authorise()
        ticket = case.ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "kind": "return",
                    "partner_id": self.customer.id,
                    "asset_id": case.line_ids.asset_id.id,
                    "return_count": 1,
                }
            ],
        )
        self.assertEqual(case.decision_id, ticket.decision_id)
        self.assertEqual(case.receipt_count, 1)

    def test_the_choice_shows_what_can_still_come_back(self):
        """Covers: SRV-09"""
        order = self.sell()
        self.sell(lot=self.serials[1], partner=self.stranger)
        self.returned(order, 4).action_authorise()
        select = (
            self.env["service.return.select"]
            .with_user(self.agent)
            .create({"partner_id": self.customer.id, "company_id": self.company.id})
        )
        self.assertRecordValues(
            select.line_ids,
            [{"product_id": self.resin.id, "rest": 6.0, "quantity": 6.0}],
        )
        action = select.action_apply()
        case = self.env["service.return"].browse(action["res_id"])
        self.assertEqual(case.line_ids.sale_line_id, order.order_line)
        empty = select.copy({"partner_id": self.make_partner("Nobody").id})
        with self.assertRaisesRegex(UserError, "Enter the quantity"):
            empty.action_apply()

    def test_only_drafts_are_deleted_and_only_the_unreceived_cancelled(self):
        """Covers: SRV-09"""
        case = self.returned(self.sell(), 2)
        case.action_authorise()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            case.unlink()
        self.receive(case)
        with self.assertRaisesRegex(UserError, "this step is not open"):
            case.action_cancel()
