"""Excel: our streamed workbook against core's list export, rows a second and memory.

Twelve columns (seven numbers, four texts, a date). Core's export is measured end to end
on contacts, as its controller does it: read, prepare, write in memory. Ours reads the
same columns by a cursor of the server, and is also run to a million rows. Seconds are
those of the processor in this process: other work on the machine does not count.
"""

import importlib
import sys
import time
from datetime import date
from statistics import median
from types import SimpleNamespace

import database_bench as bench
from memory_bench import Peak

from odoo.tools import SQL

MILLION = 1_000_000
COLUMNS = (  # field of the contact, kind of column, SQL
    ("name", "text", "name"),
    ("email", "text", "email"),
    ("city", "text", "city"),
    ("ref", "text", "ref"),
    ("create_date", "date", "create_date::date"),
    ("id", "int", "id"),
    ("color", "int", "color"),
    ("supplier_rank", "int", "supplier_rank"),
    ("customer_rank", "int", "customer_rank"),
    ("partner_latitude", "number", "partner_latitude::float8"),
    ("partner_longitude", "money", "partner_longitude::float8"),
    ("color", "score", "color"),
)


def load(env, count):
    """Contacts with all columns filled."""
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, email, city, ref, active, type,
            create_date, color, supplier_rank, customer_rank, partner_latitude,
            partner_longitude, autopost_bills)
        SELECT 'Customer & Son ' || i, 'Customer ' || i, i || '@example.com',
               'City ' || i %% 997, 'R' || i, TRUE, 'contact',
               %s::date - i %% 3000, i %% 12, i %% 7, i %% 9, (i %% 900) / 10.0,
               (i %% 18000) / 100.0, 'ask'
          FROM generate_series(1, %s) i RETURNING id""",
        [date(2026, 6, 30), count],
    )
    return env["res.partner"].browse(row[0] for row in env.cr.fetchall())


def ours(env, partners, times=1):
    """Our workbook of the partners, ``times`` over; its size in bytes."""
    workbook = importlib.import_module("odoo.addons.crm_analytics.tools.workbook")
    book = workbook.Book("Benchmark")
    sheet = book.sheet(
        "Contacts",
        [workbook.Column(f"c{i}", name, kind) for i, (name, kind, _q) in _numbered()],
    )
    columns = SQL(", ").join(SQL(query) for _name, _kind, query in COLUMNS)
    query = SQL(
        "SELECT %s FROM res_partner CROSS JOIN generate_series(1, %s) s"
        " WHERE id = ANY(%s)",
        columns,
        times,
        list(partners._ids),
    )
    with env.cr.connection.cursor("bench_excel") as cursor:
        cursor.itersize = 5_000
        cursor.execute(query.code, query.params)
        for row in cursor:
            sheet.write(row)
    with book.finish() as file:
        return file.seek(0, 2)


def _numbered():
    return enumerate(COLUMNS)


def core(env, partners):
    """What core's controller does with a list; the size in bytes."""
    export = importlib.import_module("odoo.addons.web.controllers.export")
    export.request = SimpleNamespace(env=env)  # its writer asks the request for it
    env.invalidate_all()
    names = [name for name, _kind, _query in COLUMNS]
    rows = partners.browse(partners._ids).export_data(names)["datas"]
    fields = [{"type": env["res.partner"]._fields[name].type} for name in names]
    with export.ExportXlsxWriter(fields, names, len(rows)) as writer:
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                writer.write_cell(number, column, value)
    return len(writer.value)


def processor(function):
    """(processor seconds of this process, result): other work does not count."""
    begin = time.process_time()
    result = function()
    return time.process_time() - begin, result


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=MILLION)
    with bench.environment(__doc__, "crm.customer.value", parser) as (env, own):
        partners = load(env, own.rows)
        found = {"ours": [], "core's list export": []}
        for _round in range(own.rounds):
            for name, run in zip(found, (ours, core), strict=True):
                with Peak() as memory:
                    seconds, _size = processor(lambda run=run: run(env, partners))
                found[name].append((seconds, memory.grown))
        with Peak() as memory:
            seconds, size = processor(lambda: ours(env, partners, own.most // own.rows))
    rates = {
        name: own.rows / median(seconds for seconds, _mb in values)
        for name, values in found.items()
    }
    ratio = rates["ours"] / rates["core's list export"]
    sys.stdout.write(
        "\n| writer | rows | rows/s | MB above idle |\n|---|---:|---:|---:|\n"
    )
    for name, values in found.items():
        most = max(mb for _seconds, mb in values)
        sys.stdout.write(
            f"| {name} | {own.rows:,} | {rates[name]:,.0f} | {most:.0f} |\n"
        )
    sys.stdout.write(
        f"| ours | {own.most:,} | {own.most / seconds:,.0f} | {memory.grown:.0f} |\n\n"
        f"{own.most:,} rows: {seconds:.1f} s, {size / 1e6:.0f} MB; ours writes"
        f" {ratio:.1f}"
        " times the rows of core.\n"
    )


if __name__ == "__main__":
    main()
