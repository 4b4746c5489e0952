"""Shared by the benchmarks of kernels: variants in turns, median CPU time."""

import os
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # idle BLAS threads burn CPU

from memory_bench import grown

import odoo.init

import odoo.addons

odoo.addons.__path__.append(str(Path(__file__).parents[1] / "addons"))


def alternate(
    variants: Mapping[str, Callable[[], object]], rounds: int
) -> dict[str, float]:
    """Median CPU seconds of each variant, run in turns."""
    times: dict[str, list[float]] = {name: [] for name in variants}
    for _round in range(rounds):
        for name, run in variants.items():
            start = time.process_time()
            run()
            times[name].append(time.process_time() - start)
    return {name: median(values) for name, values in times.items()}


def row(data: str, seconds: Mapping[str, float], ours: str) -> None:
    """Print one line: seconds of each, and the others' multiple of ours."""
    cells = " ".join(f"{name} {value:9.4f} s" for name, value in seconds.items())
    ratios = " ".join(
        f"{name} {value / seconds[ours]:.1f}x"
        for name, value in seconds.items()
        if name != ours
    )
    print(f"{data:<28} | {cells} | {ratios}")


def memory(variants: Mapping[str, Callable[[], object]]) -> None:
    """Print the peak of memory of each variant, above what the data take."""
    cells = " ".join(f"{name} {grown(run):.1f} MB" for name, run in variants.items())
    print(f"    peak of memory: {cells}")


def versions(*packages: str) -> None:
    """Print what was compared, on what."""
    found = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"python {platform.python_version()}, {found}")
