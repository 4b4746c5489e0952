"""Customers as BG/NBD takes them to be: they buy at a rate of their own, and leave."""

import numpy as np

RATE = 4, 200  # shape, and days: one purchase in 50 days
LEAVING = 1.5, 8.0  # a sixth leave after a purchase


def histories(seed, count, oldest=700):
    """Purchase days, days from the first to the last one, and age; shape (count,)."""
    rng = np.random.default_rng(seed)
    age = np.linspace(oldest * 3 / 7, oldest, count).round()
    days, last = np.ones(count), np.zeros(count)
    rates = rng.gamma(RATE[0], 1 / RATE[1], count)
    leaves = rng.beta(*LEAVING, count)
    for row in range(count):
        day = rng.exponential(1 / rates[row])
        while day < age[row]:
            days[row] += 1
            last[row] = day
            if rng.random() < leaves[row]:
                break
            day += rng.exponential(1 / rates[row])
    return days, last, age
