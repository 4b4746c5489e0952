"""Billing of monthly contracts: ours against the contract base and bare creation.

Seeds contracts of two lines (default 3000) in a company with a chart of
accounts, then bills the same period in four ways, each rolled back:

* base, one by one: the method of the base, a call per contract (its failure path)
* base, batch: the method of the base, one call for all (its cron without failure)
* bare: ``account.move.create`` of the same values, the floor
* ours: locked chunks as the cron runs them, without its commits

The first, the third and the fourth take turns, chunk by chunk: their medians are of
the same minutes. The second bills all at once, and so does ours once more beside it,
which shows the memory.

    python benchmarks/bench_contract_billing.py -c odoo.conf -d DB [--contracts N]

The methods of the base run on this registry: fields computed by crm_service are
computed in all four.
"""

import importlib
import resource
import statistics
import time
from datetime import date

from database_bench import environment, options

from odoo.fields import Command
from odoo.tools import split_every

DAY = date(2025, 1, 1)
OURS = "odoo.addons.crm_service.models.contract_contract_billing"
BASE = "odoo.addons.contract.models.contract"


def main():
    parser = options(__doc__)
    parser.add_argument("--contracts", type=int, default=3000)
    parser.add_argument("--sample", type=int, default=10, help="of the slow way a turn")
    with environment(__doc__, "service.entitlement", parser) as (env, own):
        env = env(context={"tracking_disable": True})
        measure(env, own.contracts, own.sample)


def measure(env, count, sample):
    """Time the four ways on ``count`` contracts (one by one: ``sample`` of a chunk)."""
    # The modules are found once the registry is loaded.
    chunk = importlib.import_module(OURS).CHUNK
    base = importlib.import_module(BASE).ContractContract
    ids = seed(env, count)
    timed(ours, env, ids[:20], chunk)  # warm caches, for all alike
    turns = [take_turn(env, part, chunk, base, sample) for part in parts(ids, chunk)]
    whole, peaks = timed(ours, env, ids, chunk)
    batch, _none = timed(base_batch, env, ids, base)
    one_by_one, bare_chunk, our_chunk = map(statistics.median, zip(*turns, strict=True))
    report(
        f"{count} contracts of 2 lines, chunks of {chunk} in turns, medians",
        [
            ("base, one by one", one_by_one),
            ("bare account.move.create", bare_chunk),
            ("ours, chunks", our_chunk),
        ],
    )
    report(
        f"{count} contracts of 2 lines, all of them",
        [("base, batch", batch / count), ("ours, chunks", whole / count)],
    )
    third = max(len(peaks) // 3, 1)
    print(f"peak memory, MB: after a third {peaks[third - 1]}, at the end {peaks[-1]}")


def parts(ids, chunk):
    return [part for part in map(list, split_every(chunk, ids)) if len(part) == chunk]


def take_turn(env, ids, chunk, base, sample):
    """Seconds an invoice of the three ways that take turns."""
    values = plain_values(env["contract.contract"].browse(ids))
    our_seconds, _peaks = timed(ours, env, ids, chunk)
    bare_seconds, _none = timed(bare, env, ids, values)
    slow_seconds, _none = timed(base_one_by_one, env, ids[:sample], base)
    return slow_seconds / sample, bare_seconds / len(ids), our_seconds / len(ids)


def report(title, rows):
    mine = rows[-1][1]
    print(f"\n{title}")
    print(f"{'way':<28}{'ms per invoice':>16}{'times ours':>14}")
    for name, seconds in rows:
        print(f"{name:<28}{seconds * 1000:>16.2f}{seconds / mine:>13.2f}x")


def seed(env, count):
    company = env["res.company"].search([("chart_template", "!=", False)], limit=1)
    if not company:
        company = env.company
        env["account.chart.template"].try_loading("generic_coa", company=company)
    model = env["contract.contract"].with_company(company)
    partners = env["res.partner"].create(
        [{"name": f"Benchmark {n}"} for n in range(count)]
    )
    product = env["product.product"].create({"name": "Care", "type": "service"})
    contracts = model.create(
        [
            {
                "name": f"Benchmark {partner.id}",
                "partner_id": partner.id,
                "company_id": company.id,
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": name,
                            "price_unit": 100,
                            "date_start": DAY,
                            "recurring_rule_type": "monthly",
                        }
                    )
                    for name in ("Care", "Spare parts")
                ],
            }
            for partner in partners
        ]
    )
    contracts.state = "active"
    env.flush_all()
    return contracts.ids


def timed(work, env, ids, given):
    """(seconds, result) of ``work(contracts, given)`` on fresh records; undone."""
    env.invalidate_all()
    env.cr.execute("SAVEPOINT bench")
    started = time.perf_counter()
    result = work(env["contract.contract"].browse(ids), given)
    env.flush_all()
    seconds = time.perf_counter() - started
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    env.invalidate_all()
    return seconds, result


def base_one_by_one(contracts, base):
    for contract in contracts:
        base._recurring_create_invoice(contract, DAY)
        contracts.env.flush_all()


def base_batch(contracts, base):
    base._recurring_create_invoice(contracts, DAY)


def bare(contracts, values):
    contracts.env["account.move"].create(values)


def ours(contracts, chunk):
    """Peak memory of the process in MB after each chunk."""
    peaks = []
    for ids in split_every(chunk, contracts.ids):
        contracts._bill_chunk(ids, DAY)
        contracts.env.flush_all()
        contracts.env.invalidate_all()
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    return peaks


def plain_values(contracts):
    values = [
        vals
        for contract in contracts
        for _contract, vals in contract._prepare_due_invoices(DAY, {})
    ]
    for vals in values:
        for _command, _id, line in vals["invoice_line_ids"]:
            line.pop("contract_line_id")
            line.pop("service_period_start")
            line.pop("service_period_end")
    return values


if __name__ == "__main__":
    main()
