"""What the screens of Customer Insight read, against core's invoice analysis.

    python benchmarks/bench_insight_screens.py -c odoo.conf -d DATABASE [--loaded ID]

As a user whose record rules on customers hold, in a company that ``ledger_data`` loaded
and a run has valued. The peer is the report a manager opens without the addon: core's
analysis of invoices, grouped by month and by the ten thousand customers that bought
most. Each call is made with an empty cache; medians of the rounds.
"""

import argparse
import statistics
import sys
import time

import database_bench
import ledger_data

import odoo
from odoo import api
from odoo.modules.registry import Registry

COLUMNS = ("cell", "monetary", "contribution", "abc", "value_class", "churn_risk")
NAME = {"fields": {"display_name": {}}}


def calls(env):
    """The screens by name; the peer last."""
    Insight, Value = env["crm.insight"], env["crm.customer.value"]
    shown = {name: {} for name in (*COLUMNS, "reasons")} | {"partner_id": NAME}
    risky = [("abc", "in", ("A", "B")), ("churn_risk", ">=", 0.5)]
    report = env["account.invoice.report"]
    return {
        "start page": Insight.get_dashboard,
        "curves": Insight.get_curves,
        "customers, first page": lambda: Value.web_search_read(
            [], shown, limit=80, count_limit=10_001
        ),
        "save list, first page": lambda: Value.web_search_read(
            risky, shown, limit=80, order="value_at_risk desc", count_limit=10_001
        ),
        "customers by class and letter": lambda: Value.formatted_read_group(
            [], ["value_class", "abc"], ["__count", "monetary:sum"]
        ),
        "bucket by month and kind": lambda: env[
            "crm.customer.bridge"
        ].formatted_read_group([], ["month:month", "kind"], ["change:sum", "__count"]),
        "core: invoices by month": lambda: report.formatted_read_group(
            [("state", "=", "posted")], ["invoice_date:month"], ["price_subtotal:sum"]
        ),
        "core: invoices by customer": lambda: report.formatted_read_group(
            [("state", "=", "posted")],
            ["partner_id"],
            ["price_subtotal:sum"],
            limit=10_000,
            order="price_subtotal:sum desc",
        ),
    }


def main():
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--loaded", type=int, help="a company loaded and valued before")
    parser.add_argument("--rounds", type=int, default=3)
    own, database = database_bench.named(__doc__, parser)
    company_id = own.loaded
    if not company_id:
        company_id = ledger_data.load(database, own.customers, 3)
        ledger_data.refresh(database, company_id, "full")
        ledger_data.vacuum(database, "crm_customer_value", "crm_customer_bridge")
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        user = env.ref("base.user_admin")
        user.write({"company_ids": [(4, company_id)], "company_id": company_id})
        env = env(user=user.id, context={"allowed_company_ids": [company_id]})
        measure(env, company_id, own.rounds)
        cr.rollback()


def measure(env, company_id, rounds):
    """Print the median of each screen."""
    found = {name: [] for name in calls(env)}
    for _round in range(rounds):
        for name, call in calls(env).items():
            env.invalidate_all()
            begin = time.perf_counter()
            call()
            found[name].append(time.perf_counter() - begin)
    count = env["crm.customer.value"].search_count([("company_id", "=", company_id)])
    sys.stdout.write(
        f"Odoo {odoo.release.version}, {count:,} customers\n\n| screen | seconds |\n"
        "|---|---:|\n"
    )
    for name, seconds in found.items():
        sys.stdout.write(f"| {name} | {statistics.median(seconds):.2f} |\n")


if __name__ == "__main__":
    main()
