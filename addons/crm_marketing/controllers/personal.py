from odoo.http import request, route

from odoo.addons.crm_b2b.controllers.premier import PremierPortal


class PersonalPortal(PremierPortal):
    """What fits this customer, on the premier page; clicks count as interest."""

    def _prepare_premier_values(self):
        return (
            super()._prepare_premier_values()
            | request.env["crm.portal.personal"]._get_page()
        )

    def _get_premier_notice(self, code):
        return {
            "asked": request.env._(
                "Thank you. Your account manager will get in touch with you."
            ),
            "preferences": request.env._("Your preferences were saved."),
        }.get(code) or super()._get_premier_notice(code)

    @route("/my/premier/news/<int:news_id>", type="http", auth="user", website=True)
    def portal_personal_news(self, news_id, **kw):
        news = request.env["crm.portal.personal"]._open_news(news_id)
        if not news:
            raise request.not_found()
        return request.render(
            "crm_marketing.portal_news",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "personal_news",
                "news": news,
            },
        )

    @route(
        "/my/premier/suggestion/<int:product_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_personal_suggestion(self, product_id, notice="", **kw):
        personal = request.env["crm.portal.personal"]
        rows = personal._get_suggestions()
        rows = [row for row in rows if row["product"].id == product_id]
        if not rows:
            raise request.not_found()
        product = rows[0]["product"]
        personal._record(product)
        return request.render(
            "crm_marketing.portal_suggestion",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "personal_suggestion",
                "product": product,
                "reason": rows[0]["reason"],
                "prices": request.env["crm.portal.premier"]._get_prices(product),
                "notice": self._get_premier_notice(notice),
            },
        )

    @route(
        "/my/premier/ask/<string:kind>/<int:record_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_personal_ask(self, kind, record_id, **kw):
        if kind not in ("product", "training"):
            raise request.not_found()
        record = request.env["crm.portal.personal"]._ask(kind, record_id)
        if not record:
            raise request.not_found()
        if kind == "product":
            return request.redirect(f"/my/premier/suggestion/{record.id}?notice=asked")
        return request.redirect("/my/premier?notice=asked")

    @route(
        "/my/premier/preferences",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_personal_preferences(self, notice="", **kw):
        partner = request.env.user.partner_id.sudo()  # the contact's own record
        return request.render(
            "crm_marketing.portal_preferences",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "personal_preferences",
                "preferences": request.env["crm.portal.personal"]._get_preferences(),
                "channels": self._get_choices(partner, "marketing_channel"),
                "frequencies": self._get_choices(partner, "marketing_frequency"),
                "contact": partner,
                "notice": self._get_premier_notice(notice),
            },
        )

    def _get_choices(self, partner, name):
        return partner._fields[name]._description_selection(request.env)

    @route(
        "/my/premier/preferences",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_personal_preferences_save(self, channel="", frequency="", **post):
        agreed = {
            int(purpose)
            for purpose in request.httprequest.form.getlist("purpose")
            if purpose.isdigit()
        }
        request.env["crm.portal.personal"]._save_preferences(agreed, channel, frequency)
        return request.redirect("/my/premier/preferences?notice=preferences")
