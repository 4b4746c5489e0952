"""Registration of requests: with decision and clocks against without them.

Run: python benchmarks/bench_ticket_registration.py -d DB
In one run and database, alternating; "bare" leaves out decision and clocks and is
otherwise the same create. Goal: at most 1.5 times the bare one.
"""

import statistics
from unittest.mock import patch

from database_bench import environment, seconds

from odoo import Command

COUNT, ROUNDS = 60, 7


def main():
    with environment(__doc__, "service.clock") as (env, _own):
        partner, team = prepare(env)
        model = env.registry["helpdesk.ticket"]
        nothing = {
            "_register_decisions": lambda *_args: None,
            "_start_clocks": lambda *_args: None,
        }

        def bare(batch):
            with patch.multiple(model, **nothing):
                register(env, partner, team, batch)

        def ours(batch):
            register(env, partner, team, batch)

        for batch in (1, COUNT):
            times = {"bare": [], "ours": []}
            for number in range(ROUNDS + 1):
                for name, function in (("bare", bare), ("ours", ours)):
                    taken, _result = seconds(lambda f=function, b=batch: f(b))
                    if number:  # the first round warms the caches
                        times[name].append(1e3 * taken / COUNT)
            plain, full = (statistics.median(times[name]) for name in times)
            print(
                f"batches of {batch:3}: bare {plain:5.2f} ms, with decision and two "
                f"clocks {full:5.2f} ms a request: {full / plain:.2f}x (goal: 1.5x)"
            )


def prepare(env):
    promise = {"response_hours": 4, "resolution_hours": 16}
    level = env["service.level"].create(
        {
            "name": "Benchmark",
            "line_ids": [Command.create(promise)],
            "step_ids": [Command.create({"percent": 75})],
        }
    )
    team = env["helpdesk.ticket.team"].create(
        {"name": "Benchmark", "service_level_id": level.id}
    )
    partner = env["res.partner"].create({"name": "Benchmark", "is_company": True})
    env["contract.contract"].create(
        {
            "name": "Benchmark",
            "partner_id": partner.id,
            "service_level_id": level.id,
            "state": "active",
        }
    )
    return partner, team


def register(env, partner, team, batch):
    for start in range(0, COUNT, batch):
        env["helpdesk.ticket"].create(
            [
                {
                    "name": f"Request {start + index}",
                    "description": "It does not turn",
                    "partner_id": partner.id,
                    "team_id": team.id,
                }
                for index in range(batch)
            ]
        )
        env.flush_all()
        env.invalidate_all()


if __name__ == "__main__":
    main()
