"""Marmot & Finch, a company that does not exist: who works there, what they sell, and what happened.

They sell espresso machines, grinders and care plans to cafés, offices and homes. What the numbers
should tell an attentive reader: November is strong and August weak; Instagram brings many leads and
few customers; Jonas Pike left at the end of May 2025 and the third quarter of 2025 missed its
target; prices of machines rose by 8 % on 1 March 2025; nobody booked training in some months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

NAME = "Marmot & Finch Coffee Machines (a made-up company)"
CURRENCY = "USD"
TIMEZONE = "America/New_York"
FIRST_DAY = date(2023, 10, 1)
DATA_TIME = datetime(2026, 9, 18, 18, 0, tzinfo=UTC)
AS_OF = DATA_TIME.date()
NOW = datetime(2026, 9, 18, 14, 0)
"""The data time on the company's clock: nothing after it has happened yet."""

PRICE_RISE = date(2025, 3, 1)

REGIONS = {"north": "North", "south": "South", "east": "East", "west": "West"}
TEAMS = {"field": "Field sales", "inside": "Inside sales", "online": "Online"}
LINES = {"machines": "Espresso machines", "grinders": "Grinders", "care": "Beans and care"}
COMPETITORS = {"kestrel": "Kestrel Brew", "ironbean": "Ironbean", "lagoon": "Lagoon Coffee"}
LOSS_REASONS = {
    "price": "Price too high",
    "competitor": "Chose a competitor",
    "no_budget": "No budget",
    "no_answer": "Stopped answering",
    "features": "Missing feature",
    "timing": "Bad timing",
}
PARTNERS = {"bean-guild": "The Bean Guild", "fit-out": "Fit-Out Studio"}
STAGES = ("Qualification", "Needs analysis", "Demonstration", "Proposal", "Negotiation")
STAGE_IDS = ("qualification", "needs", "demonstration", "proposal", "negotiation")
PROBABILITIES = ("0.10", "0.25", "0.45", "0.60", "0.80")

SEASON = (0.93, 0.92, 1.02, 1.03, 1.02, 0.98, 0.88, 0.80, 1.02, 1.08, 1.20, 1.12)
"""Demand by month, January first; the year averages 1."""

CHANNELS = {"Phone": 20, "Web": 27, "Email": 16, "WhatsApp": 14, "Instagram": 23}
CHANNEL_LUCK = {"Phone": 1.25, "Web": 1.05, "Email": 1.0, "WhatsApp": 1.1, "Instagram": 0.42}
SOURCES = {
    "Phone": {"Referral": 4, "Cold call": 6, "Trade fair": 3},
    "Web": {"Website": 8, "Search ads": 5},
    "Email": {"Email campaign": 8, "Referral": 2},
    "WhatsApp": {"Website": 3, "Referral": 3, "Social media": 2},
    "Instagram": {"Social media": 1},
}
ORIGINS = {
    "Cold call": "prospecting",
    "Trade fair": "prospecting",
    "Email campaign": "nurturing",
    "Existing customer": "nurturing",
}
"""All other sources are inbound."""
CAMPAIGNS = {
    "Search ads": "search-always-on",
    "Email campaign": "newsletter",
    "Social media": "latte-art-reels",
    "Trade fair": "fair-stand",
}

# Rate at the first day, and ten-thousandths of drift a week, turning every half year.
RATES = {"EUR": (Decimal("1.0700"), (9, -4, 6, -7, 5, 3)), "GBP": (Decimal("1.2300"), (7, 2, -6, 8, -3, 4))}
_TURN_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Rep:
    """A sales rep: id, name, where they work, how good they are (1 is average), and since when until when."""

    id: str
    name: str
    team: str
    region: str
    skill: float
    start: date
    end: date | None = None

    def works_on(self, day: date) -> bool:
        """Say whether the rep takes new business on that day."""
        return self.start <= day and (self.end is None or day < self.end)


REPS = (
    Rep("ada.brook", "Ada Brook", "field", "north", 1.25, date(2019, 3, 1)),
    Rep("bruno.vale", "Bruno Vale", "field", "south", 1.00, date(2020, 1, 15)),
    Rep("celia.marsh", "Celia Marsh", "field", "east", 1.10, date(2018, 6, 1)),
    Rep("dario.stone", "Dario Stone", "field", "west", 0.90, date(2022, 2, 1)),
    Rep("elin.frost", "Elin Frost", "inside", "north", 1.05, date(2021, 9, 1)),
    Rep("felix.reed", "Felix Reed", "inside", "south", 0.80, date(2023, 4, 1)),
    Rep("greta.lund", "Greta Lund", "inside", "east", 1.15, date(2020, 5, 1)),
    Rep("jonas.pike", "Jonas Pike", "inside", "west", 1.20, date(2019, 10, 1), date(2025, 6, 1)),
    Rep("kira.holt", "Kira Holt", "inside", "west", 0.95, date(2025, 9, 1)),
    Rep("hugo.penn", "Hugo Penn", "online", "north", 0.95, date(2021, 1, 4)),
    Rep("iris.calder", "Iris Calder", "online", "south", 1.10, date(2022, 7, 1)),
)
REP = {rep.id: rep for rep in REPS}
SUCCESSOR = "greta.lund"
"""Who took over the open deals and the customers of Jonas Pike."""


def keeper(owner: str, day: date) -> str:
    """Return who looks after a rep's customers and deals on a day: the rep, or the successor."""
    end = REP[owner].end
    return SUCCESSOR if end and day >= end else owner


@dataclass(frozen=True, slots=True)
class Product:
    """Something they sell, with its list price and cost in US dollars; a care plan is billed monthly."""

    id: str
    line: str
    price: Decimal
    cost: Decimal
    monthly: bool = False

    def price_on(self, day: date) -> Decimal:
        """Return the list price on a day: machines became 8 % dearer."""
        dearer = self.line == "machines" and day >= PRICE_RISE
        return self.price * Decimal("1.08") if dearer else self.price


PRODUCTS = (
    Product("Marmot One", "machines", Decimal(1900), Decimal(1120)),
    Product("Marmot Duo", "machines", Decimal(4200), Decimal(2350)),
    Product("Marmot Grand", "machines", Decimal(9800), Decimal(5400)),
    Product("Finch Mill", "grinders", Decimal(650), Decimal(360)),
    Product("Finch Mill Pro", "grinders", Decimal(1450), Decimal(770)),
    Product("House Beans", "care", Decimal(95), Decimal(51)),
    Product("Care Basic", "care", Decimal(39), Decimal(14), monthly=True),
    Product("Care Plus", "care", Decimal(89), Decimal(33), monthly=True),
    Product("Bean Club", "care", Decimal(129), Decimal(71), monthly=True),
)
PRODUCT = {product.id: product for product in PRODUCTS}


def rate_on(currency: str, day: date) -> Decimal:
    """Return how many US dollars one unit of the currency buys in the week of that day."""
    if currency == CURRENCY:
        return Decimal(1)
    first, drifts = RATES[currency]
    weeks = max(0, (day - FIRST_DAY).days // 7)
    turns, rest = divmod(weeks, _TURN_WEEKS)
    steps = sum(drifts[turn % len(drifts)] for turn in range(turns)) * _TURN_WEEKS + drifts[turns % len(drifts)] * rest
    return first + Decimal(steps) / 10_000
