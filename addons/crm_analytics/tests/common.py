from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ValueCommon(AccountTestInvoicingCommon):
    """Customers, documents and refreshes of an own company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.product_a.standard_price = 0
        cls.env.cr.execute(  # it never had another cost
            "DELETE FROM crm_product_cost WHERE product_id = %s", [cls.product_a.id]
        )
        cls.as_of = fields.Date.from_string("2026-06-30")
        cls.Run = cls.env["crm.value.run"]
        cls.Value = cls.env["crm.customer.value"]

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("crm_analytics.group_manager")
            | cls.env.ref("base.group_partner_manager")
        )

    @classmethod
    def customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def day(cls, months=0, days=0):
        """The as-of date moved back."""
        return cls.as_of - relativedelta(months=months, days=days)

    @classmethod
    def document(cls, partner, date, amount, move_type="out_invoice", **values):
        """A posted customer document with one untaxed line."""
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": date,
                "date": date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": values.pop("product", cls.product_a).id,
                            "quantity": values.pop("quantity", 1),
                            "price_unit": amount,
                            "discount": values.pop("discount", 0),
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def rate(cls, record, partner, mark, day):
        """An answer that was given on ``day``."""
        rating = (
            cls.env["rating.rating"]
            .sudo()
            .create(
                {
                    "res_model_id": cls.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "partner_id": partner.id,
                    "rating": mark,
                    "consumed": True,
                }
            )
        )
        rating.flush_recordset()
        cls.env.cr.execute(
            "UPDATE rating_rating SET rated_on = %s WHERE id = %s", [day, rating.id]
        )
        rating.invalidate_recordset()
        return rating

    @classmethod
    def refresh(cls, kind="incremental", as_of=None, company=None):
        cls.env.flush_all()
        run = cls.Run._start(company or cls.company, kind, as_of or cls.as_of)
        return run

    @classmethod
    def value(cls, partner, company=None):
        return cls.Value.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or cls.company).id),
            ]
        )

    @classmethod
    def tables(cls, company=None):
        """Content of the fact and value tables but for ids and runs."""
        content = {}
        for model in (
            "crm.customer.fact",
            "crm.customer.month",
            "crm.customer.value",
            "crm.customer.bridge",
            "crm.customer.flow",
            "crm.customer.suggestion",
        ):
            Model = cls.env[model]
            columns = [
                name
                for name, field in Model._fields.items()
                if field.store and field.column_type and name != "id"
            ]
            cls.env.cr.execute(
                f"SELECT {', '.join(columns)} FROM {Model._table}"
                " WHERE company_id = %s ORDER BY partner_id"
                + (", month" if "month" in columns else "")
                + (", date, kind" if "date" in columns else "")
                + (", place" if "place" in columns else ""),
                [(company or cls.company).id],
            )
            content[model] = [
                dict(zip(columns, row, strict=True)) for row in cls.env.cr.fetchall()
            ]
        return content
