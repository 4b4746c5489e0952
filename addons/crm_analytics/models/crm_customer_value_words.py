from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import lifecycle, months, tier

ANALYST = "crm_analytics.group_analyst"


class CrmCustomerValueWords(models.Model):
    """How the scores of a customer came about: the rule of each with its numbers."""

    # By subject.
    _inherit = "crm.customer.value"  # pylint: disable=consider-merging-classes-inherited

    loyalty_words = fields.Text(
        "How the Loyalty Came About", compute="_compute_loyalty_words"
    )
    worth_words = fields.Text(
        "How the Value Came About", compute="_compute_worth_words", groups=ANALYST
    )

    @api.depends("loyalty_parts", "policy_id")
    @api.depends_context("lang")
    def _compute_loyalty_words(self):
        for value in self:
            value.loyalty_words = value._get_loyalty_words()

    @api.depends("contribution", "tier", "lifetime_value", "lifecycle", "p_active")
    @api.depends_context("lang")
    def _compute_worth_words(self):
        for value in self:
            sentences = (
                value._get_rank_words(),
                value._get_tier_words(),
                value._get_lifetime_words(),
                value._get_lifecycle_words(),
            )
            value.worth_words = "\n".join(filter(None, sentences))

    def _get_part_names(self):
        env = self.env
        return {
            "continuity": env._("continuity"),
            "tenure": env._("tenure"),
            "breadth": env._("breadth"),
            "satisfaction": env._("satisfaction"),
            "commitment": env._("commitment"),
        }

    def _get_loyalty_words(self):
        """The parts with their weights, and which were left out."""
        parts, names = self.loyalty_parts or {}, self._get_part_names()
        if not parts or not self.first_date:
            return False  # who never bought has no loyalty, though maybe a contract
        policy = self.policy_id.sudo()  # the weights are no secret to who sees a score
        weights = {name: policy[f"weight_{name}"] for name in parts}
        total = sum(weights.values()) or 1
        terms = ", ".join(
            self.env._(
                "%(part)s %(share)s %% (weight %(weight)s %%)",
                part=names[name],
                share=round(100 * share),
                weight=round(100 * weights[name] / total),
            )
            for name in names
            if (share := parts.get(name)) is not None
        )
        words = self.env._(
            "Loyalty %(loyalty)s of 100: %(terms)s.",
            loyalty=round(self.loyalty),
            terms=terms,
        )
        words += self._get_part_words()
        missing = [name for code, name in names.items() if code not in parts]
        if missing:
            words += " " + self.env._(
                "Not known and left out: %(parts)s.", parts=", ".join(missing)
            )
        return words

    def _get_part_words(self):
        """What continuity and tenure were computed of."""
        fact = self._get_fact()
        if not self.first_date or not fact:
            return ""
        return " " + self.env._(
            "Bought in %(months)s of the last 12 months, usually every %(cadence)s"
            " days; first on %(first)s, %(years)s years count in full.",
            months=fact.active_months,
            cadence=f"{self.cadence:.4g}" if self.cadence else "-",
            first=fields.Date.to_string(self.first_date),
            years=f"{self.policy_id.sudo().tenure_years:.4g}",
        )

    def _get_rank_words(self):
        if not self.rank:
            return False
        policy = self.policy_id.sudo()
        return self.env._(
            "ABC %(abc)s: rank %(rank)s of %(count)s by a contribution of %(money)s;"
            " A ends at %(a)s %%, B at %(b)s %% of all positive contribution.",
            abc=self.abc,
            rank=self.rank,
            count=self._count_customers(),
            money=self.currency_id.format(self.contribution),
            a=round(100 * policy.abc_a),
            b=round(100 * policy.abc_b),
        )

    def _get_rank_before_words(self):
        """The letter of the window before: what came of the better ones decides it."""
        if not self.abc_before:
            return False
        self.flush_model(["contribution_previous"])
        [(count, rank, before, total)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), 1 + count(*) FILTER (WHERE better),
                       coalesce(sum(amount) FILTER (WHERE better), 0),
                       coalesce(sum(amount) FILTER (WHERE amount > 0), 0)
                  FROM (SELECT v.contribution_previous AS amount,
                               (v.contribution_previous, -v.partner_id)
                               > (t.contribution_previous, -t.partner_id) AS better
                          FROM crm_customer_value t
                          JOIN crm_customer_value v ON v.company_id = t.company_id
                           AND v.contribution_previous <> 0
                         WHERE t.id = %s) amounts""",
                self._origin.id,
            )
        )
        policy = self.policy_id.sudo()
        window = policy._get_windows(self.as_of)
        return self.env._(
            "ABC %(abc)s: rank %(rank)s of %(count)s by a contribution of %(money)s in"
            " the months from %(first)s to before %(last)s; those before made %(share)s"
            " %% of all positive contribution, A ends at %(a)s %%, B at %(b)s %%.",
            abc=self.abc_before,
            rank=rank,
            count=count,
            money=self.currency_id.format(self.contribution_previous),
            first=window.previous_month.strftime("%Y-%m"),
            last=window.start_month.strftime("%Y-%m"),
            share=round(100 * float(before / total), 2) if total else 100,
            a=round(100 * policy.abc_a),
            b=round(100 * policy.abc_b),
        )

    def _count_customers(self):
        return self.sudo().search_count(
            [("company_id", "=", self.company_id.id), ("cell", "!=", False)]
        )

    def _get_tier_words(self):
        """The quintiles that the tier rests on, and their cell of the grid."""
        if not self.tier:
            return False
        self.flush_model(["loyalty", "contribution"])
        [(count, disloyal, poorer)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE v.loyalty < t.loyalty),
                       count(*) FILTER (WHERE v.contribution < t.contribution)
                  FROM crm_customer_value t
                  JOIN crm_customer_value v ON v.company_id = t.company_id
                   AND v.loyalty IS NOT NULL
                 WHERE t.id = %s""",
                self._origin.id,
            )
        )
        count = max(count, 1)
        limits = self.policy_id.sudo()._get_tier_limits()
        few = count < limits.minimum
        if few:
            places = (
                int(tier.step(self.loyalty, limits.loyalty)),
                int(tier.step(self.contribution, limits.contribution)),
            )
        else:
            places = 1 + 5 * disloyal // count, 1 + 5 * poorer // count
        cell = self.env["crm.tier.cell"]._get_cell(*places)
        known = {
            "tier": self.tier,
            "loyal": places[0],
            "rich": places[1],
            "count": count,
            "least": limits.minimum,
            "cell": cell.display_name,
        }
        words = (
            self.env._(
                "Tier %(tier)s: step %(loyal)s of 5 by loyalty and %(rich)s of 5 by"
                " contribution, by fixed limits because %(count)s customers are too few"
                " for quintiles (%(least)s are needed), which is cell %(cell)s of the"
                " grid.",
                **known,
            )
            if few
            else self.env._(
                "Tier %(tier)s: quintile %(loyal)s of 5 by loyalty and %(rich)s of 5 by"
                " contribution among %(count)s customers, which is cell %(cell)s of the"
                " grid.",
                **known,
            )
        )
        if cell and str(cell.tier) != self.tier:
            words += " " + self.env._(
                "The grid says tier %(tier)s by now: it counts from the next refresh"
                " on.",
                tier=cell.tier,
            )
        return words

    def _get_lifecycle(self):
        """The kernel's answer on the customer's months; None without a purchase."""
        self.ensure_one()
        if not self.first_date:
            return None
        rows = self.env["crm.customer.month"].search_fetch(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
            ["month", "contribution"],
        )
        start, end = months.number(self.first_date), months.number(self.as_of)
        monthly, winning = [0.0] * (end - start + 1), 0.0
        for row in rows:
            index = months.number(row.month) - start
            if index < 0:
                winning -= row.contribution
            elif index < len(monthly):
                monthly[index] = row.contribution
        quiet = self.policy_id.sudo().dormant_months
        dormant = self.last_date + relativedelta(months=quiet)
        return lifecycle.analyse(
            monthly,
            self.first_date,
            winning,
            dormant if dormant <= self.as_of else None,
            elapsed=months.elapsed(self.as_of),
        )

    def _get_lifecycle_words(self):
        found = self._get_lifecycle()
        if not found:
            return False
        peak = max(found.smoothed)
        words = self.env._(
            "%(stage)s since %(since)s: contribution smoothed over 6 months is %(now)s"
            " a month, its peak was %(peak)s; %(total)s altogether.",
            stage=dict(self._fields["lifecycle"]._description_selection(self.env))[
                found.stage
            ],
            since=fields.Date.to_string(found.since),
            now=self.currency_id.format(found.smoothed[-1]),
            peak=self.currency_id.format(peak),
            total=self.currency_id.format(found.cumulative[-1]),
        )
        terms = [
            self.env._(
                "%(what)s in %(month)s (%(code)s)",
                what=point["name"],
                month=point["month"][:7],
                code=point["code"],
            )
            for point in self._get_lifecycle_dates(found)
        ]
        return " ".join([words, *(f"{term}." for term in terms)])

    def _get_lifecycle_dates(self, found):
        """The months t1, t2 and t3 of the curve that there have been, with their names.

        A decline that the customer recovered from is over: t2 and t3 are those of the
        present one.
        """
        names = {
            "t1": self.env._("Paid back, growth began"),
            "t2": self.env._("Decline began"),
            "t3": self.env._("Termination began"),
        }
        return [
            {"code": code, "name": name, "month": fields.Date.to_string(month)}
            for code, name in names.items()
            if (month := getattr(found, code))
        ]
