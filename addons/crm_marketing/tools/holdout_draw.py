"""The hold-out group: drawn at random, repeatable from its seed, in each stratum."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from hashlib import sha256


def draw(
    units: Iterable[tuple[int, Hashable]], percent: float, seed: int
) -> frozenset[int]:
    """Keys of the units that are held out.

    The share is kept in each stratum up to one unit, and exactly (rounded half up) over
    all: whole units first, then the strata with the largest remainders (Hamilton). The
    draw does not depend on the order of the units. A unit is chosen by the order of the
    SHA-256 of seed and key, so that nobody can choose it, and everybody can repeat it.

    :param units: ``(key, stratum)``, each key once
    :param percent: share held out, 0 up to but less than 100
    :param seed: any whole number
    :raises ValueError: when the share is out of range or a key comes twice
    """
    if not 0 <= percent < 100:
        raise ValueError("the hold-out share must be 0 or more and less than 100")
    strata = defaultdict(list)
    seen = set()
    for key, stratum in units:
        if key in seen:
            raise ValueError(f"the unit {key} comes twice")
        seen.add(key)
        strata[stratum].append(key)
    sizes = {stratum: len(keys) for stratum, keys in strata.items()}
    quotas = share_out(sizes, percent, seed)
    chosen = set()
    for stratum, keys in strata.items():
        keys.sort(key=lambda key: (_lot(seed, key), key))
        chosen.update(keys[: quotas[stratum]])
    return frozenset(chosen)


def share_out(sizes: dict, percent: float, seed: int = 0) -> dict:
    """Units held out per stratum, by largest remainder; ties by lot of the seed."""
    total = int(sum(sizes.values()) * percent / 100 + 0.5)
    exact = {stratum: size * percent / 100 for stratum, size in sizes.items()}
    quotas = {stratum: int(share) for stratum, share in exact.items()}
    left = total - sum(quotas.values())
    by_remainder = sorted(
        exact,
        key=lambda stratum: (
            quotas[stratum] - exact[stratum],
            _lot(seed, stratum),
            str(stratum),
        ),
    )
    for stratum in by_remainder[: max(left, 0)]:
        quotas[stratum] += 1
    return quotas


def _lot(seed, key):
    return sha256(f"{seed}:{key}".encode()).digest()
