"""Names near a name, stable external ids and seeded choices of the import."""

import difflib
import hashlib
import random
import re
from datetime import timedelta


def suggest(value, known, limit=2):
    """Return up to ``limit`` of ``known`` that ``value`` may mean, joined; '' if none.

    Near spellings first (difflib ratio of at least 0.8), else names that contain it
    as a word ("Korea" in "South Korea").
    """
    by_fold = {name.casefold(): name for name in known}
    folded = value.casefold()
    near = difflib.get_close_matches(folded, by_fold, n=limit, cutoff=0.8)
    if not near:
        near = sorted(name for name in by_fold if folded in name.split())[:limit]
    return " / ".join(by_fold[name] for name in near)


def external_name(kind, key):
    """Return a stable, readable and unique name of at most 80 characters."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    slug = re.sub(r"\W+", "_", key, flags=re.ASCII).strip("_").lower()[:40]
    return f"{kind}_{slug}_{digest}"


def is_unpaid(seed, key, share):
    """Whether the invoice of deal ``key`` stays open: the same answer in every run."""
    return random.Random(f"{seed}/unpaid/{key}").random() < share


def payment_date(seed, key, due_date, delay_days):
    """Return the due date moved by a seeded number of days within ``delay_days``."""
    first, last = delay_days
    days = random.Random(f"{seed}/delay/{key}").randint(first, last)
    return due_date + timedelta(days=days)
