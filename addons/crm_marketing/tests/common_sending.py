from odoo.fields import Command
from odoo.tests import TransactionCase

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class SendingCommon(TransactionCase):
    """Customers of the tests' own, with values and contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **QUIET))
        cls.company = cls.env.company
        cls.company.write({"marketing_cap_count": 0, "marketing_cap_days": 30})
        cls.industry = cls.env["res.partner.industry"].create({"name": "Test boats"})
        cls.purpose = cls.env["crm.marketing.purpose"].create(
            {"name": "Test news", "code": "test_news", "basis": "opt_out"}
        )
        cls.seller = cls.env["res.users"].create(
            {
                "name": "Test seller",
                "login": "mkt_seller",
                "email": "seller@ours.example",
                "group_ids": [
                    Command.link(cls.env.ref("sales_team.group_sale_salesman").id)
                ],
            }
        )
        cls.ada = cls.account("Ada", "growth", "545", user_id=cls.seller.id)
        cls.bob = cls.account("Bob", "most_valuable", "555")
        cls.cyn = cls.account("Cyn", "dormant", "111")

    @classmethod
    def account(cls, name, value_class=None, cell=None, **values):
        partner = cls.env["res.partner"].create(
            {
                "name": f"{name} Works",
                "is_company": True,
                "email": f"office@{name.lower()}.example",
                "industry_id": cls.industry.id,
                "lang": "en_US",
                **values,
            }
        )
        if value_class:
            cls.env["crm.customer.value"].create(
                {
                    "company_id": cls.company.id,
                    "partner_id": partner.id,
                    "value_class": value_class,
                    "cell": cell,
                    "tier": "2",
                    "lifecycle": "growth",
                }
            )
        return partner

    @classmethod
    def contact(cls, account, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": account.id,
                "email": f"{name.lower()}@{account.email.split('@')[1]}",
                "lang": "en_US",
                **values,
            }
        )

    @classmethod
    def options(cls, kind, *codes):
        return cls.env["crm.audience.option"].search(
            [("kind", "=", kind), ("code", "in", codes)]
        )

    @classmethod
    def audience(cls, **values):
        """An audience among the customers of the tests."""
        return cls.env["crm.audience"].create(
            {
                "name": "Test audience",
                "industry_ids": [Command.link(cls.industry.id)],
                "holdout_percent": 0,
                "preview_purpose_id": cls.purpose.id,
                **values,
            }
        )

    @classmethod
    def mailing(cls, **values):
        return cls.env["mailing.mailing"].create(
            {
                "subject": "Test mailing",
                "email_from": "news@ours.example",
                "purpose_id": cls.purpose.id,
                "mailing_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "body_html": "<p>Hello</p>",
                "body_arch": "<p>Hello</p>",
                "keep_archives": True,
                **values,
            }
        )

    @classmethod
    def members(cls, audience, purpose=None):
        """{contact: reason or None} of an audience as it is now."""
        cls.env.flush_all()
        cls.env.cr.execute(
            audience._get_members_query(purpose or cls.purpose),
        )
        return {
            cls.env["res.partner"].browse(row[0]): row[-1]
            for row in cls.env.cr.fetchall()
        }

    def sent_to(self, mailing):
        """Addresses for which a mail was made."""
        return set(
            mailing.mailing_trace_ids.filtered(
                lambda trace: trace.trace_status != "cancel"
            ).mapped("email")
        )
