"""Snapshot of the open pipeline: one statement against a loop through the ORM.

Seeds open deals by SQL into a database that has crm_b2b, takes the snapshot, and writes
a sample of the same rows one deal at a time. Everything is rolled back.

    odoo shell -c odoo.conf -d DB --no-http < benchmarks/bench_forecast_snapshot.py

DEALS (default 100000) and SAMPLE (default 1000) may be set in the environment.
"""

import os
import statistics
import time
from datetime import timedelta

from odoo import models

DEALS = int(os.environ.get("DEALS", "100000"))
SAMPLE = int(os.environ.get("SAMPLE", "1000"))
env = globals()["env"]  # given by odoo shell


def seed():
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
        [env.uid, env.company.id, DEALS],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute("ANALYZE crm_lead")
    env.invalidate_all()
    return ids


def one_statement(day):
    started = time.perf_counter()
    rows = env["crm.forecast.snapshot"]._take(day)
    return rows, time.perf_counter() - started


def orm_loop(ids, day):
    """Read and write deal by deal, as a loop in a cron would (model's guard lifted)."""
    Snapshot = env["crm.forecast.snapshot"]
    env.invalidate_all()
    started = time.perf_counter()
    for lead in env["crm.lead"].browse(ids):
        values = {
            "snapshot_date": day,
            "lead_id": lead.id,
            "lead_key": lead.id,
            "company_id": lead.company_id.id,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "stage_id": lead.stage_id.id,
            "partner_id": lead.partner_id.id,
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


ids = seed()
today = env.cr.now().date() + timedelta(days=3650)
statement, loop = [], []
for turn in range(3):
    rows, seconds = one_statement(today + timedelta(days=7 * turn))
    statement.append(seconds / rows)
    loop.append(orm_loop(ids[:SAMPLE], today + timedelta(days=700 + turn)) / SAMPLE)
fast, slow = statistics.median(statement), statistics.median(loop)
env.cr.execute("SHOW server_version")
version = env.cr.fetchone()[0]
print(f"PostgreSQL {version}, {rows} deals, ORM sample {SAMPLE}, medians of 3")
print(f"{'one statement':<16}{fast * 1e6:>10.1f} us/deal{fast * rows:>10.2f} s in all")
print(f"{'ORM loop':<16}{slow * 1e6:>10.1f} us/deal{slow * rows:>10.2f} s extrapolated")
print(f"ratio {slow / fast:.0f}x (goal 50x)")
env.cr.rollback()
