import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..tools import (
    features,
    month_sql,
    month_sum_sql,
    months,
    number_rows,
    rating_sql,
)

FEW = 10_000  # customers that are looked up one by one in the index


def month_number(day: SQL) -> SQL:
    """Month number of a date, as :func:`months.number`."""
    return SQL("extract(year FROM %s) * 12 + extract(month FROM %s) - 1", day, day)


class CrmCustomerFigure(models.Model):
    """Figures of all customers as arrays: what the kernels of the features read."""

    # The facts' kernels, by subject.
    _inherit = "crm.customer.fact"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _read_numbers(self, columns, query):
        """Rows of numbers as an array of shape (n, columns), NaN for NULL."""
        rows = number_rows.NumberRows(columns)
        text = self.env.cr.mogrify(query).decode()
        self.env.cr.copy_expert(f"COPY ({text}) TO STDOUT ({number_rows.FORMAT})", rows)
        return rows.array()

    def _get_feature_rows(self, window, source, kept=()):
        """Customer, ages of first and last purchase, and figures, by customer.

        :param source: ``FROM .. ORDER BY`` over rows of facts
        :param kept: more columns of them
        """
        return self._read_numbers(
            8 + len(kept),
            SQL(
                "SELECT partner_id, %(day)s - first_date, %(day)s - last_date, cadence,"
                " active_months, revenue_half, revenue_half_before, purchase_days"
                " %(kept)s %(source)s",
                day=SQL("%s::date", window.as_of),
                kept=SQL().join(SQL(", %s", SQL.identifier(name)) for name in kept),
                source=source,
            ),
        )

    def _get_feature_facts(self, company, window, rows, sums):
        """The facts but for the months, which few customers need.

        :param sums: contribution of the window, of 6 months and of all, shape (n, 3)
        """
        ids = rows[:, 0]
        return features.Facts(
            *rows[:, 1:7].T,
            monthly=None,
            purchase_days=rows[:, 7],
            contribution=sums[:, 0],
            contribution_half=sums[:, 1],
            contribution_total=sums[:, 2],
            breadth=self._spread(ids, self._get_breadth(company, window)),
            rating=self._spread(ids, self._get_ratings(company, window)),
            commitment=self._spread(ids, *self._get_commitments(company)),
        )

    @staticmethod
    def _locate(ids, customers):
        """Place of each customer in the ordered ``ids``, and whether it is there."""
        index = np.searchsorted(ids, customers)
        known = index < len(ids)
        known[known] &= ids[index[known]] == customers[known]
        return index, known

    def _spread(self, ids, pairs, default=np.nan):
        """Values of ``(customer, value)`` pairs in the order of ``ids``."""
        result = np.full(len(ids), default)
        if len(pairs):
            customers, values = np.asarray(pairs, dtype=float).T
            index, known = self._locate(ids, customers)
            result[index[known]] = values[known]
        return result

    def _get_monthly(self, company, window, ids):
        """Revenue of the last 12 calendar months, oldest first, shape (n, 12).

        :param ids: ordered; of many customers all are read, of few just theirs
        """
        last, condition = features.month_grid(window.as_of), SQL("TRUE")
        if len(ids) <= FEW:
            condition = SQL("partner_id = ANY(%s)", ids.astype(int).tolist())
        found = self._read_numbers(
            3,
            SQL(
                "SELECT partner_id, %s, revenue"
                " FROM crm_customer_month WHERE company_id = %s"
                " AND month > %s AND month <= %s AND %s",
                month_number(SQL("month")),
                company.id,
                window.year.replace(day=1),
                window.as_of,
                condition,
            ),
        )
        columns = found[:, 1].astype(int) - last + 11
        index, known = self._locate(ids, found[:, 0])
        known &= columns >= 0
        table = np.zeros((len(ids), 12))
        table[index[known], columns[known]] = found[known, 2]
        return table

    def _get_past_sums(self, company, window, ids):
        """Contribution of the window, of 6 months and of all at an earlier day."""
        found = self._read_numbers(
            4,
            SQL(
                "SELECT partner_id, contribution, %s, contribution_total"
                " FROM (%s) sums",
                month_sum_sql.half_year(window.as_of),
                month_sum_sql.month_sums(company.id, window),
            ),
        )
        return np.column_stack(
            [self._spread(ids, found[:, (0, column)], 0.0) for column in (1, 2, 3)]
        )

    def _get_stages(self, run, ids):
        """Stage and its month of some customers; None for one that never bought."""
        window, first, last = run._get_windows(), SQL("first_date"), SQL("last_date")
        within = SQL(
            "company_id = %s AND partner_id = ANY(%s)", run.company_id.id, ids.tolist()
        )
        dormant = SQL(
            "(%s + make_interval(months => %s))::date",
            last,
            run.policy_id.dormant_months,
        )
        dates = self._read_numbers(
            2,
            SQL(
                "SELECT %s, CASE WHEN %s <= %s THEN %s END FROM crm_customer_fact"
                " WHERE %s ORDER BY partner_id",
                month_number(first),
                dormant,
                window.as_of,
                month_number(dormant),
                within,
            ),
        )
        contributions = self._read_numbers(
            3,
            SQL(
                "SELECT partner_id, %s, contribution FROM crm_customer_month"
                " WHERE %s AND month <= %s",
                month_number(SQL("month")),
                within,
                window.as_of,
            ),
        )
        index, known = self._locate(ids, contributions[:, 0])
        contributions[:, 0] = index
        return features.stages(
            contributions[known],
            *dates.T,
            features.month_grid(window.as_of),
            months.elapsed(window.as_of),
        )

    def _get_breadth(self, company, window):
        """Pairs of customer and share of the product families of its industry.

        Families that the customer was invoiced in 12 months over those that customers
        of the same industry were; unknown for who bought none.
        """
        return self._read_numbers(
            2,
            month_sql.breadth(company.id, window.year.replace(day=1), window.as_of),
        )

    def _get_ratings(self, company, window):
        """Pairs of customer and mean rating 1..5 of two years up to the as-of date."""
        ratings = self.env["crm.insight"]._get_ratings(
            company, window.two_years, window.as_of
        )
        return self.env.execute_query(rating_sql.by_customer(ratings))

    @api.model
    def _get_contract_domain(self):
        """Sale contracts that bind the customer now."""
        domain = [("contract_type", "=", "sale")]
        if self._has_contracts():
            domain.append(("state", "in", ("active", "suspended")))
        return domain

    def _get_commitments(self, company):
        """Pairs of customer and 1, and what the others get: unknown if no such app."""
        models_there = [
            (model, domain)
            for model, domain in (
                ("contract.contract", self._get_contract_domain()),
                ("sale.blanket.order", [("state", "=", "open")]),
            )
            if model in self.env
        ]
        if not models_there:
            return [], np.nan
        customers = self.env["res.partner"]
        for model, domain in models_there:
            records = self.env[model].search(
                [*domain, ("company_id", "in", (company.id, False))]
            )
            customers |= records.partner_id.commercial_partner_id
        return [(customer.id, 1.0) for customer in customers], 0.0
