"""Whether business with a customer may go on: allow, warn or block.

Amounts are in one currency, the caller's duty; days are whole days. The gate is
the same for an order, a delivery, a service job and a repair: only the amount
that comes on top of the exposure differs (an order adds its own, a delivery of an
order that is counted already adds nothing).
"""

from datetime import date
from typing import Literal, NamedTuple

Result = Literal["allow", "warn", "block"]
SEVERITY = {"allow": 0, "warn": 1, "block": 2}


class Policy(NamedTuple):
    """What the company decided.

    :ivar warn_percent: warn from this share of the limit on; 0 = never
    :ivar over_limit: what happens above the limit
    :ivar overdue_days: an invoice later than this many days counts; None = never
    :ivar overdue: what happens then
    """

    warn_percent: float = 80.0
    over_limit: Result = "block"
    overdue_days: int | None = 30
    overdue: Result = "block"


class Facts(NamedTuple):
    """What is known of the customer.

    :ivar limit: credit limit; 0 = no limit was set
    :ivar exposure: what the customer owes or will owe already
    :ivar amount: what this business adds
    :ivar overdue_amount: open amount past its due date
    :ivar oldest_overdue_days: days the oldest open invoice is late; 0 = none
    :ivar hold: somebody put the customer on hold by hand
    """

    limit: float = 0.0
    exposure: float = 0.0
    amount: float = 0.0
    overdue_amount: float = 0.0
    oldest_overdue_days: int = 0
    hold: bool = False


class Release(NamedTuple):
    """A permission by finance to go on. ``amount`` 0 = any amount."""

    key: int
    amount: float = 0.0
    until: date | None = None


class Reason(NamedTuple):
    """One finding; ``code`` is one of hold, over_limit, near_limit, overdue."""

    code: str
    result: Result
    value: float
    bound: float


class Decision(NamedTuple):
    """The outcome, why, and the release that turned a block into a pass."""

    result: Result
    reasons: tuple[Reason, ...] = ()
    release: int | None = None


def find_reasons(facts: Facts, policy: Policy) -> tuple[Reason, ...]:
    """Everything that speaks against going on, the heaviest first."""
    total = facts.exposure + facts.amount
    found = []
    if facts.hold:
        found.append(Reason("hold", "block", 0.0, 0.0))
    if facts.limit > 0 and total > facts.limit:
        found.append(Reason("over_limit", policy.over_limit, total, facts.limit))
    elif (
        facts.limit > 0
        and policy.warn_percent > 0
        and total >= facts.limit * policy.warn_percent / 100
    ):
        found.append(
            Reason("near_limit", "warn", total, facts.limit * policy.warn_percent / 100)
        )
    if (
        policy.overdue_days is not None
        and facts.overdue_amount > 0
        and facts.oldest_overdue_days > policy.overdue_days
    ):
        found.append(
            Reason(
                "overdue",
                policy.overdue,
                float(facts.oldest_overdue_days),
                float(policy.overdue_days),
            )
        )
    return tuple(
        sorted(
            (reason for reason in found if reason.result != "allow"),
            key=lambda reason: -SEVERITY[reason.result],
        )
    )


def covers(release: Release, amount: float, today: date) -> bool:
    """Whether ``release`` still lets ``amount`` pass on ``today``."""
    in_time = release.until is None or today <= release.until
    return in_time and (release.amount <= 0 or amount <= release.amount)


def decide(
    facts: Facts,
    policy: Policy,
    releases: tuple[Release, ...] = (),
    today: date = date.max,
) -> Decision:
    """The gate. A block that a release covers becomes a warning that names it."""
    reasons = find_reasons(facts, policy)
    result = reasons[0].result if reasons else "allow"
    if result != "block":
        return Decision(result, reasons)
    for release in sorted(releases, key=lambda r: (r.until or date.max, r.key)):
        if covers(release, facts.amount, today):
            return Decision("warn", reasons, release.key)
    return Decision("block", reasons)
