"""Association rules: this kernel against mlxtend and efficient-apriori, same rules.

Baskets of a skewed assortment in families, drawn from a fixed seed; rules with at most
three items, one on the right. A package that is not installed is left out and named.
Run: python benchmarks/bench_association_rules.py [baskets]
"""

import sys
from importlib.util import find_spec

import kernel_bench as bench
import numpy as np

from odoo.addons.crm_analytics.tools import association_rules as ar

LIMITS = ar.Limits(0.002, 0.2, 1.0)


def drawn(baskets, families=30, lines=5):
    """Lines (basket, item): mostly ten items of one family a basket, some of any."""
    random = np.random.default_rng(11)
    owner = np.repeat(np.arange(baskets), lines)
    family = np.repeat(np.minimum(random.geometric(0.1, baskets), families), lines)
    goods = family * 10 + np.minimum(random.geometric(0.3, len(owner)), 9)
    anything = random.integers(0, families * 10, len(owner))
    return owner, np.where(random.random(len(owner)) < 0.7, goods, anything)


def ours(owner, goods):
    """Rules by this kernel; their number."""
    return len(ar.rules(ar.count(owner, goods), LIMITS, owner, goods).right)


def by_efficient_apriori(owner, goods):
    """Rules with one item on the right; their number."""
    from efficient_apriori import apriori  # noqa: PLC0415 - optional

    baskets = [tuple(set(part)) for part in np.split(goods, owner[-1] + 1)]
    _sets, rules = apriori(baskets, LIMITS.support, LIMITS.confidence, max_length=3)
    return sum(len(r.rhs) == 1 and r.lift >= LIMITS.lift for r in rules)


def by_mlxtend(owner, goods):
    """Rules with one item on the right; their number."""
    from mlxtend.frequent_patterns import association_rules, fpgrowth  # noqa: PLC0415
    from pandas import DataFrame  # noqa: PLC0415 - optional

    table = np.zeros((owner[-1] + 1, goods.max() + 1), dtype=bool)
    table[owner, goods] = True
    sets = fpgrowth(DataFrame(table), LIMITS.support, max_len=3)
    rules = association_rules(
        sets, metric="confidence", min_threshold=LIMITS.confidence
    )
    rules = rules[rules["lift"] >= LIMITS.lift]
    return int((rules["consequents"].map(len) == 1).sum())


def main():
    sizes = [int(value) for value in sys.argv[1:]] or [10_000, 100_000]
    others = {"mlxtend": by_mlxtend, "efficient_apriori": by_efficient_apriori}
    variants = {"ours": ours}
    for name, run in others.items():
        if find_spec(name):
            variants[name] = run
        else:
            print(f"{name} is not installed: left out")
    bench.versions("numpy")
    for size in sizes:
        data, counts = drawn(size), {}

        def measured(name, run, data=data, counts=counts):
            def call():
                counts[name] = run(*data)

            return call

        calls = {name: measured(name, run) for name, run in variants.items()}
        bench.row(f"{size:,} baskets", bench.alternate(calls, 3), "ours")
        print(f"    rules: {counts}")
        bench.memory(calls)
        part = drawn(1_000)
        whole = ar.count(*data)
        seconds = bench.alternate(
            {
                "add 1,000": lambda w=whole, p=part: ar.add(w, ar.count(*p)),
                "recount": lambda d=data: ar.count(*d),
            },
            5,
        )
        bench.row("    pairs, incremental", seconds, "add 1,000")


if __name__ == "__main__":
    main()
