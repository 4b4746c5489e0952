"""The warning job over 100,000 open clocks: what it costs when few or none are due.

    python benchmarks/bench_sla_warning.py -c odoo.conf -d DB [--clocks N] [--due N]

Clocks of open requests are made by SQL in a copy of the database, deleted at the end;
their next event lies in the coming weeks, but for those due. Printed: how many rows of
the table PostgreSQL reads to find what is due (EXPLAIN ANALYZE), and the time of a
whole run of the job with nothing due and with ``--due`` clocks, on a hundredth of the
clocks and on all. Goal: what is read and what it takes depend on what is due alone.
"""

import json
import statistics

from database_bench import options, own_copy, seconds

from odoo import Command
from odoo.tools import SQL


def main():
    parser = options(__doc__)
    parser.add_argument("--clocks", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    with own_copy(__doc__, "service.clock", parser) as (env, chosen):
        env.cr.execute("DELETE FROM service_clock")
        level, team = prepare(env)
        print(f"{'open clocks':>12}{'due':>6}{'rows read':>11}{'job, ms':>10}")
        made = 0
        for count in (chosen.clocks // 100, chosen.clocks):
            seed(env, level, team, count - made)
            made = count
            measure(env, count, 0, chosen.rounds)
            measure(env, count, chosen.due, chosen.rounds)


def prepare(env):
    level = env["service.level"].create(
        {
            "name": "Benchmark",
            "line_ids": [Command.create({"resolution_hours": 80})],
            "step_ids": [Command.create({"percent": 75})],
        }
    )
    return level, env["helpdesk.ticket.team"].create({"name": "Benchmark"})


def seed(env, level, team, count):
    """``count`` open requests with a clock each, next event in 1 to 28 days."""
    env.flush_all()
    stage = team._get_applicable_stages()[:1]
    env.cr.execute(
        SQL(
            """
            WITH tickets AS (
                INSERT INTO helpdesk_ticket (number, name, description, company_id,
                       team_id, stage_id, kind, active, create_date)
                SELECT 'B' || n, 'Request ' || n, 'x', %(company)s, %(team)s,
                       %(stage)s, 'incident', true, now()
                  FROM generate_series(1, %(count)s) AS n
                RETURNING id, company_id, team_id
            )
            INSERT INTO service_clock (ticket_id, company_id, team_id, kind, level_id,
                   calendar_id, target_hours, state, segments, start_date, deadline,
                   next_event, next_percent, done_percent)
            SELECT id, company_id, team_id, 'resolution', %(level)s, %(calendar)s, 80,
                   'running',
                   jsonb_build_array(jsonb_build_array(
                       extract(epoch FROM date_trunc('second', now())), NULL, true,
                       'New', %(calendar)s)),
                   now() AT TIME ZONE 'UTC',
                   now() AT TIME ZONE 'UTC' + interval '29 days',
                   now() AT TIME ZONE 'UTC' + interval '1 day' * (1 + id %% 28), 75, 0
              FROM tickets
            """,
            company=env.company.id,
            team=team.id,
            stage=stage.id,
            count=count,
            level=level.id,
            calendar=level.calendar_id.id or None,
        )
    )
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE service_clock, helpdesk_ticket")
    env.cr._cnx.autocommit = False
    env.invalidate_all()


def measure(env, clocks, due, rounds):
    times, read = [], 0
    for _turn in range(rounds):
        env.cr.execute(
            """
            UPDATE service_clock SET next_event = now() AT TIME ZONE 'UTC'
             WHERE id IN (SELECT id FROM service_clock WHERE done_percent = 0
                           ORDER BY id LIMIT %s)
            """,
            [due],
        )
        env.invalidate_all()
        read = rows_read(env)
        took, _none = seconds(lambda: run(env, due))
        times.append(1e3 * took)
        env.cr.commit()
        env.invalidate_all()
    print(f"{clocks:>12}{due:>6}{read:>11}{statistics.median(times):>10.1f}")


def run(env, due):
    """A run of the job, which commits: all batches until nothing is due."""
    Clock = env["service.clock"]
    domain = Clock._get_due_domain()
    while Clock.search_count(domain):
        Clock._cron_escalate()
    if not due:
        Clock._cron_escalate()
    env.flush_all()


def rows_read(env):
    """Rows that PostgreSQL takes from the table to find the clocks due."""
    Clock = env["service.clock"]
    query = Clock._search(
        Clock._get_due_domain(), order="next_event, id", limit=200
    ).select()
    env.cr.execute(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query))
    [[plan]] = env.cr.fetchone()
    return touched(plan["Plan"] if isinstance(plan, dict) else json.loads(plan))


def touched(node):
    """Rows a plan reads from tables and indexes, those thrown away included."""
    own = 0
    if "Scan" in node["Node Type"] and node["Node Type"] != "Bitmap Heap Scan":
        own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(own * node["Actual Loops"]) + sum(map(touched, node.get("Plans", [])))


if __name__ == "__main__":
    main()
