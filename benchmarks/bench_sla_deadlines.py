"""Deadlines in working time: the clock kernel against resource.calendar.plan_hours.

Run: python benchmarks/bench_sla_deadlines.py -d DB
Same cases, same calendar with a holiday, over both clock changes of a year; every
result is compared. Goal: at least 100 times faster, identical.
"""

import random
import statistics
from datetime import datetime, timedelta

from database_bench import environment, seconds
from pytz import utc

CASES, ROUNDS, BULK = 300, 3, 100_000


def main():
    with environment(__doc__, "service.clock") as (env, _own):
        calendar = env["resource.calendar"].create(
            {"name": "Benchmark", "tz": "Europe/Brussels"}
        )
        env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": datetime(2026, 10, 25, 22),
                "date_to": datetime(2026, 10, 26, 22),
            }
        )
        env.flush_all()
        ratios = []
        for seed in range(ROUNDS):
            cases = make_cases(seed, CASES)
            plan, expected = seconds(
                lambda cases=cases: [
                    calendar.plan_hours(hours, start, compute_leaves=True).timestamp()
                    for start, hours in cases
                ]
            )
            env.registry.clear_cache()
            build, working = seconds(lambda: calendar._get_working_time(2026))
            pairs = [(start.timestamp(), hours * 3600) for start, hours in cases]
            kernel, found = seconds(
                lambda pairs=pairs, working=working: working.after_many(pairs)
            )
            wrong = sum(abs(a - b) > 0.01 for a, b in zip(expected, found, strict=True))
            ratios.append(plan / kernel)
            print(
                f"round {seed}: plan_hours {1e6 * plan / CASES:9.1f} us, "
                f"kernel {1e6 * kernel / CASES:6.2f} us a deadline "
                f"(calendar {1e3 * build:.0f} ms, once), "
                f"{plan / kernel:.0f}x, {wrong} of {CASES} differ"
            )
        many = [(s.timestamp(), h * 3600) for s, h in make_cases(9, BULK)]
        bulk, _found = seconds(lambda: working.after_many(many))
        print(f"{BULK:,} deadlines at once: {1e3 * bulk:.0f} ms")
        print(f"median {statistics.median(ratios):.0f}x (goal: 100x)")


def make_cases(seed, count):
    chance = random.Random(seed)
    first = datetime(2026, 1, 5, tzinfo=utc)
    return [
        (
            first + timedelta(minutes=chance.randrange(340 * 24 * 60)),
            chance.randrange(1, 160) / 4,
        )
        for _case in range(count)
    ]


if __name__ == "__main__":
    main()
