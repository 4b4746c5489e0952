from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import relationship


def _levels():
    return [
        ("basic", "1 Basic"),
        ("reactive", "2 Reactive"),
        ("accountable", "3 Accountable"),
        ("proactive", "4 Proactive"),
        ("partnership", "5 Partnership"),
    ]


class CrmRelationshipReview(models.Model):
    """Level wanted and level observed of an account on a day, with the facts behind."""

    _name = "crm.relationship.review"
    _description = "Relationship review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, gap desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Account", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, index=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    date = fields.Date(required=True, readonly=True)
    current = fields.Boolean(
        "Latest", readonly=True, index=True, help="The last review of the account."
    )
    target_level = fields.Selection(_levels(), "Target", readonly=True)
    observed_level = fields.Selection(_levels(), "Observed", readonly=True)
    gap = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Levels the observed relationship is below the target.",
    )
    contacts = fields.Integer(readonly=True, help="Contacts in twelve months.")
    own_contacts = fields.Integer(
        "Our Initiative", readonly=True, help="Contacts we started ourselves."
    )
    quarters = fields.Integer("Active Quarters", readonly=True)
    deliveries = fields.Integer(readonly=True)
    followed = fields.Integer("Deliveries Followed Up", readonly=True)
    feedback = fields.Integer("Feedback Asked", readonly=True)
    people = fields.Integer("People Met", readonly=True)
    plan = fields.Boolean("Account Plan Runs", readonly=True)
    reviews = fields.Integer("Joint Reviews", readonly=True)
    missing = fields.Text(
        "What Is Missing", compute="_compute_missing", help="To reach the target."
    )
    note = fields.Text("What We Do About It")

    _one_a_day = models.Constraint(
        "UNIQUE (partner_id, company_id, date)",
        "The relationship was reviewed on this day already.",
    )

    @api.depends("target_level", "observed_level")
    def _compute_missing(self):
        words = self._get_rule_words()
        for review in self:
            names = relationship.missing(
                review._to_facts(), review.target_level or "basic"
            )
            review.missing = "\n".join(words[name] for name in names)

    def _to_facts(self):
        self.ensure_one()
        return relationship.Facts(
            **{name: self[name] for name in relationship.Facts._fields}
        )

    @api.model
    def _get_rule_words(self):
        """Return {rule: what to do}, with the numbers the kernel asks for."""
        return {
            "contacts": self.env._(
                "Answer: at least %(n)s contacts a year.",
                n=relationship.ANSWERED_CONTACTS,
            ),
            "follow_up": self.env._(
                "Follow up: a contact after %(n)s %% of the deliveries, or ask how "
                "satisfied the customer is.",
                n=round(100 * relationship.FOLLOWED_SHARE),
            ),
            "own_contacts": self.env._(
                "Take the first step: at least %(n)s visits, meetings or calls.",
                n=relationship.OWN_CONTACTS,
            ),
            "quarters": self.env._(
                "Through the year: in at least %(n)s quarters.",
                n=relationship.ACTIVE_QUARTERS,
            ),
            "plan": self.env._("Plan together: run an account plan."),
            "reviews": self.env._("Hold a review of the plan with the customer."),
            "people": self.env._(
                "Know more people: at least %(n)s.", n=relationship.KNOWN_PEOPLE
            ),
        }

    @api.model
    def _get_start(self, day):
        return day - relativedelta(months=12)

    @api.model
    def _take(self, accounts, company, day):
        """Write the reviews of ``accounts`` on ``day`` anew, and return them."""
        accounts = accounts.commercial_partner_id
        facts = self._get_facts(accounts, company, day)
        domain = Domain("partner_id", "in", accounts.ids) & Domain(
            "company_id", "=", company.id
        )
        old = self.search(domain & Domain("date", "=", day))
        kept = {review.partner_id.id: review for review in old}
        values, created = [], self.browse()
        for account in accounts:
            row = self._prepare_review(account, company, day, facts[account.id])
            if account.id in kept:
                kept[account.id].write(row)
            else:
                values.append(row)
        created = self.with_context(tracking_disable=True).create(values) | old
        self.search(domain & Domain("current", "=", True)).current = False
        latest = self.search(domain & Domain("date", "=", day))
        latest.current = True
        return created

    @api.model
    def _prepare_review(self, account, company, day, facts):
        observed = relationship.observe(facts)
        target = account.relationship_target
        return {
            "partner_id": account.id,
            "company_id": company.id,
            "user_id": account.user_id.id,
            "team_id": account.user_id.sale_team_id.id,
            "date": day,
            "target_level": target,
            "observed_level": observed,
            "gap": relationship.gap(target, observed) if target else 0,
            **facts._asdict(),
        }

    @api.model
    def _cron_take(self):
        """Review every account with a target, company by company."""
        day = fields.Date.today()
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            accounts = self.env["res.partner"].search(
                [
                    ("relationship_target", "!=", False),
                    ("company_id", "in", (False, company.id)),
                ]
            )
            if accounts:
                self._take(accounts, company, day)

    def action_plan_contact(self):
        """Plan the first missing thing as an activity of the salesperson."""
        for review in self:
            if not review.missing:
                raise UserError(
                    self.env._(
                        "%(account)s has reached its target level.",
                        account=review.partner_id.display_name,
                    )
                )
            review.activity_schedule(
                "mail.mail_activity_data_todo",
                fields.Date.add(fields.Date.today(), days=14),
                summary=review.missing.splitlines()[0],
                user_id=(review.user_id or self.env.user).id,
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    relationship_target = fields.Selection(
        _levels(),
        "Target Relationship",
        tracking=True,
        help="How close we want to be with this account. Basic: we sell. Reactive: we "
        "answer. Accountable: we ask after a delivery. Proactive: we come with ideas. "
        "Partnership: we plan together.",
    )
    relationship_level = fields.Selection(
        _levels(),
        "Observed Relationship",
        compute="_compute_relationship_level",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends_context("company")
    def _compute_relationship_level(self):
        reviews = self.env["crm.relationship.review"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("current", "=", True),
            ]
        )
        levels = {review.partner_id: review.observed_level for review in reviews}
        for partner in self:
            partner.relationship_level = levels.get(partner.commercial_partner_id)

    def action_review_relationship(self):
        """Review these accounts now, and show the result."""
        reviews = self.env["crm.relationship.review"].sudo()  # written by this only
        reviews = reviews._take(self, self.env.company, fields.Date.context_today(self))
        return reviews.sudo(False)._get_records_action(
            name=self.env._("Relationship Reviews")
        )
