"""Ways to value customers by the ORM, for ``bench_rfm``: loops, and ``_read_group``."""

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
from ledger_data import AS_OF
from rfm_judgement import COLUMNS, judged, write
from rfm_variants import TYPES, policy_of, spans, window_of


def _documents_of(env, company, partner):
    return env["account.move"].search(
        [
            ("commercial_partner_id", "=", partner.id),
            ("state", "=", "posted"),
            ("move_type", "in", TYPES),
            ("company_id", "=", company.id),
            ("invoice_date", "<=", AS_OF),
        ]
    )


def loop(env, company, ids):
    """A search and sums for each partner, as usual addons do; no cadence"""
    window = window_of(env, company)
    rows = []
    for partner in env["res.partner"].browse(ids):
        moves = _documents_of(env, company, partner)
        bought = moves.filtered(lambda move: move.move_type != "out_refund")
        days = {day for day in bought.mapped("invoice_date") if day > window.start}
        last = max(bought.mapped("invoice_date"), default=date.min)
        sums = [
            sum(m.amount_untaxed_signed for m in moves if low < m.invoice_date <= high)
            for low, high in spans(window)
        ]
        rows.append((last.toordinal(), len(days), *sums))
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
    _scores(*columns[:3])
    env.invalidate_all()


def loop_lines(env, company, ids):
    """The same, and cost and discount of each line"""
    loop(env, company, ids)
    for partner in env["res.partner"].browse(ids):
        months = defaultdict(lambda: [0.0, 0.0, set()])
        for line in _documents_of(env, company, partner).invoice_line_ids:
            month = months[line.move_id.invoice_date.replace(day=1)]
            month[0] += line.price_unit * line.quantity - line.price_subtotal
            orders = line.sale_line_ids
            cost = orders[:1].purchase_price or line.product_id.standard_price
            month[1] += cost * line.quantity
            month[2].add(line.product_id.categ_id)
    env.invalidate_all()


def _scores(last, frequency, money):
    """Quintiles of arrays with ties together, and letters by money."""
    result = []
    for values in (last, frequency, money):
        ordered = np.sort(values)
        below = np.searchsorted(ordered, values)
        result.append(1 + 5 * below // len(values))
    order = np.argsort(-money, kind="stable")
    gains = np.clip(money[order], 0, None)
    share = (np.cumsum(gains) - gains) / max(gains.sum(), 1)
    letters = np.empty(len(money), dtype="<U1")
    letters[order] = np.where(share < 0.8, "A", np.where(share < 0.95, "B", "C"))
    return (*result, letters)


class Groups:
    """Columns of all customers, each by a call of ``_read_group``."""

    def __init__(self, env, company):
        self.env, self.company = env, company
        self.window = window_of(env, company)
        self.columns = {}

    def documents(self, *domain):
        """Domain of the company's documents up to the day."""
        return [
            ("company_id", "=", self.company.id),
            ("state", "=", "posted"),
            ("move_type", "in", TYPES),
            ("invoice_date", "<=", AS_OF),
            *domain,
        ]

    def add(self, names, domain, aggregates):
        """Columns of customers from documents."""
        rows = self.env["account.move"]._read_group(
            self.documents(*domain), ["commercial_partner_id"], aggregates
        )
        for index, name in enumerate(names, 1):
            self.columns[name] = {row[0].id: row[index] for row in rows}

    def gaps(self):
        """Median gap between purchase days of 24 months."""
        rows = self.env["account.move"]._read_group(
            self.documents(
                ("move_type", "!=", "out_refund"),
                ("invoice_date", ">", self.window.two_years),
            ),
            ["commercial_partner_id", "invoice_date:day"],
            order="commercial_partner_id, invoice_date:day",
        )
        days = pd.DataFrame(
            [(partner.id, day.toordinal()) for partner, day in rows], columns=["p", "d"]
        )
        gap = days.groupby("p").d.diff()
        self.columns["cadence"] = gap.groupby(days.p).median().to_dict()

    def contributions(self):
        """Contribution of the two windows, and what is known of each customer."""
        window = self.window
        for name, low, high in (
            ("contribution_now", window.start_month, AS_OF),
            ("contribution_past", window.previous_month, window.start),
        ):
            rows = self.env["crm.customer.month"]._read_group(
                [
                    ("company_id", "=", self.company.id),
                    ("month", ">=", low),
                    ("month", "<=" if high == AS_OF else "<", high),
                ],
                ["partner_id"],
                ["contribution:sum"],
            )
            self.columns[name] = {partner.id: money for partner, money in rows}
        known = self.env["crm.customer.fact"].search_read(
            [("company_id", "=", self.company.id)],
            ["partner_id", "loyalty", "churn_risk"],
            load=None,
        )
        self.columns["loyalty"] = {row["partner_id"]: row["loyalty"] for row in known}
        self.columns["risk"] = {row["partner_id"]: row["churn_risk"] for row in known}

    def frame(self):
        """All columns, zero where a customer has nothing in a window."""
        frame = pd.DataFrame(self.columns).rename_axis("p").sort_index()
        for name in ("first", "last"):
            frame[name] = pd.to_datetime(frame[name])
        empty = ("first", "last", "cadence")
        return frame.fillna({name: 0 for name in frame.columns if name not in empty})


def judgements(env, company):
    """All columns of each customer, from calls of ``_read_group``."""
    groups = Groups(env, company)
    purchase = ("move_type", "!=", "out_refund")
    window = groups.window
    groups.add(("first", "last"), [purchase], ["invoice_date:min", "invoice_date:max"])
    groups.add(
        ("frequency", "invoices"),
        [purchase, ("invoice_date", ">", window.start)],
        ["invoice_date:count_distinct", "__count"],
    )
    groups.add(
        ("refund",),
        [("move_type", "=", "out_refund"), ("invoice_date", ">", window.start)],
        ["amount_untaxed_signed:sum"],
    )
    groups.columns["refund"] = {
        partner: -money for partner, money in groups.columns["refund"].items()
    }
    for name, (low, high) in zip(
        ("monetary", "previous", "half", "half_before"), spans(window), strict=True
    ):
        groups.add(
            (name,),
            [("invoice_date", ">", low), ("invoice_date", "<=", high)],
            ["amount_untaxed_signed:sum"],
        )
    groups.gaps()
    groups.contributions()
    return judged(groups.frame(), window, policy_of(env, company)._get_limits())


def read_group(env, company, _ids):
    """Eleven calls of _read_group, judged in numpy, all columns copied back"""
    write(env, "bench_read_group", judgements(env, company).reset_index())
    env.invalidate_all()


def stored(env, company, _ids):
    """Eleven calls of _read_group, and each customer's row written by the ORM"""
    found = judgements(env, company)
    values = env["crm.customer.value"].search([("company_id", "=", company.id)])
    rows = {value.partner_id.id: value for value in values}
    found = found.astype(object).where(found.notna(), None)
    for partner, *figures in found.itertuples():
        rows[partner].write(dict(zip(COLUMNS, figures, strict=True)))
    env.flush_all()
    env.invalidate_all()
