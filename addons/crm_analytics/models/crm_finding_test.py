from odoo import api, models
from odoo.tools import SQL

from ..tools import basket_sql, findings

ALPHA = findings.ALPHA
FEW = 0.05  # share of the customers whose change moves no statement about all


class CrmFindingTest(models.Model):
    """The step of the run: the statements are tested and followed."""

    # By subject.
    _inherit = "crm.finding"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _update_findings(self, run):
        """Test all statements; the number of those that hold.

        Within a month a refresh that changed few customers leaves them alone.
        """
        if self._is_settled(run):
            return 0
        tested = self._test(run)
        p_values = [found.p for found, _e in tested.values() if found.p is not None]
        adjusted = iter(findings.adjust(p_values))
        known = self.search([("company_id", "=", run.company_id.id)]).grouped("code")
        for index, (code, (found, evidence)) in enumerate(tested.items()):
            run._report(10 + index, 10 + len(tested))
            p_value = float(next(adjusted)) if found.p is not None else None
            record = known.get(code) or self.create(
                {"company_id": run.company_id.id, "code": code}
            )
            record._follow(run, found, p_value, evidence)
        return len(
            self.search([("company_id", "=", run.company_id.id), ("holds", "=", True)])
        )

    @api.model
    def _is_settled(self, run):
        last = run._get_last(run.company_id)
        known = self.search([("company_id", "=", run.company_id.id)], limit=1)
        return (
            run.kind == "incremental"
            and known
            and last.policy_id == run.policy_id
            and last.as_of.replace(day=1) == run.as_of.replace(day=1)
            and run.touched_count < FEW * run.customer_count
        )

    def _follow(self, run, found, p_value, evidence):
        """Write the result, judged against the last month's, and keep one a month."""
        self.ensure_one()
        month = run.as_of.replace(day=1)
        before = self.result_ids.filtered(lambda r: r.date < month).sorted("date")[-1:]
        previous = None
        if before.holds:
            previous = findings.Finding(
                found.kind, before.strength, before.p_value, before.observation_count
            )
        state = findings.follow(found, previous, p=p_value)
        holds = p_value is not None and p_value < ALPHA
        values = {
            "strength": found.strength or 0.0,
            "p_value": p_value if p_value is not None else 1.0,
            "holds": holds,
            "observation_count": found.n,
            "state": state,
            "date": run.as_of,
        }
        self.write(
            values
            | {
                "kind": found.kind,
                "force": abs(found.strength or 0.0),
                "reason": found.reason,
                "evidence": found.evidence() | {"groups": evidence or []},
            }
        )
        now = self.result_ids.filtered(lambda r: r.date.replace(day=1) == month)
        if now:
            now[:1].write(values)
        else:
            self.env["crm.finding.result"].create({"finding_id": self.id, **values})

    @api.model
    def _test(self, run):
        """Result and evidence by statement."""
        table = self._get_customers(run)
        names = self._get_names(table)
        tests = {
            code: (findings.correlation(table[one], table[two]), None)
            for code, one, two in (
                ("order_size", "frequency", "order_size"),
                ("tenure_value", "age", "monetary"),
                ("discount_growth", "discount", "revenue_change"),
                ("late_margin", "late", "margin"),
                ("breadth_risk", "families", "churn_risk"),
            )
        }
        tests["industry_class"] = (
            findings.association(table["industry_id"], table["value_class"]),
            None,
        )
        tests["industry_family"] = (
            findings.association(*self._get_families(run)),
            None,
        )
        for code, figure, group in (
            ("industry_revenue", "monetary", "industry_id"),
            ("country_discount", "discount", "country_id"),
        ):
            tests[code] = self._difference(table[figure], table[group], names[group])
        days, sizes = self._get_gaps(run)
        words = {"large": self.env._("large"), "usual": self.env._("usual")}
        tests["large_orders"] = self._difference(days, sizes, words)
        return tests

    @api.model
    def _difference(self, figure, group, names):
        found, groups = findings.difference(figure, group)
        evidence = [
            [names.get(key, str(key)), median, count]
            for key, median, count in zip(*groups, strict=True)
        ]
        return found, evidence

    @api.model
    def _get_customers(self, run):
        """Columns of figures, one entry a customer of the window."""
        columns = (
            "frequency",
            "order_size",
            "age",
            "monetary",
            "discount",
            "revenue_change",
            "late",
            "margin",
            "families",
            "churn_risk",
            "industry_id",
            "country_id",
            "value_class",
        )
        window = run._get_windows()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.frequency::float8,
                       (v.monetary / nullif(v.invoice_count, 0))::float8,
                       (v.as_of - v.first_date)::float8, v.monetary::float8,
                       (c.discount / nullif(c.list, 0))::float8,
                       CASE WHEN v.revenue_known THEN v.revenue_change::float8 END,
                       (c.late / nullif(c.revenue, 0))::float8,
                       (c.margin / nullif(c.revenue, 0))::float8,
                       c.families::float8, v.churn_risk::float8, p.industry_id,
                       p.country_id, v.value_class
                  FROM crm_customer_value v
                  JOIN res_partner p ON p.id = v.partner_id
                  JOIN (SELECT partner_id, sum(discount_amount) AS discount,
                               sum(list_revenue) AS list, sum(revenue) AS revenue,
                               sum(cost_finance) AS late, sum(gross_margin) AS margin,
                               max(family_count) AS families
                          FROM crm_customer_month
                         WHERE company_id = %(company)s AND month >= %(start)s
                           AND month <= %(as_of)s GROUP BY partner_id) c
                    ON c.partner_id = v.partner_id
                 WHERE v.company_id = %(company)s AND v.frequency > 0""",
                company=run.company_id.id,
                start=window.start_month,
                as_of=window.as_of,
            )
        )
        if not rows:
            return {name: [] for name in columns}
        return dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))

    @api.model
    def _get_names(self, table):
        return {
            "industry_id": {
                record.id: record.name
                for record in self.env["res.partner.industry"].browse(
                    {key for key in table["industry_id"] if key}
                )
            },
            "country_id": {
                record.id: record.name
                for record in self.env["res.country"].browse(
                    {key for key in table["country_id"] if key}
                )
            },
        }

    @api.model
    def _get_families(self, run):
        """Industry and product family of each pair of customer and family."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT b.partner_id, p.industry_id, t.categ_id
                  FROM (%s) b JOIN res_partner p ON p.id = b.partner_id
                  JOIN product_product v ON v.id = b.product_id
                  JOIN product_template t ON t.id = v.product_tmpl_id
                 WHERE p.industry_id IS NOT NULL""",
                basket_sql.bought(run.company_id.id, run.as_of),
            )
        )
        return [row[1] for row in rows], [row[2] for row in rows]

    @api.model
    def _get_gaps(self, run):
        """Days since the order before, and whether an order is large (best tenth)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT days, CASE WHEN place > 0.9 THEN 'large' ELSE 'usual' END
                  FROM (SELECT (date_order::date - lag(date_order::date) OVER (
                                  PARTITION BY commercial ORDER BY date_order, id
                               ))::float8 AS days,
                               percent_rank() OVER (
                                   PARTITION BY commercial ORDER BY amount) AS place
                          FROM (SELECT s.id, s.date_order, s.amount_untaxed AS amount,
                                       p.commercial_partner_id AS commercial,
                                       count(*) OVER (
                                           PARTITION BY p.commercial_partner_id) AS n
                                  FROM sale_order s
                                  JOIN res_partner p ON p.id = s.partner_id
                                 WHERE s.company_id = %s AND s.state = 'sale'
                                   AND s.date_order::date <= %s) o
                         WHERE n >= 10) g
                 WHERE days IS NOT NULL""",
                run.company_id.id,
                run.as_of,
            )
        )
        return [row[0] for row in rows], [row[1] for row in rows]
