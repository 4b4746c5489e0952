from odoo import api, fields, models
from odoo.tools import formatLang

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
            partner.credit_state_reason = partner._explain_credit(decision)

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

    def _credit_gate(self, stage, requests):
        """Decide for documents, and keep each decision.

        :param stage: ``order``, ``delivery``, ``service`` or ``repair``
        :param requests: ``{document: (account, amount)}`` with the amount that the
            document adds to the exposure, in the currency of the current company
        :return: ``{document: crm.credit.check}``
        """
        standing = self.env["crm.credit.check"].sudo()._get_standing(stage, requests)
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
        checks = self.env["crm.credit.check"].sudo().create(values)
        standing.update(zip(requests, checks, strict=True))
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
            "reason": self._explain_credit(decision),
            "move_ids": known.moves.ids,
            "release_id": decision.release,
        }

    def _get_credit_inputs(self, all_exposures=True):
        """{partner id: CreditInputs} of commercial partners, in a fixed number of
        queries.

        :param all_exposures: also those of customers without a credit limit, where
            the exposure decides nothing
        """
        company = self.env.company
        policy = company._get_credit_policy()
        # the limit is per company, so is what counts against it
        self = self.with_context(allowed_company_ids=company.ids)
        today = fields.Date.context_today(self)
        self.sudo().fetch(self._get_credit_fields())  # what finance alone may read too
        overdue = self._get_overdue_invoices(today)
        releases = (
            self.env["crm.credit.release"]
            .sudo()  # finance's own records decide for everybody
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", ["active"]),
                ]
            )
            .grouped("partner_id")
        )
        none = self.env["account.move"]
        return {
            partner.id: CreditInputs(
                partner._get_credit_facts(
                    overdue.get(partner, none), today, all_exposures
                ),
                policy,
                releases.get(partner, self.env["crm.credit.release"]),
                overdue.get(partner, none),
                today,
            )
            for partner in self
        }

    def _get_credit_fields(self):
        """The columns that the facts rest on: of some hundred, these are read."""
        bounds = [name for _risk, *pair in self._risk_field_list() for name in pair]
        return [
            *("credit_limit", "credit_hold", "commercial_partner_id", "company_id"),
            *("credit_currency", "manual_credit_currency_id"),
            "property_account_receivable_id",
            *(name for name in bounds if self._fields[name].store),
        ]

    def _get_credit_facts(self, overdue_moves, today, exposure=True):
        self.ensure_one()
        to_company = self._convert_risk_to_company
        limit = to_company(self.sudo().credit_limit)  # guarded by finance groups
        days = [(today - move.invoice_date_due).days for move in overdue_moves]
        return credit_gate.Facts(
            limit=limit,
            exposure=to_company(self.risk_total) if exposure or limit else 0.0,
            overdue_amount=sum(overdue_moves.mapped("amount_residual_signed")),
            oldest_overdue_days=max(days, default=0),
            hold=self.credit_hold,
        )

    def _convert_risk_to_company(self, amount):
        company = self.env.company
        currency = self.risk_currency_id or company.currency_id
        return currency._convert(
            amount, company.currency_id, company, fields.Date.context_today(self)
        )

    def _get_overdue_invoices(self, today):
        """{partner: its invoices past the due date}, in one query."""
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(  # see _credit_gate
                [
                    ("company_id", "=", self.env.company.id),
                    ("commercial_partner_id", "in", self.ids),
                    ("move_type", "in", ("out_invoice", "out_receipt")),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                    ("invoice_date_due", "<", today),
                ],
                ["commercial_partner_id"],
                ["id:recordset"],
            )
        )
        return dict(groups)

    def _explain_credit(self, decision):
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
        if decision.release:
            parts.append(self.env._("Released by finance."))
        return " ".join(parts)
