from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .test_concurrency import RealCursors

AUTHORISE = """
    case = env["service.return"].browse(int(sys.argv[2]))
    say(f"sees {case.line_ids.quantity_rest:g}")
    sys.stdin.readline()
    try:
        retrying(case.action_authorise, env)
        say("authorised")
    except UserError:
        say("refused")
        cr.rollback()
"""


@tagged("post_install", "-at_install", "real_processes")
class TestSameRest(RealCursors):
    """Two users, two connections, ten delivered, each wants six back."""

    def make(self, env):
        company = env.ref("base.main_company")
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        partner = env["res.partner"].create({"name": "Committed customer"})
        product = env["product.product"].create(
            {"name": "Committed drum", "type": "consu", "is_storable": False}
        )
        out = warehouse.out_type_id
        place = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": partner.property_stock_customer.id,
        }
        picking = env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": out.id,
                "company_id": company.id,
                **place,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom": product.uom_id.id,
                            "product_uom_qty": 10,
                            "company_id": company.id,
                            **place,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = 10
        picking.move_ids.picked = True
        picking._action_done()
        cases = env["service.return"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "move_id": picking.move_ids.id,
                                "quantity": 6,
                            }
                        )
                    ],
                }
                for _twice in range(2)
            ]
        )
        self.partner_id, self.product_id = partner.id, product.id
        self.case_ids = cases.ids

    def clean(self):
        statements = (
            "DELETE FROM service_return_line WHERE product_id = %(product)s",
            "DELETE FROM service_return WHERE partner_id = %(partner)s",
            "DELETE FROM stock_move_line WHERE product_id = %(product)s",
            "DELETE FROM stock_move WHERE product_id = %(product)s",
            "DELETE FROM stock_picking WHERE partner_id = %(partner)s",
            "DELETE FROM mail_message WHERE model = 'helpdesk.ticket' AND res_id IN "
            "(SELECT id FROM helpdesk_ticket WHERE partner_id = %(partner)s)",
            "DELETE FROM helpdesk_ticket WHERE partner_id = %(partner)s",
        )
        with self.environment() as env:
            for statement in statements:
                env.cr.execute(
                    SQL(statement, product=self.product_id, partner=self.partner_id)
                )
            env.invalidate_all()
            env["product.product"].browse(self.product_id).unlink()
            env["res.partner"].browse(self.partner_id).action_archive()

    def test_one_of_two_users_gets_the_rest(self):
        """Both have read that ten can come back before either of them authorises.

        Covers: SRV-09
        """
        users = [
            user
            for case_id in self.case_ids
            for user in self.start(AUTHORISE, case_id, 1)
        ]
        self.assertEqual([user.first_words for user in users], ["sees 10"] * 2)
        self.go(users)
        self.assertEqual(self.finish(users), ["authorised", "refused"])
        with self.environment() as env:
            cases = env["service.return"].browse(self.case_ids)
            self.assertEqual(sorted(cases.mapped("state")), ["authorised", "draft"])
            self.assertEqual(cases.line_ids[0].quantity_rest, 4)
