from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ReturnCase(AccountTestInvoicingCommon):
    """A company that has sold, delivered and invoiced a drum and two pumps."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for xmlid in (
            "crm_service.group_service_manager",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
        ):
            groups |= cls.env.ref(xmlid)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.company_data["company"]
        cls.company.service_level_id = False
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.customer = cls.make_partner("Acme Coatings")
        cls.stranger = cls.make_partner("Stranger Ltd")
        cls.agent = new_test_user(
            cls.env,
            "return_agent",
            groups="crm_service.group_service_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.labour = cls.env["product.product"].create(
            {
                "name": "Hour",
                "type": "service",
                "list_price": 100.0,
                "standard_price": 40.0,
                "invoice_policy": "order",
            }
        )
        cls.company.service_labour_product_id = cls.labour
        cls.resin = cls.make_product("Resin", list_price=50, standard_price=20)
        cls.pump = cls.make_product(
            "Pump",
            list_price=900,
            standard_price=300,
            tracking="serial",
            service_installed_base=True,
            service_warranty_months=12,
        )
        cls.seal = cls.make_product("Seal", list_price=30, standard_price=10)
        for product in (cls.resin, cls.seal):
            cls.put_on_stock(product, 100)
        cls.serials = cls.env["stock.lot"].create(
            [
                {
                    "name": f"SN-{number}",
                    "product_id": cls.pump.id,
                    "company_id": cls.company.id,
                }
                for number in range(1, 6)
            ]
        )
        for lot in cls.serials:
            cls.put_on_stock(cls.pump, 1, lot)

    @classmethod
    def make_partner(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def make_product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(cls.company_data["default_tax_sale"].ids)],
                **values,
            }
        )

    @classmethod
    def put_on_stock(cls, product, quantity, lot=None):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.stock, quantity, lot_id=lot
        )

    @classmethod
    def validate(cls, picking, lot=None):
        """Do all that is planned; give the number if one is asked for."""
        for move in picking.move_ids:
            if lot and move.product_id == lot.product_id:
                move.move_line_ids.unlink()
                vals = move._prepare_move_line_vals(quantity=1) | {"lot_id": lot.id}
                move.move_line_ids = [Command.create(vals)]
            elif not move.quantity:
                move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()
        return picking

    @classmethod
    def sell(cls, product=None, quantity=10.0, lot=None, partner=None, invoice=True):
        """Return an order that is delivered and, if asked, invoiced."""
        product = lot.product_id if lot else product or cls.resin
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1 if lot else quantity,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        cls.validate(order.picking_ids, lot)
        if invoice:
            order._create_invoices().action_post()
        return order

    @classmethod
    def returned(cls, order, quantity=None, partner=None, **values):
        """Return a draft return of one order line."""
        moves = order.order_line.move_ids
        move = moves.filtered(lambda m: not m.service_return_role)[:1]
        lot = move.move_line_ids.lot_id[:1]
        asset = (
            cls.env["service.asset"].search([("lot_id", "=", lot.id)]) if lot else lot
        )
        return cls.env["service.return"].create(
            {
                "partner_id": (partner or order.partner_id).id,
                "company_id": cls.company.id,
                "reason": "It leaks",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": move.product_id.id,
                            "move_id": move.id,
                            "sale_line_id": order.order_line[:1].id,
                            "lot_id": lot.id,
                            "asset_id": asset.id,
                            "quantity": quantity or (1 if lot else 10),
                            **values,
                        }
                    )
                ],
            }
        )

    @classmethod
    def receive(cls, case):
        for picking in case._get_pickings("receipt").filtered(
            lambda p: p.state not in ("done", "cancel")
        ):
            cls.validate(picking)

    def settle(self, case, resolution, **values):
        """Take a return from draft to its documents."""
        case.action_authorise()
        self.receive(case)
        case.line_ids.write({"resolution": resolution, **values})
        case.action_inspect()
        case.action_settle()
        return case

    def finish_repair(self, repair, part=None, quantity=1):
        if part:
            repair.move_ids = [
                Command.create(
                    {
                        "product_id": part.id,
                        "product_uom_qty": quantity,
                        "product_uom": part.uom_id.id,
                        "repair_line_type": "add",
                    }
                )
            ]
        repair.action_repair_start()
        for move in repair.move_ids:
            move.quantity = move.product_uom_qty
        repair.action_repair_end()

    @classmethod
    def asset_of(cls, lot):
        return cls.env["service.asset"].search(
            [("lot_id", "=", lot.id)], order="id desc", limit=1
        )

    @classmethod
    def today(cls):
        return fields.Date.today()
