"""Memory of a full run's steps of values: what 4 times the customers take more.

Documents without lines (two a customer), so that half a million customers are loaded in
minutes; BENCH_CUSTOMERS says how many. The steps are those that look at each customer:
facts, months, features (RFM's figures, loyalty, risk, P(alive), lifetime value) and
values (scores, ABC, class).
"""

import os
import sys

import database_bench as bench
import ledger_data
from memory_bench import Peak

STEPS = ("facts", "months", "features", "values")


def load(env, count):
    """A company with ``count`` customers and their documents."""
    company = env["res.company"].create({"name": f"Benchmark {count}"})
    journal = env["account.journal"].create(
        {"name": "B", "code": "BNCH", "type": "sale", "company_id": company.id}
    )
    ids = ledger_data.customers(env.cr, count)
    env.flush_all()
    env.cr.execute("SELECT setseed(0.42)")
    with ledger_data.bulk_load(env.cr, ["account_move"]):
        env.cr.execute(
            """
            INSERT INTO account_move (name, state, move_type, company_id, journal_id,
                partner_id, commercial_partner_id, currency_id, date, invoice_date,
                amount_untaxed_signed, auto_post)
            SELECT 'B/' || p.id || '/' || i, 'posted', 'out_invoice', %(company)s,
                   %(journal)s, p.id, p.id, %(currency)s, d.day, d.day,
                   round((random() * 900 + 100)::numeric, 2), 'no'
              FROM unnest(%(ids)s) AS p(id)
        CROSS JOIN LATERAL generate_series(1,
                   1 + (-ln(1 - random()) * 1.5)::int + 0 * p.id) i
        CROSS JOIN LATERAL (
            SELECT %(as_of)s::date - (random() * 1095)::int + 0 * i AS day) d""",
            {
                "company": company.id,
                "journal": journal.id,
                "currency": company.currency_id.id,
                "ids": ids,
                "as_of": ledger_data.AS_OF,
            },
        )
        count = env.cr.rowcount
    env.cr.execute("ANALYZE account_move")
    return company, count


def measured(env, company):
    """Seconds and MB of each step of a full run."""
    Run = env["crm.value.run"].sudo()
    run = Run._prepare(company, "full", ledger_data.AS_OF, None)
    found = []
    for code in STEPS:
        step = run.step_ids.filtered(lambda step, code=code: step.code == code)
        with Peak() as memory:
            seconds, _result = bench.seconds(lambda step=step: run._execute_step(step))
        found.append((code, seconds, memory.grown))
    return found


def main():
    most = int((os.environ.get("BENCH_CUSTOMERS") or "40000").split()[-1])
    sizes = (most // 4, most)
    with bench.environment(__doc__, "crm.customer.value") as (env, _own):
        rows = []
        measured(env, load(env, 1_000)[0])  # libraries loaded, caches filled
        for size in sizes:
            company, documents = load(env, size)
            rows.append((size, documents, measured(env, company)))
    head = "".join(f" {size:,} customers | MB |" for size in sizes)
    sys.stdout.write(f"\n| step |{head}\n|---|{'---:|---:|' * len(sizes)}\n")
    for index, code in enumerate(STEPS):
        cells = "".join(
            f" {found[index][1]:.1f} s | {found[index][2]:.0f} |"
            for _size, _documents, found in rows
        )
        sys.stdout.write(f"| {code} |{cells}\n")
    sys.stdout.write(f"\nDocuments: {[row[1] for row in rows]}\n")


if __name__ == "__main__":
    main()
