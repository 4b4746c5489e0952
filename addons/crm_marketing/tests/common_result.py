from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ResultCommon(AccountTestInvoicingCommon):
    """A company with a campaign, an activity that costs, and people of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.today = fields.Date.context_today(cls.env.user)
        cls.product_a.write(
            {
                "type": "service",
                "invoice_policy": "order",
                "standard_price": 40,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )
        # it never had another cost
        cls.env["crm.product.cost"].search(
            [("product_id", "=", cls.product_a.id)]
        ).unlink()
        cls.campaign = cls.env["utm.campaign"].create(
            {"title": "Primer offer", "company_id": cls.company.id}
        )
        cls.plan = cls.env["crm.marketing.plan"].create(
            {
                "name": "Half-year",
                "date_from": cls.today - relativedelta(months=3),
                "date_to": cls.today + relativedelta(months=3),
                "budget": 1000,
            }
        )
        cls.kind = cls.env.ref("crm_marketing.activity_type_mail")
        cls.activity = cls.make_activity("Mailing", 400, campaign_id=cls.campaign.id)
        cls.marketer = cls.person("mk_user", "mass_mailing.group_mass_mailing_user")
        cls.seller = cls.person("mk_seller", "sales_team.group_sale_salesman")
        cls.chief = cls.person("mk_chief", "crm_marketing.group_manager")

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("crm_marketing.group_manager")
            | cls.env.ref("event.group_event_manager")
            | cls.env.ref("base.group_partner_manager")
        )

    @classmethod
    def person(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            email=f"{login}@example.com",
        )

    @classmethod
    def make_activity(cls, name, planned, **values):
        activity = cls.env["crm.marketing.activity"].create(
            {
                "name": name,
                "plan_id": cls.plan.id,
                "type_id": cls.kind.id,
                "planned_cost": planned,
                **values,
            }
        )
        activity.action_make_account()
        return activity

    @classmethod
    def customer(cls, name="Coatings Ltd.", **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def sell(cls, partner, quantity=10, price=100, invoice=True, **values):
        """A confirmed order, invoiced unless told otherwise."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product_a.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        if invoice:
            move = order._create_invoices()
            move.invoice_date = cls.today
            move.action_post()
        return order

    @classmethod
    def document(cls, partner, amount, move_type="out_invoice", date=None, **line):
        """A posted document with one line without taxes."""
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": date or cls.today,
                "date": date or cls.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.product_a.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            **line,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def bill(cls, amount, activity=None, share=100, move_type="in_invoice", **line):
        """A posted vendor bill that names the activity's analytic account."""
        account = (activity or cls.activity).analytic_account_id
        return cls.document(
            cls.partner_b,
            amount,
            move_type,
            analytic_distribution={str(account.id): share},
            **line,
        )

    @classmethod
    def figures(cls, campaign=None):
        """Lead, deal, order counts, then ordered, invoiced, margin, cost and return."""
        campaign = campaign or cls.campaign
        cls.env.flush_all()
        campaign.invalidate_recordset()
        return (
            campaign.result_lead_count,
            campaign.result_deal_count,
            campaign.result_order_count,
            campaign.result_order_amount,
            campaign.result_revenue,
            campaign.result_margin,
            campaign.result_cost,
            campaign.result_roi,
        )
