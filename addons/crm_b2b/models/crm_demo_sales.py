from datetime import datetime, time, timedelta

from odoo import Command, api, models

from ..tools import demo_catalog as catalog

BATCH = 100


class CrmDemoCompany(models.AbstractModel):
    # One builder in several files, by subject.
    _inherit = "crm.demo.company"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _build_stock(self, plan, refs):
        """One lot for each half year, with enough of it for all that was delivered."""
        location = self._get_warehouse().lot_stock_id
        lots, needed = {}, {}
        for order in plan.orders:
            for line in order.lines:
                if line.lot:
                    key = f"lot_{line.product}_{line.lot}"
                    needed[key] = needed.get(key, 0) + line.quantity
        for item in catalog.PRODUCTS:
            for number in range(1, 8) if item.lots else ():
                lots[f"lot_{item.key}_{number}"] = {
                    "name": f"{item.key.upper()}-{number:03d}",
                    "product_id": refs[f"product_{item.key}"],
                    "company_id": self.env.company.id,
                }
        records = self._ensure("stock.lot", lots, refs)
        quants = [
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "location_id": location.id,
                "inventory_quantity": round(needed.get(key, 0) * 1.05 + 500),
            }
            for key, lot in zip(lots, records, strict=True)
        ]
        quants = (
            self.env["stock.quant"].with_context(inventory_mode=True).create(quants)
        )
        quants.action_apply_inventory()
        start = datetime.combine(plan.orders[0].ordered, time(6)) - timedelta(days=20)
        moves = records.quant_ids.product_id.stock_move_ids
        self._backdate("stock.move", "date", dict.fromkeys(moves.ids, start))
        lines = moves.move_line_ids
        self._backdate("stock.move.line", "date", dict.fromkeys(lines.ids, start))

    @api.model
    def _get_warehouse(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.model
    def _build_orders(self, plan, refs):
        """Past orders in their final state; the next step adds their deliveries.

        Those under way are kept in ``refs`` for later: they get real pickings.
        """
        deals = {deal.order: f"deal_{deal.key}" for deal in plan.deals if deal.order}
        customers = {customer.key: customer for customer in plan.customers}
        past = {}
        current = refs["current_orders"] = {}
        for order in plan.orders:
            values = self._prepare_order(order, customers[order.customer], refs)
            deal = deals.get(order.key)
            values["opportunity_id"] = refs[deal] if deal else False
            planned = order.delivered and order.part == 1 or order.state == "cancel"
            (past if planned else current)[f"order_{order.key}"] = values
        self.with_context(skip_procurement=True)._ensure(
            "sale.order", past, refs, BATCH
        )

    @api.model
    def _prepare_order(self, order, customer, refs):
        partner = refs[f"partner_{customer.key}"]
        site = refs[f"site_{order.site}"] if order.site else partner
        return {
            "partner_id": partner,
            "partner_shipping_id": site,
            "user_id": refs[f"user_{order.seller}"],
            "team_id": refs[f"team_{customer.team}"],
            "date_order": order.ordered,
            "commitment_date": datetime.combine(order.promised, time(15)),
            "pricelist_id": refs[self._get_pricelist_key(customer)],
            "client_order_ref": f"PO-{order.ordered:%y%m}-{refs_number(order.key)}",
            "state": order.state,
            "order_line": [
                Command.create(values)
                for values in self._prepare_order_lines(
                    order.lines, customer.currency, order.ordered.date(), refs
                )
            ],
        }

    @api.model
    def _prepare_order_lines(self, lines, currency, day, refs):
        rate = self._convert_dollar(currency, day, refs)
        return [
            {
                "product_id": refs[f"product_{line.product}"],
                "product_uom_qty": line.quantity,
                "price_unit": round(line.price * rate, 2),
                "discount": line.discount,
                "purchase_price": round(line.cost * rate, 2),
            }
            for line in lines
        ]

    @api.model
    def _convert_dollar(self, currency, day, refs):
        """Return the units of ``currency`` for one dollar of the plan on ``day``."""
        cache = refs.setdefault("rates", {})
        key = (currency, day.year, day.month)
        if key not in cache:
            company = self.env.company
            target = self.env["res.currency"].browse(refs["currencies"][currency])
            rate = company.currency_id._get_conversion_rate(
                company.currency_id, target, company, day
            )
            cache[key] = rate * self._get_dollar_rate(currency)
        return cache[key]

    @api.model
    def _build_deliveries(self, plan, refs):
        """Done delivery orders of the past, created as such: one batch, no reservation.

        Services have no picking: their delivered quantity is entered by hand.
        """
        warehouse = self._get_warehouse()
        orders = [item for item in plan.orders if item.delivered and item.part == 1]
        for start in range(0, len(orders), BATCH):
            batch = orders[start : start + BATCH]
            pickings, moves, services = [], [], {}
            for order in batch:
                sale = self.env["sale.order"].browse(refs[f"order_{order.key}"])
                goods = []
                for line, sold in zip(order.lines, sale.order_line, strict=True):
                    if sold.product_id.type == "service":
                        services[sold] = line.quantity
                    else:
                        goods.append((line, sold))
                if goods:
                    moment = datetime.combine(order.delivered, time(14, len(goods)))
                    pickings.append(self._prepare_picking(sale, moment, warehouse))
                    moves.append((goods, moment))
            created = self.env["stock.picking"].create(pickings)
            self.env["stock.move"].create(
                [
                    self._prepare_move(picking, line, sold, moment, refs)
                    for picking, (goods, moment) in zip(created, moves, strict=True)
                    for line, sold in goods
                ]
            )
            self._date_pickings(
                {
                    picking.id: moment
                    for picking, (_goods, moment) in zip(created, moves, strict=True)
                }
            )
            for sold, quantity in services.items():
                sold.qty_delivered = quantity

    @api.model
    def _date_pickings(self, dates):
        """Date done pickings and their moves: the ORM would stamp them with today."""
        pickings = self.env["stock.picking"].browse(dates)
        moves, lines = pickings.move_ids, pickings.move_line_ids
        self._backdate("stock.picking", "date_done", dates)
        self._backdate(
            "stock.move", "date", {move.id: dates[move.picking_id.id] for move in moves}
        )
        self._backdate(
            "stock.move.line",
            "date",
            {line.id: dates[line.picking_id.id] for line in lines},
        )

    @api.model
    def _prepare_picking(self, sale, moment, warehouse):
        kind = warehouse.out_type_id
        return {
            "partner_id": sale.partner_shipping_id.id,
            "picking_type_id": kind.id,
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            "origin": sale.name,
            "scheduled_date": sale.commitment_date,
            "date_deadline": sale.commitment_date,
            "date_done": moment,
            "company_id": self.env.company.id,
        }

    @api.model
    def _prepare_move(self, picking, line, sold, moment, refs):
        common = {
            "product_id": sold.product_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "company_id": self.env.company.id,
            "picking_id": picking.id,
            "date": moment,
        }
        lot = refs[f"lot_{line.product}_{line.lot}"] if line.lot else False
        detail = {
            "product_uom_id": sold.product_uom_id.id,
            "quantity": line.quantity,
            "lot_id": lot,
        }
        return common | {
            "product_uom": sold.product_uom_id.id,
            "product_uom_qty": line.quantity,
            "sale_line_id": sold.id,
            "date_deadline": sold.order_id.commitment_date,
            "origin": sold.order_id.name,
            "state": "done",
            "picked": True,
            "move_line_ids": [Command.create(common | detail)],
        }

    @api.model
    def _build_open_deliveries(self, plan, refs):
        """Create the orders under way, and deliver part of some of them."""
        self._ensure("sale.order", refs.pop("current_orders"), refs, BATCH)
        dates = {}
        for order in plan.orders:
            if not (order.delivered and order.part < 1):
                continue
            sale = self.env["sale.order"].browse(refs[f"order_{order.key}"])
            picking = sale.picking_ids.filtered(lambda item: item.state == "assigned")
            if len(picking) != 1:
                continue
            for move in picking.move_ids:
                move.quantity = round(move.product_uom_qty * order.part)
            picking.move_ids.picked = True
            picking.with_context(skip_sms=True)._action_done()
            dates[picking.id] = datetime.combine(order.delivered, time(13))
        self._date_pickings(dates)


def refs_number(key):
    """Return a stable four digit number for the customer's own order reference."""
    return (
        f"{sum(ord(sign) * (place + 7) for place, sign in enumerate(key)) % 10000:04d}"
    )
