from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .desk_common import DeskCase


@tagged("post_install", "-at_install")
class TestServiceAsset(DeskCase):
    def deliver(self, product, serial, partner=None, back=False):
        """Validate a delivery (or a receipt from the customer) of one serial number."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        lots = self.env["stock.lot"]
        lot = lots.search([("name", "=", serial), ("product_id", "=", product.id)])
        if not lot:
            lot = lots.create({"name": serial, "product_id": product.id})
            self.env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 1, lot_id=lot
            )
        customers = self.env.ref("stock.stock_location_customers")
        places = (warehouse.lot_stock_id, customers)
        source, destination = reversed(places) if back else places
        picking = self.env["stock.picking"].create(
            {
                "partner_id": (partner or self.partner).id,
                "picking_type_id": (
                    warehouse.in_type_id if back else warehouse.out_type_id
                ).id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        move = picking.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "picking_id": picking.id,
                }
            )
        ]
        move.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return lot, picking

    def find(self, lot):
        return self.env["service.asset"].search([("lot_id", "=", lot.id)])

    def test_a_delivery_opens_an_installed_product_with_its_warranty(self):
        """Covers: SRV-06"""
        site = self.env["res.partner"].create(
            {"name": "Plant 2", "parent_id": self.partner.id, "type": "delivery"}
        )
        lot, picking = self.deliver(self.product(), "SN-1", site)
        today = fields.Date.context_today(picking)
        self.assertRecordValues(
            self.find(lot),
            [
                {
                    "partner_id": self.partner.id,
                    "site_id": site.id,
                    "picking_id": picking.id,
                    "state": "delivered",
                    "delivery_date": today,
                    "warranty_end": today + relativedelta(months=12, days=-1),
                }
            ],
        )
        self.assertEqual(self.partner.service_asset_count, 1)
        self.assertEqual(lot.service_asset_count, 1)
        self.assertEqual(lot.product_id.service_asset_count, 1)
        self.assertIn(picking.name, self.find(lot).timeline)

    def test_products_that_are_not_flagged_stay_out(self):
        product = self.product(service_installed_base=False)
        lot, _picking = self.deliver(product, "SN-2")
        self.assertFalse(self.find(lot))

    def test_a_stock_user_without_service_rights_can_validate(self):
        """Covers: SRV-06"""
        user = new_test_user(
            self.env, "desk_stock", groups="stock.group_stock_user,base.group_user"
        )
        env = self.env
        product = self.product()
        try:
            self.env = self.env(user=self.env.ref("base.user_admin"))
            lot, picking = self.deliver(product, "SN-3")
        finally:
            self.env = env
        self.assertTrue(self.find(lot))
        self.assertFalse(self.env["service.asset"].with_user(user).has_access("create"))

    def test_what_comes_back_is_no_longer_installed_and_can_be_sold_again(self):
        product = self.product()
        lot, _picking = self.deliver(product, "SN-4")
        self.deliver(product, "SN-4", back=True)
        self.assertEqual(self.find(lot).state, "returned")
        other = self.customer("Second owner")
        self.deliver(product, "SN-4", other)
        self.assertEqual(
            self.find(lot).sorted("id").mapped("state"), ["returned", "delivered"]
        )
        self.assertEqual(self.find(lot).sorted("id")[-1].partner_id, other)

    def test_a_serial_number_is_installed_once(self):
        product = self.product()
        lot = self.env["stock.lot"].create({"name": "SN-5", "product_id": product.id})
        self.asset(product=product, lot_id=lot.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.asset(product=product, lot_id=lot.id)

    @freeze_time("2026-05-04")
    def test_warranty_counts_from_commissioning_and_ends_the_day_before(self):
        asset = self.asset(delivery_date=date(2026, 1, 31))
        self.assertEqual(asset.warranty_end, date(2027, 1, 30))
        asset.action_commission()
        self.assertEqual(asset.state, "active")
        self.assertEqual(asset.warranty_end, date(2027, 5, 3))
        self.assertEqual(asset.warranty_state, "running")

    @freeze_time("2026-05-04")
    def test_a_replacement_inherits_the_rest_of_the_warranty_and_the_parts(self):
        """Covers: SRV-06"""
        old = self.asset(delivery_date=date(2025, 8, 1))
        part = self.asset(parent_id=old.id)
        lot = self.env["stock.lot"].create(
            {"name": "SN-6", "product_id": old.product_id.id}
        )
        wizard = Form(
            self.env["service.asset.replace"].with_context(default_asset_id=old.id)
        )
        wizard.lot_id = lot
        wizard.save().action_replace()
        new = old.replaced_by_id
        self.assertEqual(old.state, "replaced")
        self.assertEqual(new.warranty_end, date(2026, 7, 31))
        self.assertEqual(part.parent_id, new)
        new.commissioned_date = date(2026, 6, 1)
        self.assertEqual(new.warranty_end, date(2026, 7, 31))
        with self.assertRaises(UserError):
            old._replace(lot)

    def test_a_product_cannot_be_a_part_of_itself(self):
        asset = self.asset()
        part = self.asset(parent_id=asset.id)
        with self.assertRaises(UserError):
            asset.parent_id = part

    def test_a_portal_user_sees_the_products_of_his_company_only(self):
        """Covers: SRV-13"""
        portal = new_test_user(
            self.env,
            "desk_portal",
            groups="base.group_portal",
            partner_id=self.env["res.partner"]
            .create({"name": "Buyer", "parent_id": self.partner.id})
            .id,
        )
        mine = self.asset()
        other = self.asset(partner_id=self.customer("Competitor").id)
        seen = self.env["service.asset"].with_user(portal).search([])
        self.assertIn(mine, seen)
        self.assertNotIn(other, seen)
