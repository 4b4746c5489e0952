from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_b2b.tools import telesales

SHOWN = 4


class CrmPortalPersonal(models.AbstractModel):
    """What fits the customer whose contact is signed in.

    The contact has no right on suggestions, news or values. Each method asks for the
    contact's own company only, and then shows what it found (``sudo``).
    """

    _name = "crm.portal.personal"
    _description = "Personal Portal Page"

    @api.model
    def _get_account(self):
        return self.env.user.partner_id.commercial_partner_id

    @api.model
    def _get_page(self):
        """Values of the personal blocks of the page."""
        suggestions = self._get_suggestions()
        due = self._get_due_products()
        products = (
            self.env["product.product"]
            .sudo()
            .browse([row["product"].id for row in suggestions + due])
        )
        prices = self.env["crm.portal.premier"]._get_prices(products)
        return {
            "personal_suggestions": suggestions,
            "personal_due": due,
            "personal_prices": prices,
            "personal_dates": self._get_dates(),
            "personal_news": self._get_news(),
            "personal_trainings": self._get_trainings(),
        }

    # --- products -----------------------------------------------------------------

    @api.model
    def _get_suggestion_records(self):
        """Suggestions of the contact's company that it may buy, the best first."""
        account = self._get_account()
        rows = (
            self.env["crm.customer.suggestion"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", account.id),
                    ("company_id", "=", self.env.company.id),
                    ("product_id.active", "=", True),
                    ("product_id.sale_ok", "=", True),
                ],
                order="place, id",
                limit=SHOWN,
            )
        )
        return rows

    @api.model
    def _get_suggestions(self):
        """Product and reason: what the customer itself bought, nothing of others."""
        return [
            {"product": row.product_id, "reason": row._get_reason_for_customer()}
            for row in self._get_suggestion_records()
        ]

    @api.model
    def _get_due_products(self):
        """Products that are due by the rhythm of the orders the contact may see."""
        account = self._get_account()
        today = fields.Date.context_today(self)
        rows = self.env["crm.telesales"]._read_usual_basket(account)
        products = (
            self.env["product.product"]
            .sudo()
            .browse(rows)
            .filtered(lambda product: product.active and product.sale_ok)
        )
        found = []
        for product in products:
            row = rows[product.id]
            last = max(row["first"], row["last"])
            rhythm = telesales.rhythm(row["first"], last, row["orders"], today)
            if rhythm.state in ("due", "soon"):
                found.append(
                    {"product": product, "last": last, "due": rhythm.due}
                    | {"key": telesales.rank(rhythm, row["orders"])}
                )
        return sorted(found, key=lambda row: row["key"])[:SHOWN]

    # --- dates, news, trainings ---------------------------------------------------

    @api.model
    def _get_dates(self):
        """Care dates that concern the customer, of the next half year."""
        today = fields.Date.context_today(self)
        return (
            self.env["crm.care.date"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self._get_account().id),
                    ("company_id", "in", (self.env.company.id, False)),
                    ("is_public", "=", True),
                    ("date", ">=", today),
                    ("date", "<=", today + relativedelta(months=6)),
                ],
                order="date, id",
                limit=6,
            )
        )

    @api.model
    def _get_news(self):
        return (
            self.env["crm.news"]
            .sudo()
            ._find_for(self._get_account().sudo(), self.env.company, limit=5)
        )

    @api.model
    def _get_trainings(self):
        """Trainings to come, of the contact's company or of all."""
        return (
            self.env["event.event"]
            .sudo()
            .search(
                Domain("marketing_kind", "=", "training")
                & Domain("date_begin", ">", fields.Datetime.now())
                & Domain("company_id", "in", (self.env.company.id, False))
                & Domain("stage_id.pipe_end", "=", False),
                order="date_begin",
                limit=3,
            )
        )

    # --- what the contact does ------------------------------------------------------

    @api.model
    def _open_news(self, news_id):
        """The news when they are for this customer, else nothing; the click is kept."""
        news = (
            self.env["crm.news"]
            .sudo()
            ._find_for(self._get_account().sudo(), self.env.company)
        )
        news = news.filtered(lambda item: item.id == news_id)
        if news:
            self._record(news)
        return news

    @api.model
    def _ask(self, kind, record_id):
        """The contact asks about a suggested product or a training.

        Only what the page shows can be asked for. A task for the account's owner comes
        with the first question of the day.
        """
        if kind == "training":
            record = self._get_trainings()
        else:
            record = self._get_suggestion_records().product_id
        record = record.filtered(lambda item: item.id == record_id)
        if record and self._record(record, is_question=True):
            self._plan_answer(record)
        return record

    @api.model
    def _record(self, subjects, is_question=False):
        return (
            self.env["crm.interest"]
            .sudo()
            ._record(self.env.user.partner_id, subjects, "portal", is_question)
        )

    @api.model
    def _plan_answer(self, record):
        account = self._get_account().sudo()
        owner = account.user_id
        if owner:
            account.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "%(contact)s asks about %(subject)s",
                    contact=self.env.user.name,
                    subject=record.display_name,
                ),
                user_id=owner.id,
            )

    # --- preferences ----------------------------------------------------------------

    @api.model
    def _get_preferences(self):
        """Purposes with what the contact said last."""
        partner = self.env.user.partner_id.sudo()
        said = partner._get_consents()[partner]
        return [
            {
                "purpose": purpose,
                "agreed": self._is_agreed(purpose, said.get(purpose)),
                "date": said[purpose].date if purpose in said else None,
            }
            for purpose in self.env["crm.marketing.purpose"].sudo().search([])
        ]

    @api.model
    def _is_agreed(self, purpose, consent):
        if consent:
            return consent.state == "granted"
        return purpose.basis == "opt_out"

    @api.model
    def _save_preferences(self, agreed_ids, channel, frequency):
        """Keep what the contact wants: only the contact's own record is written."""
        partner = self.env.user.partner_id.sudo()
        for row in self._get_preferences():
            agrees = row["purpose"].id in agreed_ids
            if agrees != row["agreed"]:
                state = "granted" if agrees else "withdrawn"
                partner._record_consent(row["purpose"], state, "portal")
        values = {
            name: value
            for name, value in (
                ("marketing_channel", channel),
                ("marketing_frequency", frequency),
            )
            if value in dict(partner._fields[name]._description_selection(self.env))
        }
        if values:
            partner.write(values)
