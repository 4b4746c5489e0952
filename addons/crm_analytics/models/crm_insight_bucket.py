from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools import months

PERIODS = 12  # that are shown
SIZES = {"quarter": 3, "month": 1}  # months of a period
NO_RETENTION = (False, False)  # nobody had revenue before
SUMS = (
    "revenue_before:sum",
    "revenue:sum",
    "change:sum",
    "margin_before:sum",
    "margin:sum",
    "margin_change:sum",
)


class CrmInsightBucket(models.AbstractModel):
    """The leaking bucket as screens show it: bridges of a year, customers by period."""

    # By subject.
    _inherit = "crm.insight"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_bucket(self):
        """Revenue, margin and customers, from a year before to the last full month.

        Each bridge closes: before and the changes of its steps make now.
        """
        as_of = self.env["crm.customer.value"]._get_as_of(self.env.company)
        end = (as_of + relativedelta(days=1)).replace(day=1)
        month = end - relativedelta(months=1)
        rows = self._get_bridge_rows(month)
        gross, net = self._get_retentions([month]).get(month, NO_RETENTION)
        return {
            "month": fields.Date.to_string(month),
            "gross": gross,
            "net": net,
            "bridges": [
                self._get_money_bridge("revenue", self.env._("Revenue"), month, rows),
                self._get_money_bridge("margin", self.env._("Margin"), month, rows),
                self._get_customer_bridge(end - relativedelta(years=1), end),
            ],
        }

    @api.model
    def _get_bridge_rows(self, month):
        """{kind: {sum by name, count}} of the stored bridge of a month."""
        rows = self.env["crm.customer.bridge"]._read_group(
            [("company_id", "=", self.env.company.id), ("month", "=", month)],
            ["kind"],
            [*SUMS, "__count"],
        )
        names = [*(name.removesuffix(":sum") for name in SUMS), "count"]
        return {kind: dict(zip(names, sums, strict=True)) for kind, *sums in rows}

    @api.model
    def _get_retentions(self, month_starts):
        """{month: (gross, net)} of revenue, over the customers with revenue before.

        None for a month of which the 24 months are not known: against half a year,
        every year has grown.
        """
        [(first,)] = self.env["crm.customer.value"]._read_group(
            self._get_value_domain(), [], ["first_date:min"]
        )
        known = [
            month
            for month in month_starts
            if first and first.replace(day=1) <= months.shift(month, -23)
        ]
        rows = self.env["crm.customer.bridge"]._read_group(
            self._get_retained_domain("in", known),
            ["month:month"],
            ["revenue_before:sum", "retained:sum", "revenue:sum"],
        )
        return {
            month: (retained / before, revenue / before)
            for month, before, retained, revenue in rows
        }

    @api.model
    def _get_retained_domain(self, operator, month):
        return [
            ("company_id", "=", self.env.company.id),
            ("month", operator, month),
            ("revenue_before", ">", 0),
        ]

    @api.model
    def _get_money_bridge(self, code, name, month, rows):
        Bridge = self.env["crm.customer.bridge"]
        change = {"revenue": "change", "margin": "margin_change"}[code]
        here = [
            ("company_id", "=", self.env.company.id),
            ("month", "=", fields.Date.to_string(month)),
        ]
        kinds = dict(Bridge._fields["kind"]._description_selection(self.env))
        return {
            "code": code,
            "name": name,
            "model": Bridge._name,
            "before": sum(row[f"{code}_before"] for row in rows.values()),
            "now": sum(row[code] for row in rows.values()),
            "steps": [
                {
                    "code": kind,
                    "name": label,
                    "count": rows[kind]["count"] if kind in rows else 0,
                    "change": rows[kind][change] if kind in rows else 0.0,
                    "domain": [*here, ("kind", "=", kind)],
                }
                for kind, label in kinds.items()
            ],
        }

    @api.model
    def _get_customer_bridge(self, begin, end):
        Flow = self.env["crm.customer.flow"]
        table = Flow._get_table(self.env.company, [begin, end])
        kinds = dict(Flow._fields["kind"]._description_selection(self.env))
        counts = {kind: int(getattr(table, kind)[0]) for kind in kinds}
        return {
            "code": "customers",
            "name": self.env._("Customers"),
            "model": Flow._name,
            "before": int(table.opening[0]),
            "now": int(table.closing[0]),
            "steps": [
                {
                    "code": kind,
                    "name": name,
                    "count": counts[kind],
                    "change": -counts[kind] if kind == "lost" else counts[kind],
                    "domain": self._get_flow_domain(begin, end, kind),
                }
                for kind, name in kinds.items()
            ],
        }

    @api.model
    def _get_flow_domain(self, begin, end, kind=None):
        """Who came and went; from the first day on without ``begin``."""
        domain = [
            ("company_id", "=", self.env.company.id),
            ("date", "<", fields.Date.to_string(end)),
        ]
        if begin:
            domain.append(("date", ">=", fields.Date.to_string(begin)))
        if kind:
            domain.append(("kind", "=", kind))
        return domain

    @api.model
    def _get_periods(self):
        """Customers and retention of the last quarters, and of the last months."""
        as_of = self.env["crm.customer.value"]._get_as_of(self.env.company)
        borders = {code: self._get_borders(size, as_of) for code, size in SIZES.items()}
        ends = {months.shift(end, -1) for days in borders.values() for end in days[1:]}
        shares = self._get_retentions(sorted(ends))
        return {
            code: self._get_table_of(SIZES[code], days, shares, as_of)
            for code, days in borders.items()
        }

    @api.model
    def _get_borders(self, size, as_of):
        """First days of periods of ``size`` months, the last of which holds ``as_of``.

        One more than there are periods: the last day ends them.
        """
        begin = as_of.replace(day=1) - relativedelta(months=(as_of.month - 1) % size)
        return [
            begin + relativedelta(months=size * (1 - back))
            for back in range(PERIODS, -1, -1)
        ]

    @api.model
    def _get_table_of(self, size, borders, shares, as_of):
        """A row a period of ``size`` months.

        Retention is that of the 12 months up to the end of the period, against those
        before; a period that has not ended has none.

        :param shares: of :meth:`_get_retentions`
        """
        table = self.env["crm.customer.flow"]._get_table(self.env.company, borders)
        rows = []
        for index, (start, end) in enumerate(zip(borders, borders[1:], strict=False)):
            ended = end <= as_of + relativedelta(days=1)
            month = months.shift(end, -1)
            share = shares.get(month) if ended else None
            rows.append(
                {
                    "name": self._get_period_name(start, size),
                    "ended": ended,
                    "cells": self._get_customer_cells(table, index, start, end)
                    + self._get_retention_cells(month, share or NO_RETENTION),
                }
            )
        return rows

    @api.model
    def _get_period_name(self, start, size):
        if size == 1:
            return f"{start:%Y-%m}"
        return f"{start.year} Q{(start.month + 2) // 3}"

    @api.model
    def _get_customer_cells(self, table, index, start, end):
        spans = {
            "opening": (None, start, None),
            "gained": (start, end, "gained"),
            "regained": (start, end, "regained"),
            "lost": (start, end, "lost"),
            "closing": (None, end, None),
        }
        return [
            {
                "code": code,
                "value": int(getattr(table, code)[index]),
                "model": "crm.customer.flow",
                "domain": self._get_flow_domain(*span),
            }
            for code, span in spans.items()
        ]

    @api.model
    def _get_retention_cells(self, month, shares):
        domain = self._get_retained_domain("=", fields.Date.to_string(month))
        return [
            {
                "code": code,
                "value": share,
                "model": "crm.customer.bridge",
                "domain": domain,
            }
            for code, share in zip(("gross", "net"), shares, strict=True)
        ]
