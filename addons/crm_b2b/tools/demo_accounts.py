"""Texts and figures of the demo company's visits, plans, agreements and partners."""

VISITS = (
    (
        "Trial of the new topcoat",
        "The trial panel cured well. They want a second one at lower temperature.",
        "crm_visit_topic_product",
    ),
    (
        "Yearly price talk",
        "They accept the index clause if the first half year stays fixed.",
        "crm_visit_topic_price",
    ),
    (
        "Complaint about settled pigment",
        "Two drums had settled. Storage was too warm; we agreed on a stirring rule.",
        "crm_visit_topic_quality",
    ),
    (
        "Delivery windows",
        "Goods-in is short of people in the morning: deliveries after ten o'clock.",
        "crm_visit_topic_delivery",
    ),
    (
        "What the competition offers",
        "A competitor sampled a cheaper hardener. The lab is not convinced.",
        "crm_visit_topic_competition",
    ),
    (
        "New line in planning",
        "A second coating line comes next year. We see the drawings in spring.",
        "crm_visit_topic_product",
    ),
)

STEPS = (
    ("Send the second trial panel", 5),
    ("Quote with index clause", 3),
    ("Write the stirring rule", 7),
    ("Tell the forwarder the new windows", 2),
    ("Ask the lab for the comparison", 10),
    ("Invite to the application centre", 14),
)

SITUATION = (
    "<p>Two plants run at capacity; a new line is decided. Quality is settled by the "
    "plant, prices by central purchasing.</p>"
)
STRATEGY = (
    "<p>Win the hardener for the new line, then offer the primer with it. Meet the "
    "plant managers each quarter.</p>"
)
GOALS = (
    {"name": "Net turnover of the year", "measure": "invoiced", "target": 120000.0},
    {"name": "Product families bought", "measure": "families", "target": 4.0},
    {"name": "Visits of the year", "measure": "visits", "target": 8.0},
)
TEAM = (("manager", "Sponsor"), ("logistics", "Deliveries"), ("finance", "Terms"))
REVIEW = "On track; the second family needs a trial before summer."

# (subject, product family)
REGISTRATIONS = (
    ("Hull repair season", "coatings"),
    ("Hotmelt for the label line", "adhesives"),
    ("Antifouling stock", "coatings"),
    ("Wood coating change-over", "coatings"),
    ("Wood coating, second offer", "coatings"),
    ("Cleaner for the paint shop", "solvents"),
)

# (product, quantity in kg, US dollars per kg)
EXPENSES = ("Train to the customer", "Hotel for the trial", "Lunch with the buyer")
