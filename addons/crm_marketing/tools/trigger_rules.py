"""What becomes of an occasion: sent, left, or waited for."""

from datetime import date
from typing import NamedTuple


class Rule(NamedTuple):
    """``cap_count`` mails in the window are the most, 0 for no limit; an occasion that
    is due for more than ``max_late`` days is not written about any more."""

    stop_bought: bool = True
    stop_deal: bool = False
    stop_ticket: bool = True
    cap_count: int = 1
    max_late: int = 14


class Occasion(NamedTuple):
    """What is known of the customer when the mail is due.

    ``bought``: since the occasion began; ``sent``: mails of the trigger in its window.
    """

    due: date
    bought: bool = False
    open_deal: bool = False
    open_ticket: bool = False
    sent: int = 0


def decide(rule: Rule, occasion: Occasion, today: date) -> str:
    """``wait``, ``send`` or why not: ``bought, deal, ticket, late, cap``.

    What the customer did comes before our own limits, so that the log says the true
    reason.
    """
    if occasion.due > today:
        return "wait"
    if rule.stop_bought and occasion.bought:
        return "bought"
    if rule.stop_deal and occasion.open_deal:
        return "deal"
    if rule.stop_ticket and occasion.open_ticket:
        return "ticket"
    if (today - occasion.due).days > rule.max_late:
        return "late"
    if rule.cap_count and occasion.sent >= rule.cap_count:
        return "cap"
    return "send"
