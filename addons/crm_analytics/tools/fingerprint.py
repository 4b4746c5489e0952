"""A number for all that a customer's features rest on: equal figures, equal number.

What has the number that was kept with it needs no computing. With 52 bits, which a
float holds exactly, two states of a customer share a number once in 10 ** 15.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_SPARE = np.uint64(12)
_UNKNOWN = -1.2345678901e300  # stands for a figure that is not known


def seed(*shared: object) -> int:
    """A number for what all customers share: day, policy, parameters of models."""
    digest = hashlib.blake2b(repr(shared).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def keys(columns: Iterable[ArrayLike], start: int = 0) -> NDArray[np.float64]:
    """The number of each row; whole, from 0 to below 2 ** 52.

    :param columns: figures of shape (n,), NaN for unknown; their order counts
    :param start: :func:`seed` of what all rows share

    >>> one, two = keys([[1.0, 1.0], [2.0, float("nan")]])
    >>> bool(one == two), bool(one == keys([[1.0], [2.0]])[0])
    (False, True)
    """
    state: NDArray[np.uint64] | None = None
    for column in columns:
        values = np.asarray(column, dtype=float)
        # 0.0 and -0.0 are one figure
        bits = np.where(np.isnan(values), _UNKNOWN, values + 0.0).view(np.uint64)
        if state is None:
            state = np.full(len(values), start, dtype=np.uint64)
        state = (state ^ bits) * _FACTOR
        state ^= state >> _SHIFT
    if state is None:
        raise ValueError("there is no column to number")
    state *= _FACTOR
    return (state >> _SPARE).astype(float)
