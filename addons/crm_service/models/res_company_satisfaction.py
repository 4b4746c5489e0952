from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: A contact is asked again after so many days.
REPEAT_DAYS = 365
#: What counts as a customer of today: an order within so many days.
ORDER_DAYS = 365


class ResCompany(models.Model):
    """The yearly survey: who is asked, in batches, once a year."""

    _inherit = "res.company"

    service_rating = fields.Boolean(
        "Ask for ratings",
        default=True,
        help="After each closed request and each visit, its contact is asked once.",
    )
    service_survey = fields.Boolean(
        "Yearly survey",
        help="Contacts of customers with a contract or orders are asked once a year "
        "whether they would buy again and recommend us.",
    )
    service_survey_batch = fields.Integer(
        "Surveys a day",
        default=50,
        help="So many contacts are asked a day, those who wait longest first.",
    )
    service_satisfaction_user_id = fields.Many2one(
        "res.users",
        "Looks after low scores",
        domain=[("share", "=", False)],
        help="Gets an activity for each low score, where the team has no leader.",
    )

    _service_survey_batch = models.Constraint(
        "CHECK (service_survey_batch > 0)", "At least one survey is sent a day."
    )

    def _get_satisfaction_manager(self):
        """Return who looks after low scores: as set, else a manager of the company."""
        self.ensure_one()
        if self.service_satisfaction_user_id:
            return self.service_satisfaction_user_id
        group = self.env.ref("crm_service.group_service_manager")
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.ids),
                ("share", "=", False),
                ("id", "!=", self.env.ref("base.user_root").id),
            ],
            order="id",
            limit=1,
        )

    # -- who is asked ------------------------------------------------------------------

    def _get_survey_customers(self):
        """Return the customers with a running contract or an order of the last year."""
        self.ensure_one()
        contracts = self.env["contract.contract"]._read_group(
            [
                ("company_id", "=", self.id),
                ("contract_type", "=", "sale"),
                ("state", "=", "active"),
            ],
            ["commercial_partner_id"],
        )
        since = fields.Datetime.now() - timedelta(days=ORDER_DAYS)
        orders = self.env["sale.order"]._read_group(
            [
                ("company_id", "=", self.id),
                ("state", "=", "sale"),
                ("date_order", ">=", since),
            ],
            ["partner_id.commercial_partner_id"],
        )
        return self.env["res.partner"].union(
            *(partner for [partner] in [*contracts, *orders])
        )

    def _get_survey_contacts(self, limit):
        """Return the contacts to ask now.

        Persons of the customer with an address, or the customer itself where there is
        none; not those who were asked within the year, by whichever company.
        """
        customers = self._get_survey_customers()
        asked = self.env["survey.user_input"]._search(self._get_asked_domain())
        wanted = (
            Domain("email", "!=", False)
            & Domain("service_no_survey", "=", False)
            & Domain("is_blacklisted", "=", False)
            & Domain("partner_share", "=", True)
        )
        partners = self.env["res.partner"]
        persons = (
            Domain("commercial_partner_id", "in", customers.ids)
            & Domain("type", "=", "contact")
            & Domain("is_company", "=", False)
        )
        with_person = partners.search(persons & wanted).commercial_partner_id
        alone = Domain("id", "in", (customers - with_person).ids)
        new = Domain("id", "not in", asked.subselect("partner_id"))
        return partners.search(
            wanted & (persons | alone) & new, order="id", limit=limit
        )

    def _get_asked_domain(self):
        since = fields.Datetime.now() - timedelta(days=REPEAT_DAYS)
        return (
            Domain("service_company_id", "!=", False)
            & Domain("partner_id", "!=", False)
            & Domain("create_date", ">", since)
        )

    def _get_survey_product_lines(self, partners):
        """Return {customer: product line most was invoiced of in a year}."""
        since = fields.Date.context_today(self) - timedelta(days=ORDER_DAYS)
        rows = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.id),
                ("parent_state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("display_type", "=", "product"),
                ("date", ">=", since),
                (
                    "move_id.commercial_partner_id",
                    "in",
                    partners.commercial_partner_id.ids,
                ),
                ("product_id.categ_id", "!=", False),
            ],
            ["move_id.commercial_partner_id", "product_id.categ_id"],
            ["balance:sum"],
        )
        best = {}
        for partner, categ, balance in rows:
            # income is negative in the ledger
            if balance < best.get(partner, (None, 0.0))[1]:
                best[partner] = (categ, balance)
        return {partner: categ for partner, (categ, _balance) in best.items()}

    # -- sending -----------------------------------------------------------------------

    @api.model
    def _cron_send_surveys(self):
        """Send the day's batch of each company; each contact is a transaction."""
        survey = self.env["survey.survey"].search(
            [("service_relationship", "=", True)], order="id", limit=1
        )
        if not survey:
            return
        commit = self.env["ir.cron"]._commit_progress
        for company in self.search([("service_survey", "=", True)]):
            company = company.with_company(company)
            left = company.service_survey_batch - company._count_surveys_today()
            contacts = (
                company._get_survey_contacts(left)
                if left > 0
                else company.partner_id.browse()
            )
            lines = company._get_survey_product_lines(contacts)
            commit(remaining=len(contacts))
            for contact in contacts:
                categ = lines.get(contact.commercial_partner_id)
                company._send_survey(survey, contact, categ)
                if not commit(1):
                    return

    def _count_surveys_today(self):
        return self.env["survey.user_input"].search_count(
            [("service_company_id", "=", self.id), ("create_date", ">=", "today")]
        )

    def _send_survey(self, survey, contact, categ):
        """Ask ``contact`` unless he was asked meanwhile; the lock makes it sure."""
        self.ensure_one()
        answers = self.env["survey.user_input"]
        if not contact.try_lock_for_update():
            return answers
        asked = self._get_asked_domain() & Domain("partner_id", "=", contact.id)
        if answers.search_count(asked, limit=1):
            return answers
        lang = self.env["res.lang"]._lang_get(contact.lang or self.partner_id.lang)
        answer = survey._create_answer(
            partner=contact,
            service_company_id=self.id,
            service_categ_id=categ.id if categ else False,
            lang_id=lang.id,
            deadline=fields.Datetime.now() + timedelta(days=30),
        )
        self.env.ref("crm_service.mail_template_survey").send_mail(
            answer.id, email_layout_xmlid="mail.mail_notification_light"
        )
        return answer
