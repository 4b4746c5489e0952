from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools import customer_profit, lifecycle, months

POINTS = 200
COHORTS = 12


class CrmInsightCurves(models.AbstractModel):
    """Whale curve, grid, moves, cohorts, and the profit of a customer."""

    # By subject.
    _inherit = "crm.insight"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def get_curves(self):
        """Whale curve, RFM grid, moves between classes, cohorts, leaking bucket."""
        return self._get_frame() | {
            "whale": self._get_whale(),
            "grid": self._get_grid(),
            "moves": self._get_moves(),
            "cohorts": self._get_cohorts(),
            "bucket": self._get_bucket(),
            "periods": self._get_periods(),
        }

    @api.model
    def _get_whale(self):
        """At most :data:`POINTS` points, each with the customers since the last one."""
        amounts = self._get_amounts()
        step = max(1, -(-len(amounts) // POINTS))
        names = []
        if step == 1:
            names = self._get_ranked().mapped("partner_id.display_name")
        points, total = [], 0.0
        for start in range(0, len(amounts), step):
            part = amounts[start : start + step]
            last = start + len(part)
            total += sum(part)
            points.append(
                {
                    "rank": last,
                    "first": start + 1,
                    "name": names[start] if names else f"{start + 1} - {last}",
                    "amount": sum(part),
                    "total": total,
                    "share": last / len(amounts),
                }
            )
        return points

    @api.model
    @api.readonly
    def get_ranked_domain(self, first, last):
        """Domain of the customers from one rank to another, as the curve counts."""
        found = self._get_ranked(offset=first - 1, limit=last - first + 1)
        return [("id", "in", found.ids)]

    @api.model
    def _get_grid(self):
        """Customers and money by R and F score."""
        return [
            {"r": r, "f": f, "count": count, "monetary": monetary}
            for r, f, count, monetary in self.env["crm.customer.value"]._read_group(
                [*self._get_value_domain(), ("r_score", "!=", False)],
                ["r_score", "f_score"],
                ["__count", "monetary:sum"],
            )
        ]

    @api.model
    def _get_moves(self):
        """Moves between classes in the last 12 months, and the names of the classes."""
        as_of = self.env["crm.customer.value"]._get_as_of(self.env.company)
        since = as_of - relativedelta(years=1)
        domain = [("company_id", "=", self.env.company.id), ("date", ">", since)]
        rows = self.env["crm.customer.move"]._read_group(
            domain, ["class_from", "class_to"], ["__count", "monetary:sum"]
        )
        return {
            "classes": [
                {"code": code, "name": name}
                for code, name in self._get_class_names().items()
            ],
            "since": fields.Date.to_string(since),
            "cells": [
                {"from": a, "to": b, "count": count, "monetary": monetary}
                for a, b, count, monetary in rows
            ],
        }

    @api.model
    def _get_cohorts(self):
        """Customers and revenue of the last cohorts by quarters since the first."""
        rows = self.env["crm.customer.cohort"]._read_group(
            [("company_id", "=", self.env.company.id), ("age", ">=", 0)],
            ["cohort:quarter", "age"],
            ["customer_count:sum", "revenue:sum"],
        )
        table = defaultdict(dict)
        for cohort, age, count, revenue in rows:
            table[cohort][age] = {"count": count, "revenue": revenue}
        result = []
        for cohort in sorted(table)[-COHORTS:]:
            cells = table[cohort]
            size = cells.get(0, {}).get("count", 0)
            result.append(
                {
                    "cohort": fields.Date.to_string(cohort),
                    "name": f"{cohort.year} Q{(cohort.month + 2) // 3}",
                    "size": size,
                    "cells": [
                        {
                            "age": age,
                            **cells[age],
                            "share": cells[age]["count"] / size if size else False,
                        }
                        if age in cells
                        else {"age": age, "count": 0, "revenue": 0.0, "share": 0.0}
                        for age in range(max(cells) + 1)
                    ],
                }
            )
        return result

    @api.model
    @api.readonly
    def get_gcv(self, partner_id):
        """Cumulative contribution of a customer by month: the lifecycle's curve."""
        frame = self._get_frame()
        partner = self.env["res.partner"].browse(partner_id).commercial_partner_id
        partner.check_access("read")
        rows = self.env["crm.customer.month"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "=", partner.id),
            ],
            ["month", "contribution"],
            order="month",
        )
        value = self.env["crm.customer.value"].search(
            [*self._get_value_domain(), ("partner_id", "=", partner.id)], limit=1
        )
        found = value._get_lifecycle() if value else None
        stages = self._get_stage_by_month(value, found)
        before = stages.pop(lifecycle.DISCOVERY, "")
        # A month without documents has no row, but a stage all the same.
        amounts = dict.fromkeys(stages, 0.0)
        amounts |= {row.month: row.contribution for row in rows}
        won = min(stages, default=None)
        points, total = [], 0.0
        for month, amount in sorted(amounts.items()):
            total += amount
            stage = before if won and month < won else stages.get(month, "")
            points.append(
                {
                    "month": fields.Date.to_string(month),
                    "amount": amount,
                    "total": total,
                    "stage": stage,
                }
            )
        return frame | {
            "name": partner.display_name,
            "partner_id": partner.id,
            "points": points,
            "stages": self._get_spells(points),
            "stage": found.stage if found else False,
            "dates": value._get_lifecycle_dates(found) if found else [],
        }

    @api.model
    def _get_stage_by_month(self, value, found):
        """Name of the lifecycle stage of each month, and of the one before them all."""
        if not found:
            return {}
        names = dict(value._fields["lifecycle"]._description_selection(self.env))
        start = months.number(value.first_date)
        return {lifecycle.DISCOVERY: names[lifecycle.DISCOVERY]} | {
            months.first_day(start + index): names[stage]
            for index, stage in enumerate(found.stages)
        }

    @api.model
    def _get_spells(self, points):
        """The stages one after the other, with the month in which each began."""
        spells = []
        for point in points:
            if point["stage"] and (not spells or spells[-1]["name"] != point["stage"]):
                spells.append({"name": point["stage"], "since": point["month"]})
        return spells

    # --- profit -------------------------------------------------------------------

    @api.model
    def _get_waterfall(self, partner):
        """Steps from list price to what is left, over the window's months."""
        value = partner.commercial_partner_id.customer_value_id
        if not value:
            return False
        window = value.policy_id.sudo()._get_windows(value.as_of)
        domain = [
            ("company_id", "=", value.company_id.id),
            ("partner_id", "=", value.partner_id.id),
            ("month", ">=", window.start_month),
            ("month", "<=", value.as_of),
        ]
        costs = [f"cost_{kind}" for kind in customer_profit.SERVE_KINDS]
        names = ["revenue", "list_revenue", "cost_of_goods", *costs]
        rows = self.env["crm.customer.month"].search_fetch(domain, names)
        if not rows:
            return False
        kinds, _sources = self.env["crm.customer.cost"]._get_sources()
        facts = customer_profit.Facts(
            sum(rows.mapped("revenue")),
            sum(rows.mapped("list_revenue")),
            sum(rows.mapped("cost_of_goods")),
            {
                kind: sum(rows.mapped(f"cost_{kind}"))
                for kind in customer_profit.SERVE_KINDS
                if kind in kinds
            },
        )
        fall = customer_profit.waterfall(facts)
        return {
            "currency_id": value.currency_id.id,
            "from": fields.Date.to_string(window.start_month),
            "to": fields.Date.to_string(value.as_of),
            "steps": [step._asdict() for step in fall.steps],
            "missing": list(fall.missing),
        }
