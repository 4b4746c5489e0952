"""Plan the demo company: who exists, and who buys what, when, and pays when.

``build_plan(today, seed)`` is pure: the same day and seed give the same plan. Every
customer draws from its own generator, so that adding one does not change the others.
Dates are working days (Monday to Friday) and never later than ``today``, except those
that promise something. Prices are US dollars per unit; the shell converts them.
"""

import datetime
import random
from typing import NamedTuple

from . import demo_catalog as catalog
from .demo_pipeline import build_deals
from .demo_prices import sold_for

HISTORY_DAYS = 3 * 365
DAY = datetime.timedelta(days=1)


class Contact(NamedTuple):
    key: str
    name: str
    function: str
    email: str


class Site(NamedTuple):
    key: str
    name: str
    city: str
    is_company: bool


class Customer(NamedTuple):
    key: str
    name: str
    kind: str
    country: str
    city: str
    industry: str
    currency: str
    team: str
    seller: str
    term_days: int
    since: datetime.date  # known to the company since
    contacts: tuple
    sites: tuple


class Line(NamedTuple):
    product: str
    quantity: float
    price: float  # before discount
    discount: float  # percent
    cost: float
    lot: int  # number of the lot delivered, 0 for products kept without lots


class Order(NamedTuple):
    key: str
    customer: str
    site: str  # key of a site, or "" for the customer's own address
    seller: str
    ordered: datetime.datetime
    promised: datetime.date
    delivered: datetime.date | None
    part: float  # share of each line that was delivered
    invoiced: datetime.date | None
    payments: tuple  # ((date, share of what is open), ...)
    refund: tuple | None  # (date, share of the first line)
    state: str  # sale, cancel
    lines: tuple


class Plan(NamedTuple):
    today: datetime.date
    customers: tuple
    orders: tuple
    deals: tuple


class Pattern(NamedTuple):
    """How a kind of customer buys and pays."""

    gap: float  # days between orders at normal pace
    size: float  # quantity against the product's typical one
    basket: int  # products it buys regularly
    discount: float  # percent off the list
    delay: tuple  # days paid after (before) the due date, from and to
    refunds: float  # share of orders with a complaint
    terms: int


PATTERNS = {
    "key": Pattern(33, 2.6, 6, 10, (-4, 6), 0.02, 45),
    "steady": Pattern(53, 1.0, 5, 4, (-3, 10), 0.01, 30),
    "growing": Pattern(56, 0.9, 5, 5, (-3, 9), 0.01, 30),
    "declining": Pattern(42, 1.5, 4, 5, (0, 18), 0.03, 30),
    "transactional": Pattern(210, 0.45, 2, 0, (-2, 12), 0.0, 15),
    "new": Pattern(26, 0.8, 4, 3, (-2, 8), 0.0, 30),
    "dormant": Pattern(44, 1.0, 3, 2, (0, 25), 0.03, 30),
    "loss": Pattern(60, 1.8, 3, 54, (5, 30), 0.22, 45),
    "bad_payer": Pattern(64, 1.0, 4, 3, (25, 75), 0.02, 30),
    "credit_trouble": Pattern(52, 1.6, 4, 4, (30, 80), 0.0, 30),
    "distributor": Pattern(45, 1.7, 8, 18, (-5, 7), 0.01, 45),
}


def pace(kind, age):
    """Return (speed, size), the buying pace ``age`` days before today.

    A speed of 2 halves the days between two orders, 0 means it does not buy.
    """
    months = age / 30.4
    if kind == "growing":
        return 0.6 + 1.3 * (1 - months / 36), 0.6 + 0.9 * (1 - months / 36)
    if kind == "declining":
        return (1.0, 1.0) if months > 11 else (0.25 + months * 0.04, 0.5)
    if kind == "new":
        return (1.0, 1.0) if months <= 5 else (0.0, 0.0)
    if kind == "dormant":
        return (1.0, 1.0) if months >= 26 else (0.0, 0.0)
    return 1.0, 1.0


def payday(day):
    """Return the Friday on or after ``day``: customers pay in weekly runs."""
    return day + DAY * ((4 - day.weekday()) % 7)


def workday(day):
    """Return ``day``, or the Friday before when it falls on a weekend."""
    return day - DAY * max(0, day.weekday() - 4)


def build_plan(today, seed=20, customers_per_kind=None):
    """Return the whole :class:`Plan`.

    ``customers_per_kind``: keep only so many of each kind (a small plan for tests).
    """
    customers, orders = [], []
    for kind, rows in catalog.CUSTOMERS.items():
        for number, row in enumerate(rows[:customers_per_kind], 1):
            rng = random.Random(f"{seed}:{kind}:{number}")
            customer = _build_customer(rng, kind, number, row, today)
            customers.append(customer)
            orders += _build_orders(rng, customer, today)
    orders.sort(key=lambda order: (order.ordered, order.key))
    deals = build_deals(random.Random(f"{seed}:deals"), customers, orders, today)
    return Plan(today, tuple(customers), tuple(orders), tuple(deals))


def _build_customer(rng, kind, number, row, today):
    name, country, city, industry = row
    key = f"{kind}_{number}"
    team = next(team.key for team in catalog.TEAMS if country in team.countries)
    sellers = [person.login for person in catalog.PEOPLE if person.team == team]
    abroad = number <= 3 and kind in ("key", "distributor")
    currency = {"DE": "EUR", "CN": "CNY"}.get(country, "USD") if abroad else "USD"
    first_names = catalog.FIRST_NAMES.get(country) or catalog.FIRST_NAMES[""]
    last_names = catalog.LAST_NAMES.get(country) or catalog.LAST_NAMES[""]
    contacts = []
    count = {"key": 5, "transactional": 1}.get(kind, 3)
    for index, first in enumerate(rng.sample(first_names, count)):
        full = first if country == "CN" else f"{first} {rng.choice(last_names)}"
        email = f"contact{index + 1}@{key.replace('_', '-')}.example"
        contacts.append(
            Contact(f"{key}_c{index + 1}", full, catalog.FUNCTIONS[index], email)
        )
    sites = tuple(
        Site(f"{key}_s{index}", *site)
        for index, site in enumerate(catalog.SITES.get(name, ()), 1)
    )
    known = 150 if kind == "new" else HISTORY_DAYS + rng.randrange(20, 900)
    return Customer(
        key, name, kind, country, city, industry, currency, team,
        sellers[number % len(sellers)], PATTERNS[kind].terms,
        workday(today - DAY * known), tuple(contacts), sites,
    )  # fmt: skip


def _build_orders(rng, customer, today):
    pattern = PATTERNS[customer.kind]
    basket = _draw_basket(rng, customer, pattern)
    orders, age = [], HISTORY_DAYS - rng.uniform(0.2, 1.0) * pattern.gap
    while age > 0:
        speed, size = pace(customer.kind, age)
        if not speed:
            age -= 7
            continue
        day = workday(today - DAY * int(age))
        key = f"{customer.key}_o{len(orders) + 1}"
        scale = size * pattern.size
        orders.append(_build_order(rng, customer, basket, key, day, scale, today))
        age -= pattern.gap / speed * rng.uniform(0.7, 1.3)
    return orders


def _draw_basket(rng, customer, pattern):
    """Return the products a customer buys regularly, the most usual ones first."""
    own = list(catalog.INDUSTRIES[customer.industry][1])
    first, rest = own[:2], own[2:]
    basket = first + rng.sample(rest, min(len(rest), max(0, pattern.basket - 2)))
    if customer.kind in ("key", "steady", "growing") and rng.random() < 0.6:
        basket.append(rng.choice(("sv100", "sv200")))
    return basket


def _build_order(rng, customer, basket, key, day, scale, today):
    pattern = PATTERNS[customer.kind]
    ordered = datetime.datetime.combine(
        day, datetime.time(rng.randrange(7, 10), rng.randrange(60))
    )
    promised = workday(day + DAY * rng.choice((12, 15, 16)))
    late = rng.choice((3, 5, 9, 14)) if rng.random() < 0.14 else rng.choice((-2, -1, 0))
    delivered = max(day, workday(promised + DAY * late))
    state = "cancel" if rng.random() < 0.015 else "sale"
    lines = _build_lines(rng, customer, basket, scale, day, today)
    part = 1.0
    if delivered > today or state == "cancel":
        delivered = None
        if state == "sale" and promised - DAY * 6 <= today and rng.random() < 0.5:
            delivered, part = workday(max(day, min(today, promised - DAY * 6))), 0.5
    invoiced = delivered and workday(delivered + DAY * rng.choice((0, 1, 3)))
    if invoiced and (invoiced > today or part < 1 and rng.random() < 0.5):
        invoiced = None
    payments = _build_payments(rng, customer, invoiced, today) if invoiced else ()
    refund = None
    if invoiced and part == 1 and rng.random() < pattern.refunds:
        when = workday(invoiced + DAY * rng.randrange(8, 25))
        refund = (when, rng.choice((0.2, 0.5, 1.0))) if when <= today else None
    sites = ("", *(site.key for site in customer.sites))
    return Order(
        key, customer.key, rng.choice(sites), customer.seller, ordered, promised,
        delivered, part, invoiced, payments, refund, state, tuple(lines),
    )  # fmt: skip


def _build_lines(rng, customer, basket, scale, day, today):
    count = min(len(basket), rng.choice((1, 1, 2, 2, 3)))
    chosen = list(basket[: 1 if rng.random() < 0.55 else 0])
    while len(chosen) < count:
        product = rng.choice(basket)
        if product not in chosen:
            chosen.append(product)
    for product in tuple(chosen):
        for companion, chance in catalog.COMPANIONS.get(product, ()):
            if companion not in chosen and len(chosen) < 4 and rng.random() < chance:
                chosen.append(companion)
    inflation = 1.03 ** (-(today - day).days / 365)
    by_key = {product.key: product for product in catalog.PRODUCTS}
    lines = []
    for product in (by_key[key] for key in chosen):
        quantity = product.typical * rng.uniform(0.6, 1.4)
        quantity *= 1 if product.uom == "hour" else scale
        step = 25 if product.uom == "kg" and product.typical >= 100 else 1
        discount = 0.0 if product.uom == "hour" else PATTERNS[customer.kind].discount
        lines.append(
            Line(
                product.key,
                float(max(step, round(quantity / step) * step)),
                sold_for(product.price, day, today, rng.uniform(0.98, 1.02)),
                float(discount),
                round(product.cost * inflation, 2),
                lot_number(day, today) if product.lots else 0,
            )
        )
    return lines


def lot_number(day, today):
    """Return the number, from 1, of the lot in use on ``day``: one a half year."""
    return 7 - min(6, (today - day).days // 183)


def _build_payments(rng, customer, invoiced, today):
    """Return what was paid until today, as ((date, share of the open amount), ...)."""
    pattern = PATTERNS[customer.kind]
    due = invoiced + DAY * pattern.terms
    paid = payday(max(invoiced, due + DAY * rng.randint(*pattern.delay)))
    if customer.kind == "credit_trouble" and (today - invoiced).days < 240:
        return ((paid, 0.3),) if paid <= today and rng.random() < 0.3 else ()
    if rng.random() < 0.03 and (today - invoiced).days < 150:
        return ()  # forgotten, disputed
    if paid > today:
        return ()
    if rng.random() < 0.06:
        second = payday(paid + DAY * rng.randrange(10, 40))
        return ((paid, 0.5), (second, 1.0)) if second <= today else ((paid, 0.5),)
    return ((paid, 1.0),)
