"""Plan how the demo company sells: its processes, and what it knows of each deal.

Everything is drawn from a generator with a fixed seed; keys are those of the plan.
"""

import datetime
from typing import NamedTuple

DAY = datetime.timedelta(days=1)
LAST_STAGES = ("qualified", "proposition")


class Stage(NamedTuple):
    """A stage of one team's own process, between Qualified and Proposition."""

    key: str
    team: str
    name: str
    roles: tuple  # roles of the buying centre to know
    min_score: int


class Criterion(NamedTuple):
    key: str
    stage: str  # key of a Stage, or of a stage which all teams share
    name: str
    description: str
    domain: str  # rule on the record, {role} for its id; empty: ticked by hand
    proof: bool
    mandatory: bool


class Person(NamedTuple):
    deal: str
    contact: str
    role: str
    stance: str
    influence: str
    note: str


class Rival(NamedTuple):
    deal: str
    competitor: str
    status: str
    share: float  # their price against ours
    strengths: str
    weaknesses: str
    counter: str
    winner: bool


class Review(NamedTuple):
    deal: str
    date: datetime.date
    reasons: tuple
    competitor: str
    gap: float  # percent
    customer: str
    lessons: str


class Sighting(NamedTuple):
    competitor: str
    deal: str
    share: float  # their price against our list price
    date: datetime.date
    source: str


class Selling(NamedTuple):
    own_stage: dict  # deal -> key of a Stage
    ticks: dict  # deal -> share of the criteria ticked: 0, 0.5, 1
    answers: dict  # deal -> how good the answers are, 0..1
    people: tuple
    rivals: tuple
    reviews: tuple
    sightings: tuple


STAGES = (
    Stage("reach", "europe", "Regulatory check", ("user", "influencer"), 0),
    Stage("trial", "americas", "Plant trial", ("user", "decider"), 40),
    Stage("sample", "asia", "Laboratory sample", ("influencer", "buyer"), 0),
)

CRITERIA = tuple(
    Criterion(*row)
    for row in (
        (
            "customer",
            "new",
            "Customer known",
            "Choose the account, not only a name.",
            "[('partner_id', '!=', False)]",
            False,
            False,
        ),
        (
            "volume",
            "qualified",
            "Yearly volume known",
            "Enter the products, or the expected revenue.",
            "[('expected_revenue', '>', 0)]",
            False,
            False,
        ),
        (
            "decider",
            "qualified",
            "Decider named in the buying centre",
            "Add the person on the tab Buying centre.",
            "[('buying_role_ids.role_id', '=', {decider})]",
            False,
            False,
        ),
        (
            "quotation",
            "proposition",
            "Quotation sent",
            "Send the quotation from this opportunity.",
            "[('order_ids.state', 'in', ('sent', 'sale'))]",
            False,
            False,
        ),
        (
            "sds",
            "reach",
            "Safety data sheet accepted",
            "Attach the customer's confirmation.",
            "",
            True,
            True,
        ),
        (
            "uses",
            "reach",
            "Uses registered",
            "Compare the customer's uses with the registration.",
            "",
            False,
            True,
        ),
        (
            "report",
            "trial",
            "Trial report signed",
            "Attach the report with the figures of the line.",
            "",
            True,
            True,
        ),
        (
            "operators",
            "trial",
            "Operators trained",
            "Name the date of the training.",
            "",
            False,
            False,
        ),
        (
            "laboratory",
            "sample",
            "Sample approved by the customer's laboratory",
            "Attach the test report.",
            "",
            True,
            True,
        ),
        (
            "duty",
            "sample",
            "Duty and freight known",
            "Ask logistics for the landed cost.",
            "",
            False,
            True,
        ),
    )
)

COMPETITORS = {
    "baltic": ("Baltic Resins", "EE"),
    "orlanda": ("Orlanda Chemie", "DE"),
    "summit": ("Summit Polymers", "US"),
    "hanyu": ("Hanyu Materials", "CN"),
}
ROLES = ("decider", "buyer", "user", "influencer", "approver", "gatekeeper")
STANCES = ("champion", "supporter", "supporter", "neutral", "sceptic", "opponent")
NOTES = (
    "Wants fewer stops of the line",
    "Looks at the price per square metre",
    "Needs the same colour in every lot",
    "Had bad deliveries from the present supplier",
    "Must bring down solvents by the end of the year",
    "Prefers one supplier for all sites",
)
STRENGTHS = (
    ("Price", "Long lead times", "Stock near the customer"),
    ("On site already", "No technical service", "Trial with our engineer"),
    ("Full range", "Minimum quantities", "Small drums at the same price"),
    ("Short delivery", "Quality varies from lot to lot", "Certificate with each lot"),
)
CUSTOMER_VIEWS = (
    "Your technical service made the difference.",
    "The trial convinced the operators.",
    "We could not pay that much more.",
    "You answered later than the others.",
)
LESSONS = (
    "Bring the engineer to the first meeting.",
    "Ask for the decider before the sample is sent.",
    "Offer the yearly volume, not the single order.",
    "Keep a sample lot ready for this industry.",
)
WHY_WON = ("quality", "service", "delivery", "relation")
WHY_LOST = ("price", "terms", "no_need", "delivery")


def build_selling(rng, customers, deals, today):
    """Return what is known of ``deals``, as a :class:`Selling`."""
    by_key = {customer.key: customer for customer in customers}
    stages = {stage.team: stage.key for stage in STAGES}
    selling = Selling({}, {}, {}, (), (), (), ())
    people, rivals, reviews, sightings = [], [], [], []
    for number, deal in enumerate(deals):
        customer = by_key[deal.customer]
        late = deal.status == "open" and deal.stage in LAST_STAGES
        if late and deal.stage == "qualified" and number % 2:
            selling.own_stage[deal.key] = stages[customer.team]
        if deal.status == "open":
            selling.ticks[deal.key] = rng.choice((0.0, 0.5, 0.5, 1.0))
        if late:
            selling.answers[deal.key] = rng.uniform(0.35, 1.0)
        if late or number % 3 == 0:
            people += _people(rng, deal, customer)
        found = _rivals(rng, deal) if number % 5 != 2 else []
        rivals += found
        if deal.status != "open" and number % 4:
            reviews.append(_review(rng, deal, found, today))
        if found and number % 3 == 0:
            day = min(today - DAY * rng.randrange(2, 60), deal.moved)
            sightings.append(
                Sighting(
                    found[0].competitor,
                    deal.key,
                    round(rng.uniform(0.86, 1.08), 2),
                    day,
                    rng.choice(("customer", "document", "public")),
                )
            )
    return selling._replace(
        people=tuple(people),
        rivals=tuple(rivals),
        reviews=tuple(reviews),
        sightings=tuple(sightings),
    )


def _people(rng, deal, customer):
    first = rng.randrange(2)
    return [
        Person(
            deal.key,
            contact.key,
            ROLES[(first + number) % len(ROLES)],
            rng.choice(STANCES),
            str(rng.randrange(2, 6)),
            rng.choice(NOTES),
        )
        for number, contact in enumerate(customer.contacts[:4])
    ]


def _rivals(rng, deal):
    """One or two competitors; the first one won where we lost by price."""
    names = rng.sample(tuple(COMPETITORS), rng.choice((1, 1, 2)))
    rows = []
    for number, name in enumerate(names):
        strengths, weaknesses, counter = rng.choice(STRENGTHS)
        winner = deal.status == "lost" and not number
        status = "out" if deal.status == "won" else rng.choice(("in_play", "leading"))
        share = round(rng.uniform(0.82, 0.95) if winner else rng.uniform(0.88, 1.12), 3)
        rows.append(
            Rival(deal.key, name, status, share, strengths, weaknesses, counter, winner)
        )
    return rows


def _review(rng, deal, rivals, today):
    lost = deal.status == "lost"
    winner = next((rival for rival in rivals if rival.winner), None)
    return Review(
        deal.key,
        min(today, deal.moved + DAY * 3),
        tuple(rng.sample(WHY_LOST if lost else WHY_WON, rng.choice((1, 2)))),
        winner.competitor if winner else "",
        round(100 * (1 - winner.share), 1) if winner else 0.0,
        rng.choice(CUSTOMER_VIEWS[2:] if lost else CUSTOMER_VIEWS[:2]),
        rng.choice(LESSONS),
    )
