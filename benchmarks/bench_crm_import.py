"""Import of won deals against core's own create and post of the same invoices.

Run on a database with crm_b2b installed; everything is rolled back at the end::

    python benchmarks/bench_crm_import.py -c odoo.conf -d DB [--deals 400] [--rounds 3]

The deals are made here (no file is needed): one product line each, no taxes. In each
round, first core alone creates and posts the invoices in batches of the importer's
size, then the importer makes the whole chain (opportunity, order, delivery, invoice,
payment) of as many other deals. Printed: medians of the rounds, in ms per won deal.
"""

import io
import random
import statistics
import sys
import time
from datetime import date, timedelta

from database_bench import environment, options

from odoo import Command
from odoo.release import version
from odoo.tools import split_every

GOAL = 100


def main():
    parser = options(__doc__)
    parser.add_argument("--deals", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    with environment(__doc__, "crm.import.run", parser) as (env, args):
        core, ours = [], []
        for number in range(args.rounds + 1):
            rows = make_rows(number, args.deals)
            timings = bench_core(env, rows), bench_import(env, rows)
            if number:  # the first round only warms the caches
                core.append(timings[0])
                ours.append(timings[1])
            print(f"round {number}: core {timings[0]:.1f}, import {timings[1]:.1f} ms")
    report(args, statistics.median(core), statistics.median(ours))


def make_rows(number, count):
    """Return deal rows (id, account, product, opened, closed, amount), seeded."""
    chance = random.Random(number)
    first = date(2020, 1, 1)
    rows = []
    for index in range(count):
        closed = first + timedelta(days=chance.randrange(300))
        opened = closed - timedelta(days=chance.randrange(5, 120))
        rows.append(
            (f"B{number}-{index}", f"Bench account {index % 85}")
            + (f"Bench product {index % 7}", opened, closed)
            + (chance.randrange(50, 5000),)
        )
    return sorted(rows, key=lambda row: row[4])


def bench_core(env, rows):
    """Return ms per invoice of account.move create and post, nothing else."""
    partners, products = (
        records(env, "res.partner", rows, 1),
        records(env, "product.product", rows, 2),
    )
    env.flush_all()
    started = time.perf_counter()
    for batch in split_every(batch_size(), rows, list):
        moves = (
            env["account.move"]
            .with_context(tracking_disable=True, default_move_type="out_invoice")
            .create(
                [
                    {
                        "partner_id": partners[account].id,
                        "invoice_date": closed,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": products[product].id,
                                    "quantity": 1,
                                    "price_unit": amount,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                    for _key, account, product, _opened, closed, amount in batch
                ]
            )
        )
        moves._post(soft=False)
        env.flush_all()
        env.invalidate_all()
    return (time.perf_counter() - started) / len(rows) * 1000


def records(env, model, rows, column):
    names = sorted({row[column] for row in rows})
    values = {"is_company": True} if model == "res.partner" else {"type": "consu"}
    known = {r.name: r for r in env[model].search([("name", "in", names)])}
    new = [name for name in names if name not in known]
    created = env[model].create([{"name": name, **values} for name in new])
    return known | dict(zip(new, created, strict=True))


def bench_import(env, rows):
    """Return ms per won deal of the whole import, reading and reports included."""
    text = io.StringIO()
    text.write("id,account,product,opened,closed,amount,stage\n")
    for row in rows:
        text.write(",".join(str(value) for value in row) + ",Won\n")
    run = env["crm.import.run"]._create_run(
        PROFILE, {"deals.csv": text.getvalue().encode()}
    )
    started = time.perf_counter()
    run._process(commit=lambda done, left: env.flush_all() or 1)
    spent = time.perf_counter() - started
    invoices = run.count_ids.filtered(lambda c: c.kind == "invoices").created
    if (run.state, invoices) != ("done", len(rows)):
        sys.exit(f"The import went wrong: {run.state} {invoices} {run.error}")
    return spent / len(rows) * 1000


def batch_size():
    return sys.modules["odoo.addons.crm_b2b.models.crm_import_run_process"].BATCH


def report(args, core, ours):
    extra = ours - core
    print(f"\nOdoo {version}, {args.deals} won deals a round, {args.rounds} rounds")
    print(f"{'core: create and post the invoices':<44}{core:8.1f} ms per won deal")
    print(f"{'import: deal, order, delivery, invoice, paid':<44}{ours:8.1f}")
    verdict = "kept" if extra <= GOAL else "MISSED"
    print(f"{'on top of core':<44}{extra:8.1f}   goal {GOAL}: {verdict}")


PROFILE = """
name: bench_crm_import
files:
  deals:
    file: deals.csv
    columns: {id: id, account: account, product: product, stage: stage,
              open_date: opened, close_date: closed, amount: amount}
stages: {Won: {outcome: won}}
options: {documents: payment, unpaid_share: 0.08}
"""

if __name__ == "__main__":
    main()
