"""Customer values: ours against loops of the ORM, pandas, and bare SQL; growth; memory.

    python benchmarks/bench_rfm.py -c odoo.conf -d DATABASE [--customers 1000 10000]

Use a database that can be thrown away: a company is loaded for each size (ten documents
a customer, five lines of goods each), committed, and vacuumed as autovacuum leaves
tables in daily use. They stay. BENCH_CUSTOMERS="10000 100000" says the sizes as well.

The variants alternate; medians of the rounds are printed. What a variant does stands in
its row. *pandas* computes the same from the same rows (compared with ours before the
clock runs). The loops are measured on some customers and scaled, which their rows say.
Memory is what the process grew by while the variant ran, and what the server wrote to
temporary files.
"""

import argparse
import os
import statistics
import sys
import time
from functools import partial

import database_bench
import ledger_data
import rfm_judgement
import rfm_orm
import rfm_pandas
import rfm_variants as variants
from ledger_data import AS_OF
from memory_bench import Peak

import odoo
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import SQL

NEW_INVOICES = 1_000
TABLES = ("crm_customer_fact", "crm_customer_month", "crm_customer_value")
DOCUMENTS = (  # ours first: the others are told as its multiple
    variants.values,
    variants.facts,
    variants.bare,
    variants.counted,
    rfm_pandas.by_pandas,
    rfm_pandas.by_read_sql,
    rfm_orm.read_group,
    rfm_orm.loop,
)
STORED = (  # each from stored values that differ for all customers
    variants.stored,
    rfm_pandas.stored,
    rfm_orm.stored,
)
LINES = (
    variants.everything,
    variants.full_run,
    variants.bare_lines,
    rfm_pandas.by_pandas_lines,
    rfm_orm.loop_lines,
)
LOOPS = (rfm_orm.loop, rfm_orm.loop_lines)


def arguments():
    """Own arguments; Odoo gets the others."""
    sizes = [int(size) for size in os.environ.get("BENCH_CUSTOMERS", "").split()]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--customers", type=int, nargs="+", default=sizes or [1_000, 10_000]
    )
    parser.add_argument("--loaded", type=int, help="a company loaded before")
    parser.add_argument("--increments", action="store_true", help="nothing but those")
    parser.add_argument("--loop", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    return parser


def temporary(env):
    """MB that the server wrote to temporary files so far."""
    env.cr.execute(
        "SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot();"
        " SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()"
    )
    return env.cr.fetchone()[0] / 1e6


def measure(env, run):
    """(seconds, MB of the process, MB of the server's process) of one call."""
    with Peak(env.cr) as memory:
        begin = time.perf_counter()
        run(env)
        seconds = time.perf_counter() - begin
    return seconds, memory.grown, memory.server or 0


def medians(rows):
    """Median seconds and largest growth."""
    seconds, *memory = zip(*rows, strict=True)
    return statistics.median(seconds), *map(max, memory)


def alternate(env, runs, rounds):
    """Median seconds and largest growth of each of the runs."""
    found = {name: [] for name in runs}
    for _round in range(rounds):
        for name, run in runs.items():
            found[name].append(measure(env, run))
    return {name: medians(rows) for name, rows in found.items()}


def bound(chosen, company_id, ids, loop):
    """The variants by name, with what they are given."""
    return {
        variant.__doc__: partial(
            _call, variant, company_id, ids[:loop] if variant in LOOPS else ids
        )
        for variant in chosen
    }


def _call(variant, company, ids, env):
    variant(env, env["res.company"].browse(company), ids)


def table(title, found, scales):
    """Print seconds, multiples of the first, and memory."""
    first = next(iter(found.values()))[0]
    sys.stdout.write(f"\n{title}\n\n| variant | seconds | times ours | MB | server |\n")
    sys.stdout.write("|---|---:|---:|---:|---:|\n")
    for name, (seconds, memory, server) in found.items():
        scale = scales.get(name, 1)
        note = f" (x {scale:.0f})" if scale > 1 else ""
        sys.stdout.write(
            f"| {name}{note} | {seconds * scale:.3f} |"
            f" {seconds * scale / first:.2f} | {memory:.0f} | {server:.0f} |\n"
        )
    sys.stdout.flush()


def new_invoices(env, company, customers):
    """Post more invoices, as the hooks of posting see them."""
    before = ledger_data.last_document(env)
    ledger_data.add(env, company, customers, NEW_INVOICES)
    env["crm.customer.dirty"]._mark(SQL("m.id > %s", before))


def incremental(env, company, ids, rounds):
    """Refresh after new invoices against the full one and none; its steps."""
    found = {"full run": [], "after 1,000 new invoices": [], "nothing new": []}
    for _round in range(rounds):
        with env.cr.savepoint() as savepoint:
            found["nothing new"].append(
                measure(env, partial(_call, variants.incremental_run, company.id, ids))
            )
            new_invoices(env, company, ids[:: max(1, len(ids) // NEW_INVOICES)])
            run = partial(_call, variants.incremental_run, company.id, ids)
            found["after 1,000 new invoices"].append(measure(env, run))
            told = steps(env, company)
            run = partial(_call, variants.full_run, company.id, ids)
            found["full run"].append(measure(env, run))
            savepoint.rollback()
            env.invalidate_all()
    return {
        name: tuple(statistics.median(column) for column in zip(*rows, strict=True))
        for name, rows in found.items()
    }, told


def steps(env, company):
    """Seconds of each step of the last run."""
    run = env["crm.value.run"].sudo()._get_last(company)
    return ", ".join(f"{step.code} {step.seconds:.2f}" for step in run.step_ids)


def loaded(database, own, customers):
    """A company with documents: (company, ids of customers, number of documents)."""
    begin = time.perf_counter()
    company_id = own.loaded or ledger_data.load(database, customers, 10)
    sys.stdout.write(f"\nLoaded in {time.perf_counter() - begin:.0f} s\n")
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        return company_id, *ledger_data.content(env, company_id)


def first_run(database, company_id, ids):
    """Fill the empty tables; its steps are printed."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        first = measure(env, partial(_call, variants.full_run, company_id, ids))
        company = env["res.company"].browse(company_id)
        sys.stdout.write(
            f"\nFirst run: {first[0]:.1f} s, {first[1]:.0f} MB,"
            f" {first[2]:.0f} MB of the server"
            f" ({steps(env, company)})\n"
        )
        sys.stdout.flush()
    ledger_data.vacuum(database, *TABLES)


def one_size(database, own, customers):
    """Load a company and measure; (documents, medians of documents, and of lines)."""
    company_id, ids, count = loaded(database, own, customers)
    sys.stdout.write(f"\n## {len(ids):,} customers, {count:,} documents\n")
    if not own.loaded:
        first_run(database, company_id, ids)
    if own.increments:
        with Registry(database).cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            increments(env, env["res.company"].browse(company_id), ids, 1)
            cr.rollback()
        return None
    kept = stored(database, company_id, ids, own)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        found, lines = compared(env, env["res.company"].browse(company_id), ids, own)
        cr.rollback()
    table("The same, stored where screens read it", kept, {})
    return count, found, lines


def stored(database, company_id, ids, own):
    """Medians of the variants that store, each on vacuumed tables and undone."""
    runs = bound(STORED, company_id, ids, own.loop)
    found = {name: [] for name in runs}
    _changed(database, company_id, 1)
    try:
        _store(database, runs, found, own.rounds if len(ids) < 50_000 else 1)
    finally:
        _changed(database, company_id, -1)
    return {name: medians(rows) for name, rows in found.items()}


def _store(database, runs, found, rounds):
    for _round in range(rounds):
        for name, run in runs.items():
            with Registry(database).cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                env.cr.execute("SET LOCAL work_mem = '256MB'")
                found[name].append(measure(env, run))
                cr.rollback()
            ledger_data.vacuum(database, "crm_customer_value")


def _changed(database, company_id, amount):
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        variants.change(env, company_id, amount)
    ledger_data.vacuum(database, "crm_customer_value")


def compared(env, company, ids, own):
    """Medians of the variants on the documents, and with their lines; printed."""
    env.cr.execute("SET LOCAL work_mem = '256MB'")  # for all alike
    variants.everything(env, company, ids)
    agree(env, company)
    scale = len(ids) / min(own.loop, len(ids))
    scales = {variant.__doc__: scale for variant in LOOPS}
    rounds = own.rounds if len(ids) < 50_000 else 1
    found = alternate(env, bound(DOCUMENTS, company.id, ids, own.loop), own.rounds)
    table("Values from the documents", found, scales)
    spilled = temporary(env)
    lines = alternate(env, bound(LINES, company.id, ids, own.loop), rounds)
    table("The same, and months from the lines", lines, scales)
    sys.stdout.write(
        f"\nTemporary files: {(temporary(env) - spilled) / rounds:.0f} MB a round;"
        f" full run: {steps(env, company)}\n"
    )
    increments(env, company, ids, rounds)
    return found, lines


def agree(env, company):
    """End the benchmark unless all give the same; ours lie in temporary tables."""
    ours = rfm_pandas.fetched(env, "SELECT * FROM bench_value ORDER BY partner_id")
    for name, peer in (("pandas", rfm_pandas), ("_read_group", rfm_orm)):
        theirs = peer.judgements(env, company).sort_index().reset_index()
        rfm_judgement.compare(ours, theirs, name)
    rfm_pandas.compare_months(env, company)


def increments(env, company, ids, rounds):
    """Print what a refresh takes after new invoices, and what the full one."""
    later, told = incremental(env, company, ids, rounds)
    table("Incremental refresh", later, {})
    sys.stdout.write(f"\nAfter new invoices: {told}\n")
    sys.stdout.flush()


def growth(rows):
    """Cost of a document at each size."""
    sys.stdout.write(
        "\n## Growth: microseconds a document\n\n"
        "| documents | facts | values | with months | full run |\n"
        "|---:|---:|---:|---:|---:|\n"
    )
    for count, found, lines in rows:
        costs = (
            found[variants.facts.__doc__],
            found[variants.values.__doc__],
            lines[variants.everything.__doc__],
            lines[variants.full_run.__doc__],
        )
        cells = " | ".join(f"{seconds / count * 1e6:.2f}" for seconds, *_mb in costs)
        sys.stdout.write(f"| {count:,} | {cells} |\n")


def main():
    """Load, measure, print."""
    own, database = database_bench.named(__doc__, arguments())
    sys.stdout.write(f"Odoo {odoo.release.version}, values at {AS_OF}\n")
    sizes = [None] if own.loaded else own.customers
    rows = [one_size(database, own, customers) for customers in sizes]
    if all(rows):
        growth(rows)


if __name__ == "__main__":
    main()
