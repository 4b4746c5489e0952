from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..tools import credit_gate


class CreditInputs:
    """What the gate knows of one customer while it decides a batch."""

    def __init__(self, facts, policy, releases, moves, today):
        self.facts = facts
        self.policy = policy
        self.releases = releases
        self.moves = moves
        self.today = today

    def decide(self, facts):
        return credit_gate.decide(
            facts, self.policy, self.releases._to_kernel(), self.today
        )

    def get_release(self, decision):
        """What finance let pass, if the decision rests on it."""
        return self.releases.filtered(lambda release: release.id == decision.release)

    def use(self, decision, amount):
        """Later documents of the batch see what this one took."""
        self.facts = self.facts._replace(exposure=self.facts.exposure + amount)
        self.releases = self.releases.filtered(
            lambda release: release.id != decision.release or not release.single_use
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    risk_invoice_open_include = fields.Boolean(default=True)
    risk_invoice_unpaid_include = fields.Boolean(default=True)
    credit_hold = fields.Boolean(
        "On Credit Hold",
        tracking=True,
        company_dependent=True,
        help="Stops orders, deliveries and service until finance takes it off.",
    )
    credit_release_ids = fields.One2many("crm.credit.release", "partner_id")
    credit_check_count = fields.Integer(compute="_compute_credit_check_count")
    credit_state = fields.Selection(
        [
            ("allow", "Credit fine"),
            ("warn", "Credit: watch"),
            ("block", "On credit hold"),
        ],
        compute="_compute_credit_state",
        help="What the gate would say to business that adds nothing.",
    )
    credit_state_reason = fields.Char(compute="_compute_credit_state")
    credit_badge = fields.Char("Credit", compute="_compute_credit_state")

    # The risk addon adds up the companies selected by the user; the figures must not
    # be handed from one selection to another by the cache.
    @api.depends_context("allowed_company_ids")
    def _compute_risk_account_amount(self):
        return super()._compute_risk_account_amount()

    @api.depends_context("allowed_company_ids")
    def _compute_risk_exception(self):
        return super()._compute_risk_exception()

    def _compute_credit_check_count(self):
        accounts = self.commercial_partner_id
        counts = dict(
            self.env["crm.credit.check"]._read_group(
                [("partner_id", "in", accounts.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.credit_check_count = counts.get(partner.commercial_partner_id, 0)

    @api.depends_context("company")
    def _compute_credit_state(self):
        # without a limit no exposure speaks against the customer: it is not added up
        inputs = self.commercial_partner_id._get_credit_inputs(all_exposures=False)
        for partner in self:
            known = inputs.get(partner.commercial_partner_id.id)
            decision = (
                known.decide(known.facts) if known else credit_gate.Decision("allow")
            )
            partner.credit_state = decision.result
            release = known.get_release(decision) if known else None
            partner.credit_state_reason = partner._explain_credit(decision, release)
            partner.credit_badge = partner._name_credit_state(release)

    def _name_credit_state(self, release):
        """The state in a few words; nothing where credit is fine."""
        if not release:
            states = dict(self._fields["credit_state"]._description_selection(self.env))
            return self.credit_state != "allow" and states[self.credit_state]
        if not release.date_end:
            return self.env._("On credit hold - released once")
        return self.env._(
            "On credit hold - released until %(date)s",
            date=format_date(self.env, release.date_end),
        )

    def action_view_credit_checks(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit decisions"),
            "res_model": "crm.credit.check",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
        }

    # -- the gate -----------------------------------------------------------------

    def _credit_gate(self, stage, requests, new=False):
        """Decide for documents, and keep each decision.

        :param stage: ``order``, ``delivery``, ``service`` or ``repair``
        :param requests: ``{document: (account, amount)}`` with the amount that the
            document adds to the exposure, in the currency of the current company
        :param new: the documents were created just now, none has been asked about
        :return: ``{document: crm.credit.check}``
        """
        checks = self.env["crm.credit.check"].sudo()
        standing = {} if new else checks._get_standing(stage, requests)
        requests = {doc: req for doc, req in requests.items() if doc not in standing}
        accounts = self.browse()
        for account, _amount in requests.values():
            accounts |= account.commercial_partner_id
        # facts of all customers are read by the system: a seller may not see every
        # invoice, and must not pass the gate because of that
        inputs = accounts.sudo()._get_credit_inputs()
        values = []
        for document, (account, amount) in requests.items():
            account = account.commercial_partner_id
            known = inputs[account.id]
            facts = known.facts._replace(amount=amount)
            decision = known.decide(facts)
            values.append(
                account._prepare_credit_check(stage, document, facts, decision, known)
            )
            if decision.result != "block":
                known.use(decision, amount)
        # written by the system so that nobody can write decisions of his own
        standing.update(zip(requests, checks._record(values), strict=True))
        return {doc: check.sudo(self.env.su) for doc, check in standing.items()}

    def _prepare_credit_check(self, stage, document, facts, decision, known):
        return {
            "partner_id": self.id,
            "company_id": self.env.company.id,
            "stage": stage,
            "res_model": document._name,
            "res_id": document.id,
            "origin": document.display_name,
            "amount": facts.amount,
            "exposure": facts.exposure,
            "limit": facts.limit,
            "overdue_amount": facts.overdue_amount,
            "overdue_days": facts.oldest_overdue_days,
            "result": decision.result,
            "reason": self._explain_credit(decision, known.get_release(decision))
            or None,
            "move_ids": known.moves.ids,
            "release_id": decision.release or None,
        }

    def _get_credit_inputs(self, all_exposures=True):
        """{partner id: CreditInputs} of commercial partners, in one query; a second one
        where finance has released something.

        :param all_exposures: also those of customers without a credit limit, where
            the exposure decides nothing
        """
        if not self.ids:
            return {}
        policy = self.env.company._get_credit_policy()
        # the limit is per company, so is what counts against it; guarded by finance
        # groups, it decides for everybody
        accounts = self.with_context(allowed_company_ids=self.env.company.ids).sudo()
        standings = accounts._read_credit_standings(all_exposures)
        releases = accounts.browse(
            [key for key, standing in standings.items() if standing.released]
        )._get_active_releases()
        none = self.env["crm.credit.release"].sudo()
        moves = self.env["account.move"].sudo()
        today = fields.Date.context_today(self)
        return {
            key: CreditInputs(
                accounts._to_credit_facts(standing),
                policy,
                releases.get(accounts.browse(key), none),
                moves.browse(standing.move_ids),
                today,
            )
            for key, standing in standings.items()
        }

    def _get_active_releases(self):
        """{partner: what finance lets pass}"""
        if not self:
            return {}
        return (
            self.env["crm.credit.release"]
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", ["active"]),
                ]
            )
            .grouped("partner_id")
        )

    def _to_credit_facts(self, standing):
        """The facts of the kernel, in the currency of the company."""
        to_company = self._convert_risk_to_company
        return credit_gate.Facts(
            limit=to_company(standing.limit, standing.currency_id),
            exposure=to_company(standing.exposure, standing.currency_id),
            overdue_amount=standing.overdue_amount,
            oldest_overdue_days=standing.overdue_days,
            hold=standing.hold,
        )

    def _convert_risk_to_company(self, amount, currency_id):
        if not amount:
            return 0.0
        company = self.env.company
        return (
            self.env["res.currency"]
            .browse(currency_id)
            ._convert(
                amount,
                company.currency_id,
                company,
                fields.Date.context_today(self),
            )
        )

    def _explain_credit(self, decision, release):
        """The reasons as sentences for people."""
        money = lambda value: formatLang(  # noqa: E731
            self.env, value, currency_obj=self.env.company.currency_id
        )
        texts = {
            "hold": lambda r: self.env._("Finance put the customer on hold."),
            "over_limit": lambda r: self.env._(
                "Exposure %(total)s would be above the limit of %(limit)s.",
                total=money(r.value),
                limit=money(r.bound),
            ),
            "near_limit": lambda r: self.env._(
                "Exposure %(total)s is near the limit (warning from %(bound)s on).",
                total=money(r.value),
                bound=money(r.bound),
            ),
            "overdue": lambda r: self.env._(
                "The oldest open invoice is %(days)s days late (%(bound)s tolerated).",
                days=int(r.value),
                bound=int(r.bound),
            ),
        }
        parts = [texts[reason.code](reason) for reason in decision.reasons]
        if release and release.date_end:
            until = format_date(self.env, release.date_end)
            parts.append(self.env._("Released by finance until %(date)s.", date=until))
        elif release:
            parts.append(self.env._("Released by finance once."))
        return " ".join(parts)
