"""Plan how the demo company's pipeline looked in the weeks before today."""

import datetime
import random
from typing import NamedTuple

WEEKS = 12
DAY = datetime.timedelta(days=1)


class Row(NamedTuple):
    """One deal in one past snapshot."""

    date: datetime.date
    deal: str
    category: str
    status: str  # pending, won, lost
    probability: float
    predicted: float
    amount: float
    closing: datetime.date


def past_rows(deals, today, seed=20):
    """Return the rows of :data:`WEEKS` weekly snapshots, the last one a week ago.

    Deals grow and shrink, slip and are pulled in on their way, and get surer. A deal
    won or lost appears once more, with its outcome, in the first snapshot after.
    """
    rows = []
    dates = [today - DAY * 7 * week for week in range(WEEKS, 0, -1)]
    for deal in deals:
        rng = random.Random(f"{seed}:{deal.key}:history")
        amount = deal.revenue * rng.choice((0.8, 0.9, 1.0, 1.0, 1.0, 1.15, 1.3))
        slip = DAY * rng.choice((0, 0, 0, 0, 0, 0, 0, -20))
        turn = rng.randrange(2, WEEKS)  # from this week on, as it is today
        for week, date in enumerate(dates):
            ended = deal.status != "open" and deal.moved <= date
            if deal.created > date or ended and deal.moved <= date - 7 * DAY:
                continue
            now = week >= turn
            rows.append(_row(rng, deal, date, ended, now, amount, slip))
    return sorted(rows, key=lambda row: (row.date, row.deal))


def _row(rng, deal, date, ended, now, amount, slip):
    closing = deal.closing if now or ended else max(date, deal.closing - slip)
    if ended:
        probability = 100.0 if deal.status == "won" else 0.0
        category = "closed" if deal.status == "won" else "omitted"
    else:
        # Won deals looked better than lost ones, but never certain.
        middle = {"won": 78, "lost": 10, "open": 40}[deal.status]
        age = min(1.0, (date - deal.created).days / 90)
        probability = middle * (0.5 + 0.5 * age) + rng.uniform(-12, 12)
        probability = round(min(95, max(5, probability)), 1)
        category = "commit" if probability > 58 else "pipeline"
        category = "best_case" if 40 < probability <= 58 else category
    predicted = round(min(98, max(2, probability + rng.uniform(-15, 15))), 1)
    return Row(
        date,
        deal.key,
        category,
        deal.status if ended else "pending",
        probability,
        predicted,
        round(deal.revenue if now or ended else amount, 2),
        closing,
    )
