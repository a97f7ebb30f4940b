"""The customers: invented names, what kind of company they are, and how long they stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from kpicore_demo.chance import Chance
from kpicore_demo.company import CHANNELS, FIRST_DAY, REGIONS, REPS, Rep

_FIRST = tuple(
    "Amber Birch Cedar Copper Dapple Ember Fern Gable Hazel Indigo Juniper Kettle Linden Maple Nutmeg Olive "
    "Pebble Quince Russet Saffron Thistle Umber Velvet Willow".split()
)
_SECOND = tuple(
    "Otter Lane Heron Mill Corner Harbor Meadow Lantern Orchard Bridge Garden Sparrow Fox Wharf Bell Court".split()
)
_SURNAMES = tuple(
    "Alder Barrow Crane Dunlin Everly Finchley Gannet Hollis Iverness Jarrow Kestle Larkin Merrow Nettle Osprey "
    "Pellow Quill Rushton Siskin Tarn Ullock Varley Wren Yarrow Zeller".split()
)
_INITIALS = "ABCDEFGHIJKLMNOPRSTW"
_KINDS = {
    "Café": ("Hospitality", 10),
    "Bakery": ("Hospitality", 6),
    "Hotel": ("Travel", 3),
    "Restaurant": ("Hospitality", 5),
    "Workspace": ("Offices", 5),
    "Clinic": ("Health", 2),
    "College": ("Education", 2),
}
_SIZES = {"small": 55, "medium": 33, "large": 12}
_STAYS_DAYS = {"small": 620, "medium": 980, "large": 1500, "": 420}
_ABROAD = {"Ireland": 2, "United Kingdom": 1}
_OPENING_CUSTOMERS = 190


@dataclass(slots=True)
class Customer:
    """A customer or prospect. `stays_days` counts from the first purchase and is known to no one there."""

    id: str
    name: str
    created_at: datetime
    segment: str
    industry: str
    b2b: bool
    region: str
    country: str
    owner: str
    channel: str
    stays_days: int
    reorders_days: int
    customer_since: datetime | None = None
    referred_by: str | None = None
    purchases: list[datetime] = field(default_factory=list)

    def buys_on(self, day: date) -> bool:
        """Say whether they are still a customer on that day."""
        since = self.customer_since
        return since is not None and since.date() <= day < since.date() + timedelta(days=self.stays_days)


def business_names() -> Iterator[tuple[str, str]]:
    """Give names of businesses with the kind of business, none twice."""
    kinds = tuple(_KINDS)
    total = len(_FIRST) * len(_SECOND) * len(kinds)
    for number in range(total):
        # 1,129 shares no divisor with the total, so the walk meets every combination once.
        place = number * 1129 % total
        place, kind = divmod(place, len(kinds))
        first, second = divmod(place, len(_SECOND))
        yield f"{_FIRST[first]} {_SECOND[second]} {kinds[kind]}", kinds[kind]


def private_names() -> Iterator[str]:
    """Give names of private people, none twice."""
    total = len(_INITIALS) * len(_SURNAMES)
    for number in range(total):
        initial, surname = divmod(number * 77 % total, len(_SURNAMES))
        yield f"{_INITIALS[initial]}. {_SURNAMES[surname]}"


class CustomerBook:
    """All customers so far; hands out new ones."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._businesses = business_names()
        self._people = private_names()
        self.all: list[Customer] = []

    def business(self, created_at: datetime, region: str, rep: Rep, channel: str) -> Customer:
        """Add a business that has not bought yet."""
        chance = self._chance.own()
        name, kind = next(self._businesses)
        size = "large" if kind in ("Hotel", "College") and chance.hits(0.5) else chance.weighted(_SIZES)
        return self._added(name, created_at, size, _KINDS[kind][0], True, region, rep, channel)

    def person(self, created_at: datetime, region: str, rep: Rep) -> Customer:
        """Add a private person who came through the web shop."""
        return self._added(next(self._people), created_at, "", "", False, region, rep, "Web")

    def open(self) -> None:
        """Add the customers the company had before the first day, with the day they first bought."""
        for _ in range(_OPENING_CUSTOMERS):
            chance = self._chance.own()
            region = chance.pick(tuple(REGIONS))
            since = FIRST_DAY - timedelta(days=chance.whole(10, 900))
            rep = chance.pick([rep for rep in REPS if rep.team != "online" and rep.end is None])
            customer = self.business(chance.at_work(since), region, rep, chance.weighted(CHANNELS))
            customer.customer_since = datetime.combine(since, time(12)) + timedelta(days=9)
            # They are customers still, so those who left before the first day are not in the books.
            customer.stays_days += (FIRST_DAY - since).days

    def _added(
        self,
        name: str,
        created_at: datetime,
        size: str,
        industry: str,
        b2b: bool,
        region: str,
        rep: Rep,
        channel: str,
    ) -> Customer:
        chance = self._chance.own()
        customer = Customer(
            id=f"C{len(self.all) + 1:04d}",
            name=name,
            created_at=created_at,
            segment=size or "small",
            industry=industry or "Household",
            b2b=b2b,
            region=region,
            country=chance.weighted(_ABROAD) if b2b and region == "east" and chance.hits(0.2) else "United States",
            owner=rep.id,
            channel=channel,
            stays_days=30 + int(chance.waiting(_STAYS_DAYS[size])),
            reorders_days=chance.whole(50, 150) if chance.hits(0.5) else 0,
        )
        self.all.append(customer)
        return customer
