from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class OrderToCashCommon(AccountTestInvoicingCommon):
    """A company with accounts, one customer with a contact, one product without tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env.user.group_ids += cls.env.ref("stock.group_stock_manager")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Coatings Ltd.", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann Buyer", "parent_id": cls.customer.id}
        )
        cls.resin = cls.env["product.product"].create(
            {
                "name": "Resin",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.seller = new_test_user(
            cls.env,
            "otc_seller",
            "sales_team.group_sale_salesman",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def deal(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Resin for the new line",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def quote(cls, quantity=10, price=100.0, confirm=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.contact.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.resin.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def invoice(cls, order, due=None, **values):
        move = order._create_invoices(**values)
        if due:
            move.write({"invoice_date": due, "invoice_payment_term_id": False})
            move.invoice_date_due = due
        else:
            move.invoice_date = fields.Date.today()
        move.action_post()
        return move

    @classmethod
    def pay(cls, move, amount=None):
        values = {"amount": amount} if amount else {}
        cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create(values)._create_payments()

    @classmethod
    def figures(cls, record):
        """Return {step: amount} of the record, read afresh."""
        record.invalidate_recordset(["order_to_cash"])
        value = record.order_to_cash
        return {s["key"]: s["amount"] for s in value["steps"]} if value else value
