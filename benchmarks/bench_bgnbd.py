"""BG/NBD maximum likelihood: this kernel against `lifetimes`, same data, same optimum.

CDNOW's 1/10 sample (from `lifetimes`), and customers simulated from the model.
Run: python benchmarks/bench_bgnbd.py
"""

import warnings

import kernel_bench as bench
import numpy as np
from lifetimes import BetaGeoFitter
from lifetimes.datasets import load_cdnow_summary
from lifetimes.generate_data import beta_geometric_nbd_model

from odoo.addons.crm_analytics.tools import bgnbd

TRUTH = (0.8, 60.0, 0.8, 2.5)


def simulated(count):
    np.random.seed(7)
    age = np.random.randint(100, 1_100, count)
    frame = beta_geometric_nbd_model(age, *TRUTH, size=count)
    recency = np.minimum(frame["recency"].round(), frame["T"])
    return frame["frequency"].to_numpy(), recency.to_numpy(), frame["T"].to_numpy()


def main():
    warnings.simplefilter("ignore")
    bench.versions("lifetimes", "numpy", "scipy")
    cdnow = load_cdnow_summary()
    sets = {
        "CDNOW, 2,357": (
            tuple(cdnow[key].to_numpy() for key in ("frequency", "recency", "T")),
            15,
        ),
        "simulated, 10,000": (simulated(10_000), 7),
        "simulated, 100,000": (simulated(100_000), 3),
    }
    for name, (data, rounds) in sets.items():
        results = {}

        def ours(data=data, results=results):
            results["ours"] = bgnbd.fit(*data).log_likelihood

        def theirs(data=data, results=results):
            fit = BetaGeoFitter().fit(*data)
            parameters = bgnbd.Parameters(*fit.params_)
            results["lifetimes"] = bgnbd.log_likelihood(parameters, *data)

        variants = {"ours": ours, "lifetimes": theirs}
        bench.row(name, bench.alternate(variants, rounds), "ours")
        bench.memory(variants)
        difference = results["ours"] - results["lifetimes"]
        print(f"    log-likelihood ours - lifetimes: {difference:+.6f}")


if __name__ == "__main__":
    main()
