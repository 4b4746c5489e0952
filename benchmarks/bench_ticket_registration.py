"""Registration of requests: ours with decision and two clocks against its bases.

    BASE_DATABASE=BARE python benchmarks/bench_ticket_registration.py -c odoo.conf -d DB

Three databases of one server, the same creates in turns, everything rolled back:

* helpdesk_mgmt: the database of the dependencies, without our addons
* helpdesk_mgmt + helpdesk_mgmt_sla: a copy of it, made here, whose team has one policy
  (one clock a request), and again with two
* crm_service: decision and two clocks, for a customer with a contract

``make bench`` finds the bare database by itself. Goal: at most 1.5 times the first,
and faster than the second.
"""

import statistics

from database_bench import (
    bare_database,
    copy_with,
    entered,
    environment,
    options,
    seconds,
)

from odoo import Command

GOAL = 1.5
PEER = "helpdesk_mgmt_sla"
PROMISED = {"response": 4, "resolution": 16}  # working hours


def main():
    parser = options(__doc__)
    parser.add_argument("--requests", type=int, default=60, help="of a round")
    parser.add_argument("--rounds", type=int, default=9)
    with environment(__doc__, "service.clock", parser) as (env, chosen):
        bare = bare_database(env.cr.dbname)
        with (
            copy_with(bare, [PEER]) as peer,
            entered(bare) as base,
            entered(peer) as sla,
        ):
            variants = {
                "helpdesk_mgmt": (base, prepare(base)),
                f"+ {PEER}, 1 clock": (sla, prepare_policies(sla, ["response"])),
                f"+ {PEER}, 2 clocks": (sla, prepare_policies(sla, PROMISED)),
                "crm_service": (env, prepare_contract(env)),
            }
            for batch in (1, chosen.requests):
                report(batch, measure(variants, batch, chosen))


def measure(variants, batch, chosen):
    """{variant: median ms a request}"""
    times = {name: [] for name in variants}
    for turn in range(chosen.rounds + 1):
        for name, (env, values) in variants.items():
            taken, _none = seconds(
                lambda e=env, v=values: register(e, v, batch, chosen.requests)
            )
            if turn:  # the first round warms the caches
                times[name].append(1e3 * taken / chosen.requests)
    return {name: statistics.median(each) for name, each in times.items()}


def report(batch, medians):
    bare = medians["helpdesk_mgmt"]
    print(f"\nbatches of {batch}: medians, ms a request (goal {GOAL}x, and below sla)")
    for name, each in medians.items():
        print(f"{name:<32}{each:>8.2f}{each / bare:>7.2f}x")


def prepare(env, **values):
    """Values of a request of a new team and customer."""
    team = env["helpdesk.ticket.team"].create({"name": "Benchmark", **values})
    partner = env["res.partner"].create({"name": "Benchmark", "is_company": True})
    return {"team_id": team.id, "partner_id": partner.id}


def prepare_policies(env, kinds):
    calendar = env.company.resource_calendar_id
    values = prepare(env, use_sla=True, resource_calendar_id=calendar.id)
    closed = env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
    env["helpdesk.sla"].create(
        [
            {
                "name": f"Benchmark {kind}",
                "hours": PROMISED[kind],
                "team_ids": [Command.set([values["team_id"]])],
                "stage_id": closed.id,
            }
            for kind in kinds
        ]
    )
    return values


def prepare_contract(env):
    level = env["service.level"].create(
        {
            "name": "Benchmark",
            "line_ids": [
                Command.create({f"{kind}_hours": h for kind, h in PROMISED.items()})
            ],
            "step_ids": [Command.create({"percent": 75})],
        }
    )
    values = prepare(env, service_level_id=level.id)
    env["contract.contract"].create(
        {
            "name": "Benchmark",
            "partner_id": values["partner_id"],
            "service_level_id": level.id,
            "state": "active",
        }
    )
    return values


def register(env, values, batch, requests):
    for start in range(0, requests, batch):
        env["helpdesk.ticket"].create(
            [
                {
                    "name": f"Request {start + index}",
                    "description": "It does not turn",
                    **values,
                }
                for index in range(batch)
            ]
        )
        env.flush_all()
        env.invalidate_all()


if __name__ == "__main__":
    main()
