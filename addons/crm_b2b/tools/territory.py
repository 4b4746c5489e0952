"""Which territory an account belongs to.

A territory is an ordered rule. Each of its conditions is either empty (says
nothing) or must hold; the first territory whose conditions all hold takes the
account. The same decision is composed as one SQL statement in
``models/crm_territory.py``; a test holds both against each other.

Postcodes are compared as text after :func:`normalise_postcode`, on as many
characters as the bound has, so that 20..29 takes 20095 and 29999 but not 3.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Account(NamedTuple):
    """What the rules look at. Ids are opaque; empty = unknown."""

    country: int | None = None
    state: int | None = None
    postcode: str = ""
    industry: int | None = None
    employees: int = 0
    tags: frozenset[int] = frozenset()
    company: int | None = None


class Rule(NamedTuple):
    """One territory. Empty sets and strings say nothing; bounds are inclusive."""

    key: int
    sequence: int = 10
    countries: frozenset[int] = frozenset()
    states: frozenset[int] = frozenset()
    postcode_from: str = ""
    postcode_to: str = ""
    industries: frozenset[int] = frozenset()
    employees_from: int = 0
    employees_to: int = 0
    tags: frozenset[int] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    company: int | None = None


def normalise_postcode(text: str | None) -> str:
    """Upper case, letters and digits only.

    >>> normalise_postcode("sw1a 2-aa")
    'SW1A2AA'
    """
    return re.sub(r"[^0-9A-Z]", "", (text or "").upper())


def postcode_within(postcode: str, lower: str, upper: str) -> bool:
    """Whether ``postcode`` lies in the inclusive range; empty bounds are open.

    An account without postcode is in no bounded range.
    """
    code = normalise_postcode(postcode)
    low, high = normalise_postcode(lower), normalise_postcode(upper)
    if not (low or high):
        return True
    return (
        bool(code)
        and code[: len(low)] >= low
        and (not high or code[: len(high)] <= high)
    )


def _size_within(employees: int, lower: int, upper: int) -> bool:
    if not (lower or upper):
        return True
    return employees >= max(lower, 1) and (not upper or employees <= upper)


def applies(rule: Rule, account: Account, day: date) -> bool:
    """Whether every condition of ``rule`` holds for ``account`` on ``day``."""
    return (
        (not rule.valid_from or rule.valid_from <= day)
        and (not rule.valid_to or day <= rule.valid_to)
        and (not rule.company or account.company in (None, rule.company))
        and (not rule.countries or account.country in rule.countries)
        and (not rule.states or account.state in rule.states)
        and (not rule.industries or account.industry in rule.industries)
        and (not rule.tags or bool(rule.tags & account.tags))
        and postcode_within(account.postcode, rule.postcode_from, rule.postcode_to)
        and _size_within(account.employees, rule.employees_from, rule.employees_to)
    )


def first_match(rules: Iterable[Rule], account: Account, day: date) -> Rule | None:
    """The territory that takes ``account``: lowest sequence, then lowest key."""
    fitting = [rule for rule in rules if applies(rule, account, day)]
    return min(fitting, key=lambda rule: (rule.sequence, rule.key), default=None)
