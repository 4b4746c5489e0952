"""Price lists of the demo company: a new one each half year, and groups of customers.

Prices are those of the list of today times a factor; days are dates.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

YEARLY = 1.03  # what prices rise in a year
BY_HAND = 0.985  # of a price between 0.98 and 1.02 of the list: one of eight
HISTORY = 8  # half years
NO_PRICE_LIST = ("loss",)  # nothing was agreed: each price is entered by hand


class Rule(NamedTuple):
    """Percent off the list of today, from a day to a day; services have no discount."""

    first: datetime.date
    last: datetime.date
    percent: float
    services: bool


def sold_for(
    price: float, day: datetime.date, today: datetime.date, noise: float
) -> float:
    """Return the list price of ``day``; one of eight is ``noise`` times it."""
    factor = list_factor(half_years(day, today))
    return round(price * factor * (noise if noise < BY_HAND else 1), 2)


def half_years(day: datetime.date, today: datetime.date) -> int:
    """Return how many price lists ago ``day`` was."""
    return 2 * (today.year - day.year) + (today.month > 6) - (day.month > 6)


def list_factor(number: int) -> float:
    """Return the list price of ``number`` half years ago for one of today."""
    return YEARLY ** (-number / 2)


def half_year(number: int, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return first and last day of the half year ``number`` half years ago.

    >>> half_year(1, datetime.date(2026, 3, 9))
    (datetime.date(2025, 7, 1), datetime.date(2025, 12, 31))
    """
    year, second = divmod(2 * today.year + (today.month > 6) - number, 2)
    if second:
        return datetime.date(year, 7, 1), datetime.date(year, 12, 31)
    return datetime.date(year, 1, 1), datetime.date(year, 6, 30)


def build_rules(discount: float, today: datetime.date) -> list[Rule]:
    """Return the rules of a price list with ``discount`` percent for goods."""
    rules = []
    for number in range(HISTORY):
        first, last = half_year(number, today)
        factor = list_factor(number)
        if discount:
            rules.append(Rule(first, last, 100 * (1 - factor), True))
        goods = 100 * (1 - factor * (1 - discount / 100))
        if goods:
            rules.append(Rule(first, last, goods, False))
    return rules


def group_key(kind: str, discount: float, currency: str) -> str:
    """Return the name of the price list of a kind of customer.

    >>> group_key("key", 10, "EUR")
    'pricelist_EUR_10'
    >>> group_key("loss", 44, "EUR")
    'pricelist_EUR'
    """
    agreed = 0 if kind in NO_PRICE_LIST else discount
    return f"pricelist_{currency}_{agreed:g}" if agreed else f"pricelist_{currency}"


def usual_products(orders, customer: str, since: datetime.date) -> dict[str, float]:
    """Return {product: quantity} that ``customer`` ordered since, the largest first.

    :param orders: objects with ``customer``, ``ordered``, ``state`` and ``lines``
    """
    found: dict[str, float] = {}
    for order in orders:
        if order.customer == customer and order.ordered.date() >= since:
            for line in order.lines:
                found[line.product] = found.get(line.product, 0.0) + line.quantity
    return dict(sorted(found.items(), key=lambda item: -item[1]))
