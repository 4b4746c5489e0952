"""The CDNOW 1/10 sample of Fader and Hardie, from the package `lifetimes`."""

import csv
from datetime import date
from importlib.resources import files
from typing import NamedTuple

import numpy as np

CUT = date(1997, 9, 30)


class Sample(NamedTuple):
    """Calibration to week 39, in weeks, money of repeats, and what came after."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    mean: np.ndarray  # mean money of repeat purchase days, 0 without any
    half_year: np.ndarray  # money of the 26 weeks before the cut
    later: np.ndarray  # purchase days in the 39 weeks after the cut
    later_money: np.ndarray


def summary():
    """Rows (x, t_x, T) as published, shape (2357, 3)."""
    path = files("lifetimes") / "datasets" / "cdnow_customers_summary.csv"
    rows = list(csv.DictReader(path.read_text().splitlines()))
    return np.array(
        [[float(row[key]) for key in ("frequency", "recency", "T")] for row in rows]
    ).T


def sample() -> Sample:
    """Aggregated from the single transactions."""
    path = files("lifetimes") / "datasets" / "CDNOW_sample.txt"
    spent: dict[str, dict[date, float]] = {}
    for line in path.read_text().splitlines():
        _master, customer, day, _discs, money = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        days = spent.setdefault(customer, {})
        days[when] = days.get(when, 0.0) + float(money)
    rows = []
    for days in spent.values():
        before = sorted(day for day in days if day <= CUT)
        first, repeats = before[0], before[1:]
        rows.append(
            (
                len(repeats),
                (before[-1] - first).days / 7,
                (CUT - first).days / 7,
                np.mean([days[day] for day in repeats]) if repeats else 0.0,
                sum(days[day] for day in before if (CUT - day).days < 182),
                sum(day > CUT for day in days),
                sum(money for day, money in days.items() if day > CUT),
            )
        )
    return Sample(*np.array(rows).T)
