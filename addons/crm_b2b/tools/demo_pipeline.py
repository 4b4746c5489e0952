"""Plan the demo company's deals: open ones in every stage, won and lost ones."""

import datetime
from typing import NamedTuple

from . import demo_catalog as catalog

DAY = datetime.timedelta(days=1)
OPEN_DEALS = 62
LOST_DEALS = 45
WON_DEALS = 40
STAGES = ("new", "qualified", "proposition")
CHANCE = {"new": 10.0, "qualified": 35.0, "proposition": 65.0}


class Deal(NamedTuple):
    key: str
    name: str
    customer: str
    contact: str
    seller: str
    status: str  # open, won, lost
    stage: str
    created: datetime.date
    moved: datetime.date  # entered its stage, was won or lost
    closing: datetime.date  # expected, for open deals; else the real one
    revenue: float
    probability: float
    priority: str
    lost_reason: str
    product: str
    quantity: float
    order: str  # key of the order that a won deal became
    activity: tuple | None  # (kind, note, days from today)
    meeting: int | None  # days from today
    messages: tuple  # ((date, text), ...)


def build_deals(rng, customers, orders, today):
    """Return the deals of ``customers``; won ones point to one of ``orders``."""
    alive = [
        item for item in customers if item.kind not in ("dormant", "transactional")
    ]
    size = len(alive) / 46 if len(alive) < 46 else 1
    deals = []
    for number in range(max(3, int(OPEN_DEALS * size))):
        deals.append(_open_deal(rng, number, alive[number % len(alive)], today))
    for number in range(max(1, int(LOST_DEALS * size))):
        deals.append(_lost_deal(rng, number, rng.choice(customers), today))
    by_key = {item.key: item for item in customers}
    done = [o for o in orders if o.state == "sale" and by_key[o.customer] in alive]
    recent = [o for o in done if (today - o.ordered.date()).days < 400]
    count = min(len(recent), max(1, int(WON_DEALS * size)))
    for number, order in enumerate(rng.sample(recent, count)):
        deals.append(_won_deal(rng, number, by_key[order.customer], order))
    return deals


def _workday(day):
    return day - DAY * max(0, day.weekday() - 4)


def _common(rng, customer, prefix, number):
    wanted = rng.choice(catalog.INDUSTRIES[customer.industry][1])
    product = next(item for item in catalog.PRODUCTS if item.key == wanted)
    quantity = round(product.typical * rng.uniform(3, 12))
    topic = rng.choice(catalog.DEAL_TOPICS).format(product=product.name)
    return {
        "key": f"{prefix}_{number + 1}",
        "name": f"{customer.name}: {topic}",
        "customer": customer.key,
        "contact": rng.choice(customer.contacts).key,
        "seller": customer.seller,
        "product": product.key,
        "quantity": float(quantity),
        "revenue": round(quantity * product.price, 2),
        "priority": rng.choice(("0", "1", "1", "2", "3")),
        "lost_reason": "",
        "order": "",
        "activity": None,
        "meeting": None,
        "messages": (),
    }


def _messages(rng, created, until, count):
    span = max(1, (until - created).days)
    days = sorted(rng.randrange(span) for _index in range(count))
    texts = rng.sample(catalog.MESSAGES, count)
    return tuple(
        (_workday(created + DAY * day), text)
        for day, text in zip(days, texts, strict=True)
    )


def _open_deal(rng, number, customer, today):
    values = _common(rng, customer, "open", number)
    stage = STAGES[(0, 0, 1, 1, 2, 2, 2)[number % 7]]
    age = rng.randrange(*{"new": (3, 30), "qualified": (20, 80)}.get(stage, (45, 150)))
    created = _workday(today - DAY * age)
    rotten = number % 8 == 3
    stay = age - 1 if rotten else rng.randrange(1, min(age, 18))
    closing = today + DAY * rng.choice((6, 15, 24, 38, 52, 70, 95, 120))
    if rotten:
        closing = today - DAY * 9  # the forecast call should ask about it
    if number % 5 == 3:  # the two who sell a little beside their work
        values["seller"] = "admin" if number % 2 else "manager"
    if number % 5 != 4:
        kind = catalog.ACTIVITIES[number % len(catalog.ACTIVITIES)]
        note = f"Next step with {customer.name}"
        values["activity"] = (kind, note, rng.choice((-4, -1, 0, 1, 2, 5, 9)))
    if number % 4 == 1:
        values["meeting"] = rng.choice((-12, -5, 1, 3, 7, 12))
    values["messages"] = _messages(rng, created, today, rng.choice((0, 1, 2, 3)))
    return Deal(
        **values,
        status="open",
        stage=stage,
        created=created,
        moved=max(created, _workday(today - DAY * stay)),
        closing=_workday(closing),
        probability=CHANCE[stage] + rng.choice((-5, 0, 0, 5)),
    )


def _lost_deal(rng, number, customer, today):
    values = _common(rng, customer, "lost", number)
    closed = _workday(today - DAY * rng.randrange(4, 420))
    created = _workday(closed - DAY * rng.randrange(15, 120))
    values["lost_reason"] = rng.choice(tuple(catalog.LOST_REASONS))
    values["messages"] = _messages(rng, created, closed, 1)
    return Deal(
        **values,
        status="lost",
        stage=rng.choice(STAGES),
        created=created,
        moved=closed,
        closing=closed,
        probability=0.0,
    )


def _won_deal(rng, number, customer, order):
    values = _common(rng, customer, "won", number)
    total = sum(
        line.quantity * line.price * (1 - line.discount / 100) for line in order.lines
    )
    values |= {"order": order.key, "revenue": round(total, 2), "seller": order.seller}
    closed = order.ordered.date()
    created = _workday(closed - DAY * rng.randrange(20, 140))
    values["messages"] = _messages(rng, created, closed, 2)
    return Deal(
        **values,
        status="won",
        stage="won",
        created=created,
        moved=closed,
        closing=closed,
        probability=100.0,
    )
