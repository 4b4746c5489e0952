"""Snapshot of the open pipeline: one statement against a loop through the ORM.

Seeds open deals by SQL into a database that has crm_b2b, takes the snapshot, and writes
a sample of the same rows one deal at a time. Everything is rolled back.

    python benchmarks/bench_forecast_snapshot.py -c odoo.conf -d DB [--deals N]
"""

import statistics
import time
from datetime import timedelta

from database_bench import environment, options

from odoo import models


def main():
    parser = options(__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=1_000, help="deals of the loop")
    with environment(__doc__, "crm.forecast.snapshot", parser) as (env, own):
        ids = seed(env, own.deals)
        today = env.cr.now().date() + timedelta(days=3650)
        statement, loop = [], []
        for turn in range(3):
            rows, seconds = one_statement(env, today + timedelta(days=7 * turn))
            statement.append(seconds / rows)
            day = today + timedelta(days=700 + turn)
            loop.append(orm_loop(env, ids[: own.sample], day) / own.sample)
        env.cr.execute("SHOW server_version")
        report(env.cr.fetchone()[0], rows, own.sample, statement, loop)


def report(version, rows, sample, statement, loop):
    fast, slow = statistics.median(statement), statistics.median(loop)
    print(f"PostgreSQL {version}, {rows} deals, ORM sample {sample}, medians of 3")
    for name, each in (("one statement", fast), ("ORM loop, scaled", slow)):
        print(f"{name:<18}{each * 1e6:>10.1f} us/deal{each * rows:>10.2f} s in all")
    print(f"ratio {slow / fast:.0f}x (goal 50x)")


def seed(env, count):
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO crm_lead (
               name, type, active, won_status, user_id, team_id, stage_id, company_id,
               expected_revenue, probability, automated_probability,
               forecast_category, date_deadline, create_date)
        SELECT 'Deal ' || n, 'opportunity', true, 'pending', %s, t.id, s.id, %s,
               1000 + n %% 997, n %% 100, n %% 90, 'pipeline',
               current_date + n %% 200, now()
          FROM generate_series(1, %s) AS n,
               (SELECT min(id) AS id FROM crm_team) AS t,
               (SELECT min(id) AS id FROM crm_stage) AS s
        RETURNING id
        """,
        [env.uid, env.company.id, count],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute("ANALYZE crm_lead")
    env.invalidate_all()
    return ids


def one_statement(env, day):
    started = time.perf_counter()
    rows = env["crm.forecast.snapshot"]._take(day)
    return rows, time.perf_counter() - started


def orm_loop(env, ids, day):
    """Read and write deal by deal, as a loop in a cron would (model's guard lifted)."""
    Snapshot = env["crm.forecast.snapshot.row"]
    env.invalidate_all()
    started = time.perf_counter()
    for lead in env["crm.lead"].browse(ids):
        values = {
            "snapshot_date": day,
            "lead_key": lead.id,
            "company_key": lead.company_id.id,
            "user_key": lead.user_id.id,
            "team_key": lead.team_id.id,
            "stage_key": lead.stage_id.id,
            "partner_key": lead.partner_id.id,
            "forecast_category": lead.forecast_category,
            "status": lead.won_status,
            "probability": lead.probability,
            "predicted": lead.automated_probability,
            "amount": lead.expected_revenue,
            "weighted_amount": lead.expected_revenue * lead.probability / 100,
            "date_deadline": lead.date_deadline,
        }
        models.BaseModel.create(Snapshot, [values])
    env.flush_all()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
