"""What the customers of the demo company own and asked for: data only."""

from typing import NamedTuple


class Case(NamedTuple):
    """What a request is about, its reason and its cure (HTML)."""

    kind: str
    name: str
    category: str
    cause: str
    remedy: str


class Request(NamedTuple):
    """One request: which customer (number), which case, when and how it went.

    It came ``weeks`` ago (0: now), was answered and solved after working hours
    (``None``: not yet), took ``hours`` of work and ``seals`` pieces of the demo part;
    ``stars`` are 1, 3 or 5, or 0 without a rating.
    """

    customer: int
    case: str
    description: str
    weeks: int
    answer: float | None
    solved: float | None
    hours: float = 0.0
    seals: int = 0
    stars: int = 0
    priority: str = "1"


class Deal(NamedTuple):
    """A service contract billed by the year: since when, for how many months."""

    customer: int
    name: str
    product: str
    price: float
    months_ago: int
    months: int
    kind: str
    quantity: float


class Visit(NamedTuple):
    """A visit of the next days: hour in UTC, duration in hours."""

    customer: int
    days: int
    hour: int
    technician: str
    duration: float
    summary: str


CUSTOMERS = 8

CONTRACTS = (
    Deal(0, "Gold care, paint shop", "gold", 9600, 9, 24, "hours", 24),
    Deal(1, "Gold care, mixing hall", "gold", 8800, 10, 12, "hours", 20),
    Deal(2, "Silver care, filling line", "silver", 4200, 11, 12, "requests", 12),
    Deal(3, "Gold care, dock 4", "gold", 7200, 7, 24, "hours", 16),
    Deal(5, "Silver care, wood coating", "silver", 3900, 8, 12, "requests", 10),
    Deal(6, "Silver care, laboratory", "silver", 3600, 8, 12, "requests", 8),
)

CASES = {
    "stops": Case(
        "incident",
        "Mixer stops under load",
        "machine",
        "Cooling slots were full of dust.",
        "<p>Slots cleaned, fan checked, test run under load.</p>",
    ),
    "drift": Case(
        "incident",
        "Dosing drifts",
        "machine",
        "The flow sensor was covered by resin.",
        "<p>Sensor cleaned and calibrated, three samples within 0.5 %.</p>",
    ),
    "leak": Case(
        "incident",
        "Drops under the shaft seal",
        "machine",
        "Shaft seal worn after 6,000 hours.",
        "<p>Seal replaced, oil filled up, tight after one hour.</p>",
    ),
    "alarm": Case(
        "incident",
        "Overpressure alarm at start",
        "machine",
        "The relief valve stuck after a long stop.",
        "<p>Valve taken apart and cleaned; flush before each stop.</p>",
    ),
    "cold": Case(
        "question",
        "Curing at low temperature",
        "product",
        "",
        "<p>Use hardener K4 below ten degrees, warm the drums a day before.</p>",
    ),
    "sheet": Case(
        "question",
        "Safety data sheet in another language",
        "product",
        "",
        "<p>Sent with the answer.</p>",
    ),
    "training": Case(
        "visit",
        "Training of the new shift",
        "product",
        "",
        "<p>Half a day on site, list signed.</p>",
    ),
    "colour": Case(
        "complaint",
        "Colour differs between two batches",
        "product",
        "Pigment of another supplier.",
        "<p>Batch replaced, approval of suppliers changed.</p>",
    ),
}

REQUESTS = (
    # five months ago: some late, opinions differ
    Request(0, "stops", "Stops after ten minutes.", 22, 1, 6, 2, 0, 5, "2"),
    Request(2, "leak", "Oil on the floor.", 22, 9, 46, 2.5, 2, 3),
    Request(4, "sheet", "French, for the audit.", 21, 3, 4, 0.5),
    Request(1, "drift", "Line 2 only.", 20, 1, 12, 3, 0, 5),
    Request(7, "alarm", "Every Monday.", 19, 9, 44, 4, 1, 1, "2"),
    Request(3, "stops", "Only on warm days.", 18, 1.5, 9, 2, 0, 5),
    Request(5, "colour", "Batch 2 looks darker.", 17, 2, 38, 3, 0, 3),
    Request(0, "drift", "After the flush.", 16, 1, 5, 1.5, 0, 5),
    Request(6, "cold", "We run at five degrees.", 15, 2, 3, 0.5, 0, 5),
    Request(2, "alarm", "At each start.", 13, 3, 14, 3, 0, 5),
    Request(4, "leak", "Getting worse.", 12, 6, 42, 3, 2, 3),
    Request(3, "training", "Four people.", 11, 1.5, 15, 6, 0, 5),
    Request(1, "stops", "Twice a shift.", 10, 1, 7, 2, 0, 5, "2"),
    Request(7, "drift", "By three percent.", 9, 10, 50, 4, 0, 1),
    # the last weeks: better
    Request(0, "leak", "A few drops an hour.", 7, 1, 8, 2, 1, 5),
    Request(5, "sheet", "German and Dutch.", 6, 2, 3, 0.5),
    Request(6, "alarm", "Since the update.", 5, 2, 13, 2, 0, 5),
    Request(2, "stops", "Motor gets hot.", 4, 2, 11, 2, 0, 5),
    Request(4, "drift", "Both heads.", 3, 5, 26, 2.5, 0, 3),
    Request(1, "leak", "At the lower bearing.", 2, 1, 6, 2, 2, 5),
    Request(3, "cold", "Before the winter.", 1, 2, 3, 0.5, 0, 5),
    # still open
    Request(7, "stops", "Third time this month.", 1, 6, None, 1, 0, 0, "3"),
    Request(
        0, "alarm", "The line stands since this morning.", 0, None, None, 0, 0, 0, "3"
    ),
    Request(2, "drift", "Samples are outside the limits.", 0, None, None, 0, 0, 0, "2"),
    Request(3, "colour", "Drums 4 to 9.", 0, None, None),
    Request(6, "training", "Two people.", 0, None, None, 0, 0, 0, "0"),
)

VISITS = (
    Visit(7, 0, 13, "noor", 2, "Mixer stops under load"),
    Visit(0, 1, 8, "jan", 2, "Overpressure alarm at start"),
    Visit(2, 1, 14, "noor", 1.5, "Dosing drifts"),
    Visit(1, 2, 9, "noor", 3, "Yearly maintenance, mixing hall"),
    Visit(3, 3, 8, "jan", 4, "Yearly maintenance, dock 4"),
    Visit(5, 3, 13, "noor", 2, "Yearly maintenance, wood coating"),
)
