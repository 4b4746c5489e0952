"""Growth of the customer values: the statements of a run on ten times the rows.

    python benchmarks/bench_rfm_growth.py -c odoo.conf -d DATABASE [--loaded ID]

The documents, months and facts of a loaded company (see ``bench_rfm``; one of 10,000
customers where none is named) are copied once and ten times into narrow tables of a
schema of their own, with the covering index: ten million real entries would fill 30 GB.
The statements are those of a run, to the letter; they find the copies by the search
path. The schema is dropped at the end.
"""

import argparse
import statistics
import sys
import time

import database_bench
import ledger_data
import rfm_variants as variants
from memory_bench import Peak

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL

TABLES = ("account_move", "crm_customer_month", "crm_customer_fact")
MOVE = (
    "id",
    "commercial_partner_id",
    "invoice_date",
    "move_type",
    "amount_untaxed_signed",
    "company_id",
    "state",
)
MOVED = ("id", "partner_id", "commercial_partner_id")  # other ones in each copy
APART = 100_000_000


def arguments():
    """Own arguments; Odoo gets the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--loaded", type=int, help="a company loaded before")
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--rounds", type=int, default=3)
    return parser


def loaded(database, own):
    """A company whose facts and months are there."""
    company_id = own.loaded or ledger_data.load(database, own.customers, 10)
    if not own.loaded:
        ledger_data.refresh(database, company_id, "full")
    return company_id


def copy(cr, table, company_id, copies):
    """Rows of a company, ``copies`` times, in the order of the customer."""
    cr.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [f"public.{table}"],
    )
    names = MOVE if table == "account_move" else [name for (name,) in cr.fetchall()]
    cr.execute(
        SQL(
            "CREATE TABLE %s AS SELECT %s FROM generate_series(0, %s) k"
            " CROSS JOIN %s t WHERE t.company_id = %s ORDER BY k, t.%s",
            SQL.identifier("narrow", table),
            SQL(", ").join(
                SQL("t.%(name)s + k * %(apart)s AS %(name)s", name=name, apart=APART)
                if known in MOVED
                else SQL("t.%s", name)
                for known, name in ((name, SQL.identifier(name)) for name in names)
            ),
            copies - 1,
            SQL.identifier("public", table),
            company_id,
            SQL.identifier(next(name for name in names if name in MOVED[1:])),
        )
    )


def prepare(database, company_id, copies):
    """The schema with its tables and the indexes that the statements use."""
    with sql_db.db_connect(database).cursor() as cr:
        cr.execute("DROP SCHEMA IF EXISTS narrow CASCADE; CREATE SCHEMA narrow")
        for table in TABLES:
            copy(cr, table, company_id, copies)
        cr.execute(
            "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND indexname IN ('account_move_customer_value_idx',"
            " 'crm_customer_month_month_uniq', 'crm_customer_fact_customer_uniq',"
            " 'crm_customer_fact_contract_only_idx')"
        )
        for table, definition in cr.fetchall():
            cr.execute(definition.replace(f"ON public.{table}", f"ON narrow.{table}"))
        cr.commit()
    ledger_data.vacuum(database, *(f"narrow.{table}" for table in TABLES))


def one_round(database, company_id):
    """Seconds of each step, and MB: of the process, of the server's process."""
    found = {}
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        company = env["res.company"].browse(company_id)
        cr.execute("SET LOCAL search_path = narrow, public")
        cr.execute("SET LOCAL work_mem = '256MB'")
        with Peak(cr) as memory:
            for name, step in variants.STEPS.items():
                begin = time.perf_counter()
                step(env, company)
                found[name] = time.perf_counter() - begin
        cr.rollback()
    return found, (memory.grown, memory.server or 0)


def main():
    """Copy, measure, print."""
    own, database = database_bench.named(__doc__, arguments())
    company_id = loaded(database, own)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        _ids, count = ledger_data.content(env, company_id)
    heads = [*variants.STEPS, "µs a document", "MB", "MB of the server"]
    sys.stdout.write(f"| documents | {' | '.join(heads)} |\n")
    sys.stdout.write("|---:|" + "---:|" * len(heads) + "\n")
    for copies in own.copies:
        prepare(database, company_id, copies)
        rounds = [one_round(database, company_id) for _round in range(own.rounds)]
        middle = [
            statistics.median(found[name] for found, _memory in rounds)
            for name in variants.STEPS
        ]
        peaks = [max(column) for column in zip(*(m for _f, m in rounds), strict=True)]
        cells = " | ".join(f"{seconds:.2f}" for seconds in middle)
        each = sum(middle) / (copies * count) * 1e6
        sys.stdout.write(f"| {copies * count:,} | {cells} | {each:.2f} |")
        sys.stdout.write("".join(f" {peak:.0f} |" for peak in peaks) + "\n")
        sys.stdout.flush()
    with sql_db.db_connect(database).cursor() as cr:
        cr.execute("DROP SCHEMA narrow CASCADE")


if __name__ == "__main__":
    main()
