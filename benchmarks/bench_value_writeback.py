"""Writing customer values back: nothing changed, all changed, and the first time.

    python benchmarks/bench_value_writeback.py -c odoo.conf -d DATABASE [--loaded ID]

A run finds what differs and writes that: here with nothing changed, with a figure of
every customer changed, and into the empty table. The same figures written to the
customers themselves, ten columns of ``res_partner``, as usual addons keep them, are the
peer. What a run computes before (facts, sums of months, judgement) has its own row.
Goals: nothing changed writes no row and less than 1 MB of WAL; all changed takes at
most 20 % of the peer; a run into the empty table, with what it computes, at most 1.5
times a later one. Everything is rolled back.
"""

import argparse
import statistics
import sys
import time
from functools import partial

import database_bench
import ledger_data
import rfm_variants as variants

import odoo
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import SQL

TABLE, KEYS = "crm_customer_value", ("company_id", "partner_id")
TABLES = ("crm_customer_value", "res_partner")
PARTNER = """
    UPDATE res_partner p
       SET ref = s.cell || s.abc, color = s.r_score, function = s.value_class,
           comment = s.class_rule, website = 'c' || s.monetary::text,
           barcode = NULL, vat = NULL, zip = s.f_score::text, street2 = s.tier,
           city = s.m_score::text
      FROM bench_source s WHERE p.id = s.partner_id"""


class Merge:
    """The step of a run that writes the values, on rows prepared before."""

    def __init__(self, env, company):
        self.env, self.company = env, company
        self.columns = (*variants.tool("value_sql").VALUE_COLUMNS, "as_of")
        self.run = env["crm.value.run"].sudo()._get_last(company)
        variants.store(env, "bench_source", variants.value_query(env, company))
        env.cr.execute("ANALYZE bench_source")

    def merge(self):
        """Rows written."""
        self.find()
        return self.write()

    def find(self):
        """Keep the rows that differ."""
        query = SQL(
            "SELECT s.*, %s::date AS as_of FROM bench_source s", ledger_data.AS_OF
        )
        scope = SQL("t.company_id = %s", self.company.id)
        before = ("partner_id", "value_class")  # for the moves between classes
        self.found = self.run._find_changes(
            TABLE, query, KEYS, self.columns, scope, before
        )

    def write(self):
        """Write what was found."""
        return self.run._apply_changes(TABLE, KEYS, self.columns, self.found)

    def change(self):
        """Another figure for every customer."""
        self.env.cr.execute("UPDATE bench_source SET monetary = monetary + 0.01")

    def partners(self):
        """The peer: ten columns of the customers."""
        self.env.cr.execute(PARTNER)
        return self.env.cr.rowcount

    def compute(self):
        """All that comes before, for every customer; nothing is stored."""
        for step in variants.STEPS.values():
            step(self.env, self.company)
        return 0

    def empty(self):
        """No values of any company."""
        self.env.cr.execute("TRUNCATE crm_customer_value")


def measured(env, write):
    """(seconds, rows, MB of WAL) of a call."""
    env.cr.execute("SELECT pg_current_wal_insert_lsn()")
    [(before,)] = env.cr.fetchall()
    begin = time.perf_counter()
    rows = write()
    seconds = time.perf_counter() - begin
    env.cr.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [before])
    return seconds, rows, float(env.cr.fetchone()[0]) / 1e6


WAYS = {
    "computed before": ((), Merge.compute),
    "nothing changed": ((), Merge.merge),
    "all changed": ((Merge.change,), Merge.merge),
    "of it writing what was found": ((Merge.change, Merge.find), Merge.write),
    "first time, empty table": ((Merge.empty,), Merge.merge),
    "UPDATE of ten columns of res_partner": ((), Merge.partners),
}


def one_round(database, company_id):
    """What each way takes; each begins with the table as autovacuum leaves it."""
    found = {}
    for name, (prepare, write) in WAYS.items():
        with Registry(database).cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            cr.execute("SET LOCAL work_mem = '256MB'")
            merge = Merge(env, env["res.company"].browse(company_id))
            for step in prepare:
                step(merge)
            found[name] = measured(env, partial(write, merge))
            cr.rollback()
        ledger_data.vacuum(database, *TABLES)
    return found


def arguments():
    """Own arguments; Odoo gets the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--loaded", type=int, help="a company loaded before")
    parser.add_argument("--rounds", type=int, default=3)
    return parser


def loaded(database, own):
    """The company; its values are up to date and its tables vacuumed."""
    company_id = own.loaded or ledger_data.load(database, own.customers, 3)
    ledger_data.refresh(database, company_id, "incremental")
    ledger_data.vacuum(database, *TABLES)
    return company_id


def main():
    """Load, measure, print."""
    own, database = database_bench.named(__doc__, arguments())
    company_id = loaded(database, own)
    rounds = [one_round(database, company_id) for _round in range(own.rounds)]
    sys.stdout.write(f"Odoo {odoo.release.version}\n\n| | seconds | rows | WAL, MB |\n")
    sys.stdout.write("|---|---:|---:|---:|\n")
    middle = {
        name: [statistics.median(found[name][i] for found in rounds) for i in range(3)]
        for name in rounds[0]
    }
    for name, (seconds, rows, wal) in middle.items():
        sys.stdout.write(f"| {name} | {seconds:.2f} | {rows:,.0f} | {wal:.1f} |\n")
    every = middle["all changed"][0]
    first = middle["first time, empty table"][0]
    computed = middle["computed before"][0]
    written = middle["of it writing what was found"][0]
    peer = middle["UPDATE of ten columns of res_partner"][0]
    sys.stdout.write(
        f"\nAll changed: {100 * every / peer:.0f} % of the UPDATE of res_partner,"
        f" writing alone {100 * written / peer:.0f} %;"
        f" the first time {first / every:.2f} times a later one, with what is computed"
        f" before {(computed + first) / (computed + every):.2f} times.\n"
    )


if __name__ == "__main__":
    main()
