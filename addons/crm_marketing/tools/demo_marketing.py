"""Words and numbers of the demo company's marketing; money in US dollars."""

from typing import NamedTuple

GOAL = (
    "<p>Thirty new deals from fairs, and every second customer with a coating line"
    " knows our service on site.</p>"
)
CAMPAIGNS = (
    ("colour", "Colour matching on site"),
    ("fair", "Coatings Fair Nuremberg"),
    ("training", "Application trainings"),
)
RETURNED = "Budget for this year is spent. Call again in January."
VENDORS = {
    "fair": "Nuremberg Fair Company",
    "print": "Druckhaus Nord",
    "stand": "Standwerk Builders",
}


class Activity(NamedTuple):
    """A planned activity; ``start`` in days from today."""

    key: str
    name: str
    kind: str
    planned: float
    start: int
    days: int
    state: str
    hours: float = 0
    material: str = ""


ACTIVITIES = (
    Activity("colour", "Mailing: colour matching", "mail", 2500, -70, 5, "done", 24),
    Activity(
        "fair",
        "Coatings Fair Nuremberg",
        "fair",
        22000,
        -16,
        3,
        "done",
        120,
        "Stand of 24 m2, samples of the topcoat line, 300 printed sheets",
    ),
    Activity(
        "training",
        "Course: spraying water-borne topcoats",
        "training",
        3500,
        25,
        1,
        "approved",
        16,
        "Spray booth, 12 protective suits",
    ),
    Activity(
        "journal",
        "Advertisement in the coatings journal",
        "advertising",
        6000,
        40,
        30,
        "asked",
    ),
    Activity("catalog", "New product catalogue", "content", 9000, 60, 30, "draft", 60),
)


class Visitor(NamedTuple):
    """A visitor of the fair, as entered at the booth."""

    name: str
    company_name: str
    email: str
    phone: str
    interest: str
    wish: str
    note: str


VISITORS = (
    Visitor(
        "Jonas Weber",
        "Weber Fensterbau",
        "j.weber@fensterbau.example",
        "+49 911 555100",
        "3",
        "visit",
        "Changes to water-borne next spring.",
    ),
    Visitor(
        "Elena Rossi",
        "Rossi Mobili",
        "elena@rossi-mobili.example",
        "+39 02 555200",
        "2",
        "sample",
        "Matt topcoat for kitchens.",
    ),
    Visitor(
        "Tom Baker",
        "Baker Rail Services",
        "tom.baker@baker-rail.example",
        "+1 312 555300",
        "2",
        "quotation",
        "Primer for wagons, 4 t a year.",
    ),
    Visitor(
        "Zhang Min",
        "Min Steel Structures",
        "zhang@min-steel.example",
        "+86 21 555400",
        "3",
        "call",
        "Two-pack epoxy for bridges.",
    ),
    Visitor(
        "Sofia Lind",
        "Lind Lack AB",
        "sofia@lindlack.example",
        "+46 8 555500",
        "1",
        "sample",
        "",
    ),
    Visitor(
        "Peter Novak",
        "Novak Powder",
        "novak@powder.example",
        "",
        "1",
        "call",
        "Compares three suppliers.",
    ),
)


class News(NamedTuple):
    """News of some days ago; ``some`` is for some industries only."""

    name: str
    summary: str
    body: str
    age: int
    some: bool


NEWS = (
    News(
        "Colour matching on site",
        "Our laboratory comes to your line.",
        "<p>We measure your substrate, mix on site, and leave the formula.</p>",
        9,
        False,
    ),
    News(
        "New limits for solvents from January",
        "What changes for your line, and which of our products meet them.",
        "<p>The sheet compares all topcoats with the new limits.</p>",
        21,
        True,
    ),
)


class Bill(NamedTuple):
    """A vendor bill on an activity."""

    activity: str
    vendor: str
    name: str
    amount: float
    age: int


BILLS = (
    Bill("colour", "print", "Layout and pictures of the mailing", 1900, 60),
    Bill("fair", "fair", "Space of 24 m2", 11200, 40),
    Bill("fair", "stand", "Building and taking down the stand", 9800, 12),
    Bill("fair", "print", "Printed sheets", 2100, 14),
)
