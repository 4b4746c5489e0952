"""The demo company's world: people, products and customers, as plain tables.

Everything is invented. Prices and costs are US dollars per unit of measure.
"""

from typing import NamedTuple

COMPANY = {
    "name": "Kelvane Coatings & Intermediates",
    "street": "12 Quay Street",
    "city": "Port Aldren",
    "phone": "+1 555-0100",
    "email": "office@kelvane.example",
    "website": "https://www.kelvane.example",
}

# US dollars are worth this many units of the currency; monthly drift is seeded.
CURRENCIES = {"USD": 1.0, "EUR": 0.92, "CNY": 7.15}


class Team(NamedTuple):
    key: str
    name: str
    countries: tuple


class Person(NamedTuple):
    """An employee who may log in; the password of a demo user is the login."""

    login: str
    name: str
    role: str  # sales, manager, finance, logistics
    team: str


class Product(NamedTuple):
    key: str
    name: str
    family: str
    uom: str  # kg, drum, hour
    price: float
    cost: float
    typical: float  # usual quantity of one order line
    lots: bool


TEAMS = (
    Team("europe", "Europe", ("DE", "FR", "IT", "NL", "PL", "ES", "CH", "GB")),
    Team("americas", "Americas", ("US", "CA", "MX", "BR")),
    Team("asia", "Asia Pacific", ("CN", "JP", "IN", "SG", "KR")),
)

PEOPLE = (
    Person("sales1", "Anna Keller", "sales", "europe"),
    Person("sales2", "Marc Fontaine", "sales", "europe"),
    Person("sales3", "Grace Miller", "sales", "americas"),
    Person("sales4", "Daniel Ortega", "sales", "americas"),
    Person("sales5", "Li Wen", "sales", "asia"),
    Person("sales6", "Chen Hao", "sales", "asia"),
    Person("manager", "Helen Brandt", "manager", ""),
    Person("finance", "Robert Stone", "finance", ""),
    Person("logistics", "Paula Reyes", "logistics", ""),
)

FAMILIES = {
    "coatings": "Coatings",
    "adhesives": "Adhesives",
    "intermediates": "Intermediates",
    "additives": "Additives",
    "solvents": "Solvents",
    "services": "Technical services",
}

PRODUCTS = tuple(
    Product(*row)
    for row in (
        # key, name, family, unit, price, cost, usual quantity, kept in lots
        ("ep100", "Kelvapox 100 epoxy primer", "coatings", "kg", 8.4, 5.1, 900, True),
        ("ep200", "Kelvapox 200 epoxy topcoat", "coatings", "kg", 11.2, 6.7, 700, True),
        ("pu300", "Kelvathane 300 clear coat", "coatings", "kg", 14.6, 8.6, 500, True),
        ("pu310", "Kelvathane 310 matt coat", "coatings", "kg", 15.1, 9.0, 450, False),
        ("wb400", "Aqualine 400 wood coating", "coatings", "kg", 7.2, 4.5, 800, False),
        ("ma500", "Seaguard 500 antifouling", "coatings", "kg", 23.5, 13.9, 300, True),
        ("pc600", "Powderline 600 grey", "coatings", "kg", 6.3, 4.1, 1200, False),
        (
            "ad110",
            "Bondara 110 structural adhesive",
            "adhesives",
            "kg",
            19.8,
            11.4,
            250,
            True,
        ),
        ("ad120", "Bondara 120 fast cure", "adhesives", "kg", 22.4, 12.8, 180, True),
        (
            "ad210",
            "Laminex 210 laminating adhesive",
            "adhesives",
            "drum",
            1450,
            905,
            6,
            False,
        ),
        (
            "ad220",
            "Laminex 220 solvent free",
            "adhesives",
            "drum",
            1720,
            1040,
            5,
            False,
        ),
        ("ad310", "Packtack 310 hotmelt", "adhesives", "kg", 5.4, 3.6, 1500, False),
        ("ad410", "Woodfix 410 dispersion", "adhesives", "drum", 640, 415, 8, False),
        (
            "in100",
            "Isophorone intermediate K1",
            "intermediates",
            "kg",
            4.9,
            3.4,
            3000,
            True,
        ),
        ("in110", "Polyether polyol K2", "intermediates", "kg", 3.2, 2.3, 5000, False),
        ("in120", "Acrylic monomer K3", "intermediates", "kg", 3.8, 2.7, 4000, False),
        ("in130", "Amine hardener K4", "intermediates", "kg", 9.1, 5.6, 400, True),
        (
            "in140",
            "Isocyanate hardener K5",
            "intermediates",
            "kg",
            10.4,
            6.3,
            350,
            False,
        ),
        ("in150", "Maleic resin K6", "intermediates", "kg", 5.7, 3.9, 1200, False),
        (
            "av100",
            "Flowaid 100 levelling agent",
            "additives",
            "kg",
            28.0,
            14.2,
            60,
            False,
        ),
        ("av110", "Flowaid 110 defoamer", "additives", "kg", 24.5, 12.9, 70, False),
        (
            "av200",
            "Solbright 200 UV stabiliser",
            "additives",
            "kg",
            61.0,
            33.5,
            25,
            False,
        ),
        ("av300", "Thixo 300 thickener", "additives", "kg", 17.5, 9.8, 90, False),
        ("av400", "Corrostop 400 inhibitor", "additives", "kg", 34.0, 18.6, 40, False),
        ("so100", "Thinner T1 for epoxy", "solvents", "drum", 310, 208, 6, False),
        (
            "so110",
            "Thinner T2 for polyurethane",
            "solvents",
            "drum",
            345,
            231,
            5,
            False,
        ),
        ("so200", "Cleaner C1", "solvents", "drum", 260, 171, 4, False),
        ("so300", "Butyl acetate", "solvents", "drum", 395, 300, 8, False),
        ("sv100", "Colour matching on site", "services", "hour", 140, 82, 6, False),
        ("sv200", "Application training", "services", "hour", 165, 90, 8, False),
    )
)

# Who buys the first often buys the second with it.
COMPANIONS = {
    "ep100": (("in130", 0.7), ("so100", 0.45)),
    "ep200": (("in130", 0.6), ("so100", 0.4)),
    "pu300": (("in140", 0.65), ("so110", 0.5), ("av200", 0.2)),
    "pu310": (("in140", 0.6), ("so110", 0.4)),
    "ma500": (("av400", 0.4), ("so200", 0.3)),
    "ad110": (("so200", 0.35),),
    "wb400": (("av110", 0.35),),
}

INDUSTRIES = {
    "paint": (
        "Paint makers",
        ("in100", "in120", "in150", "av100", "av110", "av300", "so300", "av200"),
    ),
    "auto": (
        "Automotive suppliers",
        ("pu300", "pu310", "ad110", "ad120", "ep100", "in140", "so110"),
    ),
    "ship": (
        "Shipbuilding",
        ("ma500", "ep100", "ep200", "av400", "so100", "in130", "so200"),
    ),
    "wood": ("Furniture and wood", ("wb400", "ad410", "pu310", "av110", "so200")),
    "pack": ("Packaging", ("ad210", "ad220", "ad310", "so300", "av110")),
    "build": ("Construction", ("pc600", "ep100", "ad310", "in110", "so100")),
    "electro": ("Electronics", ("ad120", "ad110", "in110", "av200", "so200")),
    "trade": (
        "Chemical distribution",
        (
            "ep100",
            "ep200",
            "so100",
            "so110",
            "so200",
            "in130",
            "in140",
            "ad310",
            "pc600",
            "av100",
        ),
    ),
}

# kind: (name, country, city, industry)
CUSTOMERS = {
    "key": (
        ("Rheinwald Automotive AG", "DE", "Wolfsheim", "auto"),
        ("Northshore Marine Works", "US", "Duluth", "ship"),
        ("苏州恒远涂料有限公司", "CN", "苏州", "paint"),
        ("Bergmann Möbelwerke GmbH", "DE", "Detmold", "wood"),
        ("Pacific Packaging Group", "US", "Tacoma", "pack"),
        ("宁波海川船舶制造有限公司", "CN", "宁波", "ship"),
    ),
    "growing": (
        ("Solarfilm Technologies", "US", "Austin", "electro"),
        ("深圳新锐电子材料有限公司", "CN", "深圳", "electro"),
        ("Colorificio Valdarno", "IT", "Arezzo", "paint"),
        ("Verpakking Oost B.V.", "NL", "Almelo", "pack"),
        ("Maple Ridge Furniture", "CA", "Kitchener", "wood"),
        ("成都蜀源汽车部件有限公司", "CN", "成都", "auto"),
        ("Tatra Coatings Sp. z o.o.", "PL", "Gliwice", "paint"),
    ),
    "steady": (
        ("Farbenhaus Lindner KG", "DE", "Kassel", "paint"),
        ("Great Lakes Components", "US", "Toledo", "auto"),
        ("Menuiserie Duval SAS", "FR", "Rennes", "wood"),
        ("Andes Envases", "MX", "Puebla", "pack"),
        ("青岛远洋涂装工程有限公司", "CN", "青岛", "ship"),
        ("Kobayashi Bonding", "JP", "Nagoya", "electro"),
        ("Stahlbau Ehrlich GmbH", "DE", "Siegen", "build"),
        ("Hudson Laminates", "US", "Albany", "pack"),
        ("Cantieri Riva Alta", "IT", "La Spezia", "ship"),
        ("广州华彩建材有限公司", "CN", "广州", "build"),
    ),
    "declining": (
        ("Prairie Paint Company", "US", "Wichita", "paint"),
        ("Autoteile Sander GmbH", "DE", "Zwickau", "auto"),
        ("天津北辰包装有限公司", "CN", "天津", "pack"),
        ("Ebanistería Costa", "ES", "Valencia", "wood"),
        ("Delta Shipyards", "US", "Mobile", "ship"),
        ("Thames Panel Products", "GB", "Reading", "build"),
        ("Indus Paint Industries", "IN", "Pune", "paint"),
    ),
    "transactional": (
        ("Bayside Boat Repair", "US", "Newport", "ship"),
        ("Schreinerei Vogt", "DE", "Ulm", "wood"),
        ("Atelier Moreau", "FR", "Lyon", "wood"),
        ("Quick Print Labels", "US", "Reno", "pack"),
        ("杭州小河家具厂", "CN", "杭州", "wood"),
        ("Lombard Restauri", "IT", "Pavia", "build"),
        ("Desert Signs", "US", "Tucson", "build"),
        ("Singha Craft Boats", "SG", "Singapore", "ship"),
        ("Modellbau Krause", "DE", "Jena", "electro"),
        ("Oficina Silva", "BR", "Curitiba", "auto"),
    ),
    "new": (
        ("Aurora Battery Cells", "US", "Nashville", "electro"),
        ("合肥光伏新材料有限公司", "CN", "合肥", "electro"),
        ("Alpenholz Systembau", "CH", "Thun", "wood"),
        ("Baltic Wind Blades", "PL", "Gdynia", "ship"),
        ("Nova Mobilidade", "BR", "Betim", "auto"),
    ),
    "dormant": (
        ("Old Harbor Coatings", "US", "Salem", "paint"),
        ("Lackwerk Brückner", "DE", "Gera", "paint"),
        ("Kaolin Ceramics", "FR", "Limoges", "build"),
        ("大连旧港船厂", "CN", "大连", "ship"),
    ),
    "loss": (
        ("Budget Box Company", "US", "Fresno", "pack"),
        ("Discount Möbel Ost", "DE", "Cottbus", "wood"),
        ("Rapid Build Supplies", "GB", "Derby", "build"),
    ),
    "bad_payer": (
        ("Costa Verde Pinturas", "MX", "Tampico", "paint"),
        ("Officine Marchetti", "IT", "Modena", "auto"),
        ("武汉江城装饰材料有限公司", "CN", "武汉", "build"),
    ),
    "credit_trouble": (("Meridian Yacht Refit", "US", "Pensacola", "ship"),),
    "distributor": (
        ("Chemhandel Nordwest GmbH", "DE", "Bremen", "trade"),
        ("Midwest Chemical Supply", "US", "Omaha", "trade"),
        ("上海联化贸易有限公司", "CN", "上海", "trade"),
        ("Química Ibérica Distribución", "ES", "Zaragoza", "trade"),
    ),
}

# Sub-companies and delivery sites of the key accounts: (name, city, is company).
SITES = {
    "Rheinwald Automotive AG": (
        ("Rheinwald Interieur GmbH", "Passau", True),
        ("Rheinwald plant south", "Landshut", False),
        ("Rheinwald plant east", "Eisenach", False),
    ),
    "Northshore Marine Works": (("Northshore dock 4", "Superior", False),),
    "苏州恒远涂料有限公司": (
        ("恒远无锡工厂", "无锡", False),
        ("恒远新材料（南通）有限公司", "南通", True),
    ),
    "Bergmann Möbelwerke GmbH": (("Bergmann Werk 2", "Lemgo", False),),
    "Pacific Packaging Group": (
        ("Pacific Films Inc.", "Spokane", True),
        ("Pacific plant Olympia", "Olympia", False),
    ),
    "宁波海川船舶制造有限公司": (("海川象山码头", "象山", False),),
}

FIRST_NAMES = {
    "DE": ("Klaus", "Sabine", "Jürgen", "Petra", "Stefan", "Monika", "Uwe", "Katrin"),
    "CN": ("王伟", "李娜", "张敏", "刘洋", "陈静", "杨磊", "赵强", "周婷"),
    "": ("James", "Laura", "Paul", "Maria", "David", "Elena", "Thomas", "Claire"),
}
LAST_NAMES = {
    "DE": ("Hoffmann", "Krüger", "Schulte", "Neumann", "Lorenz", "Pohl", "Seidel"),
    "": ("Harper", "Bellini", "Moreno", "Dubois", "Walsh", "Novak", "Silva", "Grant"),
}
FUNCTIONS = (
    "Purchasing Manager",
    "Technical Director",
    "Plant Manager",
    "Quality Manager",
    "Finance Director",
    "Managing Director",
)

DEAL_TOPICS = (
    "annual supply {product}",
    "switch to {product}",
    "second source for {product}",
    "{product} for the new line",
    "trial batch {product}",
    "frame agreement {product}",
)
LOST_REASONS = {
    "price": "Price too high",
    "delivery": "Delivery time too long",
    "approval": "Technical approval failed",
    "competitor": "Competitor preferred",
    "budget": "Project stopped by the customer",
}
MESSAGES = (
    "Sent the technical data sheet and the safety data sheet.",
    "Customer asks for a 25 kg sample from the current lot.",
    "Trial on their line went well, drying time to be confirmed.",
    "Purchasing wants a price that holds for twelve months.",
    "Visited the plant; the decider is the technical director.",
    "Competitor offers 4 % less but needs six weeks for delivery.",
    "Approval by their quality department is expected next week.",
)
ACTIVITIES = ("Call", "Email", "To-Do", "Meeting")
