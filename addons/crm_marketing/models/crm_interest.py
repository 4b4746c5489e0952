from odoo import api, fields, models
from odoo.tools import SQL

SUBJECTS = {
    "product.product": "product_id",
    "crm.news": "news_id",
    "event.event": "event_id",
}


class CrmInterest(models.Model):
    """A contact looked at something: once a day and subject, however often clicked."""

    _name = "crm.interest"
    _description = "Interest of a Contact"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        related="commercial_partner_id.user_id", string="Salesperson"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [("product", "Product"), ("news", "News"), ("event", "Training or Fair")],
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    news_id = fields.Many2one(
        "crm.news", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    event_id = fields.Many2one("event.event", readonly=True, ondelete="cascade")
    source = fields.Selection(
        [("portal", "Customer Portal"), ("fair", "Trade Fair"), ("mail", "Mail")],
        required=True,
        readonly=True,
    )
    is_question = fields.Boolean(
        "Asked Us", readonly=True, help="The contact asked to hear from us."
    )

    _once_uniq = models.UniqueIndex(
        "(partner_id, date, coalesce(product_id, 0), coalesce(news_id, 0),"
        " coalesce(event_id, 0))",
        "The interest of a day is kept once.",
    )

    @api.model
    def _record(self, partner, subjects, source="portal", is_question=False):
        """Keep the interest in some records; the number of new rows.

        Callers say what the contact did: the contact has no right on the table.
        """
        column = SUBJECTS[subjects._name]
        if not subjects:
            return 0
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_interest AS i
                       (partner_id, commercial_partner_id, company_id, date, kind, %s,
                        source, is_question)
                SELECT %s, %s, %s, %s, %s, subject, %s, %s FROM unnest(%s) AS subject
           ON CONFLICT (partner_id, date, coalesce(product_id, 0),
                        coalesce(news_id, 0), coalesce(event_id, 0))
             DO UPDATE SET is_question = TRUE
                     WHERE excluded.is_question AND NOT i.is_question
             RETURNING id
                """,
                SQL.identifier(column),
                partner.id,
                partner.commercial_partner_id.id or partner.id,
                self.env.company.id,
                fields.Date.context_today(self),
                column.removesuffix("_id"),
                source,
                is_question,
                subjects.ids,
            )
        )
        self.invalidate_model()
        return len(rows)
