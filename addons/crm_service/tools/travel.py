"""How long it takes from one site to another, without asking anybody.

Great-circle distance (haversine formula on a sphere with the mean radius of the
earth, error below 0.6 %), stretched by a detour factor for roads, at an average
speed. A place is ``(latitude, longitude)`` in degrees, or None when not known.
"""

from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088

Place = tuple[float, float]


class Pace(NamedTuple):
    """How a technician gets about.

    :ivar speed: average km/h on the road
    :ivar detour: kilometres on the road per kilometre as the crow flies
    :ivar fixed: minutes for parking and walking, for each leg that is not zero
    :ivar unknown: minutes for a leg with an end that is not known
    """

    speed: float = 50.0
    detour: float = 1.3
    fixed: int = 5
    unknown: int = 30


DEFAULT_PACE = Pace()


def great_circle(a: Place, b: Place) -> float:
    """Return the kilometres between ``a`` and ``b`` over the surface.

    >>> round(great_circle((50.8503, 4.3517), (48.8566, 2.3522)))  # Brussels, Paris
    264
    """
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    haversine = (
        sin((lat_b - lat_a) / 2) ** 2
        + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(haversine)))


def minutes(a: Place | None, b: Place | None, pace: Pace = DEFAULT_PACE) -> int:
    """Return the whole minutes from ``a`` to ``b``, rounded up.

    >>> minutes((50.0, 4.0), (50.0, 4.0)), minutes(None, (50.0, 4.0))
    (0, 30)
    """
    if a is None or b is None:
        return pace.unknown
    if a == b:
        return 0
    kilometres = great_circle(a, b) * pace.detour
    return pace.fixed + ceil(kilometres / pace.speed * 60)
