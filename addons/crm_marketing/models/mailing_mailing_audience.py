from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class MailingMailing(models.Model):
    """A mailing to an audience; the core prepares, sends and follows the mails."""

    _inherit = "mailing.mailing"  # pylint: disable=consider-merging-classes-inherited

    audience_id = fields.Many2one(
        "crm.audience",
        compute="_compute_audience_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Instead of a list or filter: frozen when the mailing is sent.",
    )
    purpose_id = fields.Many2one(
        "crm.marketing.purpose",
        compute="_compute_purpose_id",
        store=True,
        readonly=False,
        tracking=True,
        help="Consent to it, and the limit of mails per contact, are respected.",
    )
    snapshot_id = fields.Many2one(
        "crm.audience.snapshot",
        "Frozen Audience",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    mailing_company_id = fields.Many2one(
        "res.company", compute="_compute_mailing_company_id", string="Company"
    )

    @api.depends("campaign_id.audience_id", "mailing_model_id")
    def _compute_audience_id(self):
        """The campaign's audience, in a draft to contacts."""
        for mailing in self:
            audience = mailing.campaign_id.audience_id
            follows = audience and mailing._follows_campaign()
            mailing.audience_id = audience if follows else mailing.audience_id

    @api.depends("campaign_id.purpose_id", "mailing_model_id")
    def _compute_purpose_id(self):
        """The campaign's purpose, in a draft."""
        for mailing in self:
            purpose = mailing.state == "draft" and mailing.campaign_id.purpose_id
            mailing.purpose_id = purpose or mailing.purpose_id

    def _follows_campaign(self):
        self.ensure_one()
        return self.state == "draft" and self.mailing_model_real == "res.partner"

    @api.depends("audience_id", "campaign_id", "user_id")
    def _compute_mailing_company_id(self):
        for mailing in self:
            mailing.mailing_company_id = (
                mailing.audience_id.company_id
                or mailing.campaign_id.company_id
                or mailing.user_id.company_id
                or self.env.company
            )

    @api.constrains("audience_id", "mailing_model_id", "campaign_id")
    def _check_audience(self):
        for mailing in self.filtered("audience_id"):
            if mailing.mailing_model_real != "res.partner":
                raise ValidationError(
                    self.env._(
                        "%(mailing)s goes to an audience: its recipients are contacts.",
                        mailing=mailing.subject,
                    )
                )
            of_campaign = mailing.campaign_id.audience_id
            if of_campaign and of_campaign != mailing.audience_id:
                raise ValidationError(
                    self.env._(
                        "%(campaign)s is measured on the audience %(audience)s; its"
                        " mailings go to the same one.",
                        campaign=mailing.campaign_id.title,
                        audience=of_campaign.name,
                    )
                )

    @api.onchange("audience_id")
    def _onchange_audience_id(self):
        if self.audience_id:
            self.mailing_model_id = self.env["ir.model"]._get("res.partner")

    @api.model_create_multi
    def create(self, vals_list):
        contacts = self.env["ir.model"]._get_id("res.partner")
        Campaign = self.env["utm.campaign"]
        for vals in vals_list:
            if vals.get("audience_id") or (
                "mailing_model_id" not in vals
                and Campaign.browse(vals.get("campaign_id")).audience_id
            ):
                vals.setdefault("mailing_model_id", contacts)
        return super().create(vals_list)

    # --- sending ------------------------------------------------------------

    def action_put_in_queue(self):
        for mailing in self:
            if mailing.audience_id and not mailing.purpose_id:
                raise UserError(
                    self.env._(
                        "Say what %(mailing)s is for: choose its purpose, so that the"
                        " consent of the contacts can be respected.",
                        mailing=mailing.subject,
                    )
                )
        return super().action_put_in_queue()

    @api.model
    def _process_mass_mailing_queue(self):
        """Freeze the audiences of the mailings that are due, then send them."""
        due = self.search(
            [
                ("state", "in", ("in_queue", "sending")),
                ("audience_id", "!=", False),
                ("snapshot_id", "=", False),
                "|",
                ("schedule_date", "<", fields.Datetime.now()),
                ("schedule_date", "=", False),
            ]
        )
        due._freeze_audience()
        return super()._process_mass_mailing_queue()

    def _action_send_mail(self, res_ids=None):
        self._check_not_to_everybody()
        self._freeze_audience()
        return super()._action_send_mail(res_ids)

    def _freeze_audience(self):
        """Give each mailing to an audience its frozen one, drawn once."""
        for mailing in self:
            if mailing.snapshot_id or not mailing.audience_id:
                continue
            if mailing.campaign_id.audience_id:
                mailing.snapshot_id = mailing.campaign_id._freeze_audience()
            else:
                mailing.snapshot_id = mailing._get_snapshot_of_test() or self.env[
                    "crm.audience.snapshot"
                ]._freeze(mailing.audience_id, mailing.purpose_id, mailing=mailing)

    def _get_snapshot_of_test(self):
        """Frozen for another version of an A/B test: the same are held out in all."""
        if not self.ab_testing_enabled:
            return self.snapshot_id
        self.campaign_id.lock_for_update()
        versions = self._get_ab_testing_siblings_mailings() - self
        return versions.snapshot_id.filtered(
            lambda snapshot: snapshot.audience_id == self.audience_id
        )[:1]

    def _get_recipients_domain(self):
        """The frozen audience; before sending, the audience as it is now."""
        if not self.audience_id:
            lost = self.has_lost_audience
            return Domain.FALSE if lost else super()._get_recipients_domain()
        snapshot = self.snapshot_id or self.campaign_id.snapshot_id
        if snapshot:
            return Domain("id", "in", snapshot._get_recipient_query())
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT partner_id FROM (%s) m WHERE excluded_reason IS NULL)",
                self.audience_id._get_members_query(self.purpose_id),
            ),
        )

    # --- who may not get it -------------------------------------------------

    def _get_refusals(self, emails):
        """{address: reason} of the addresses that must not get the mailing."""
        self.ensure_one()
        refusals = {}
        snapshot = self.campaign_id.snapshot_id or self.snapshot_id
        if snapshot:
            refusals.update(self._get_held_out(snapshot, emails))
        if self.purpose_id:
            refusals.update(
                self.purpose_id._get_refusals(emails, self.mailing_company_id)
            )
        return refusals

    def _get_held_out(self, snapshot, emails):
        """Held-out addresses: no mail of the campaign or mailing may reach them."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT email_normalized FROM crm_audience_member"
                " WHERE snapshot_id = %s AND is_holdout"
                " AND email_normalized = ANY(%s)",
                snapshot.id,
                list(emails),
            )
        )
        return {email: "holdout" for [email] in rows}

    def _get_seen_list(self):
        """Of the addresses of a batch only, where the composer tells them.

        The core reads all addresses of the mailing again for each batch.
        """
        emails = self.env.context.get("crm_marketing_batch")
        if emails is None:
            return super()._get_seen_list()
        self.env["mailing.trace"].flush_model()
        same = (
            SQL("campaign_id = %s", self.campaign_id.id)
            if self.ab_testing_enabled
            else SQL("mass_mailing_id = %s AND model = %s", self.id, "res.partner")
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT email FROM mailing_trace WHERE email = ANY(%s) AND %s",
                list(emails),
                same,
            )
        )
        return {email for [email] in rows}

    def _get_mass_mailing_context(self):
        return super()._get_mass_mailing_context() | {
            "one_to_one_mailing_id": self.id,
        }

    def _render_field(self, field, res_ids, *args, **kwargs):
        """Tests and the page in the browser show the recipient's own content, too.

        A test is written as one of the recipients, where the core takes any contact.
        """
        self = self.with_context(one_to_one_mailing_id=self.id)
        recipient = self.env.context.get("one_to_one_test_recipient_id")
        if not recipient:
            return super()._render_field(field, res_ids, *args, **kwargs)
        rendered = super()._render_field(field, [recipient], *args, **kwargs)
        return dict.fromkeys(res_ids, rendered[recipient])
