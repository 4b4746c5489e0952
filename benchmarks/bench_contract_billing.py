"""Billing of monthly contracts: ours against the contract base and bare creation.

Seeds CONTRACTS contracts of two lines (default 3000) in a company with a chart of
accounts, then bills the same period in four ways, each rolled back:

* base, one by one: the method of the base, a call per contract (its failure path)
* base, batch: the method of the base, one call for all (its cron without failure)
* bare: ``account.move.create`` of the same values, the floor
* ours: locked chunks as the cron runs them, without its commits

    odoo shell -c odoo.conf -d DB --no-http < benchmarks/bench_contract_billing.py

The methods of the base run on this registry: fields computed by crm_service are
computed in all four.
"""

import os
import resource
import time
from datetime import date

from odoo.fields import Command
from odoo.tools import split_every

from odoo.addons.contract.models.contract import ContractContract as Base
from odoo.addons.crm_service.models.contract_contract_billing import CHUNK

COUNT = int(os.environ.get("CONTRACTS", "3000"))
SAMPLE = min(COUNT, int(os.environ.get("SAMPLE", "300")))
DAY = date(2025, 1, 1)
env = globals()["env"](context={"tracking_disable": True})  # given by odoo shell


def seed():
    company = env["res.company"].search([("chart_template", "!=", False)], limit=1)
    if not company:
        company = env.company
        env["account.chart.template"].try_loading("generic_coa", company=company)
    model = env["contract.contract"].with_company(company)
    partners = env["res.partner"].create(
        [{"name": f"Benchmark {n}"} for n in range(COUNT)]
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


def timed(work, ids):
    """Return seconds of ``work`` on fresh records, and undo it."""
    env.invalidate_all()
    env.cr.execute("SAVEPOINT bench")
    started = time.perf_counter()
    work(env["contract.contract"].browse(ids))
    env.flush_all()
    seconds = time.perf_counter() - started
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    env.invalidate_all()
    return seconds


def base_one_by_one(contracts):
    for contract in contracts:
        Base._recurring_create_invoice(contract, DAY)
        env.flush_all()


def base_batch(contracts):
    Base._recurring_create_invoice(contracts, DAY)


def bare(contracts):
    global VALUES
    started = time.perf_counter()
    env["account.move"].create(VALUES)
    env.flush_all()
    return time.perf_counter() - started


peaks = []


def ours(contracts):
    for chunk in split_every(CHUNK, contracts.ids):
        contracts._bill_chunk(chunk, DAY)
        env.flush_all()
        env.invalidate_all()
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


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


ids = seed()
timed(ours, ids[:20])  # warm caches, for all alike
peaks.clear()
ours_seconds = timed(ours, ids)
VALUES = plain_values(env["contract.contract"].browse(ids))
rows = [
    ("base, one by one", timed(base_one_by_one, ids[:SAMPLE]) / SAMPLE),
    ("base, batch", timed(base_batch, ids) / COUNT),
    ("bare account.move.create", timed(bare, ids) / COUNT),
    ("ours, chunks", ours_seconds / COUNT),
]
mine = rows[-1][1]
print(f"\n{COUNT} contracts of 2 lines, chunks of {CHUNK}")
print(f"{'way':<28}{'ms per invoice':>16}{'ours is faster by':>20}")
for name, seconds in rows:
    print(f"{name:<28}{seconds * 1000:>16.2f}{seconds / mine:>19.2f}x")
third = max(len(peaks) // 3, 1)
print(f"peak memory, MB: after a third {peaks[third - 1]}, at the end {peaks[-1]}")
env.cr.rollback()
