"""A small shop whose definitions are changed after its data was loaded, in every way there is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kpicore import open_workspace
from kpicore.testing import TinySource, batch
from tests.engine.worlds import at

TABLES = {
    "customer": "id name segment created_at\nc1 Ann small 2025-01-01\nc2 Bob large 2025-01-01",
    "order": "id customer_id ordered_at amount currency\no1 c1 2025-03-31T23:30 100 -\no2 c1 2025-02-10 200 -\n"
    "o3 c2 2025-02-20 400 EUR",
    "fx_rate": "currency rate_on rate\nEUR 2024-01-01 2\nUSD 2024-01-01 0.5",
}
"""All at noon in UTC but o1, half an hour before midnight. One order is of 400 EUR, which are 800 USD."""

KPI_TOML = '[workspace]\ncurrency = "USD"\n\n[settings]\npoints = 2\n\n[calendar]\nfiscal_months = "fiscal.csv"\n'
FISCAL = (
    "month,first_day,last_day\nFY2025-M01,2024-01-01,2025-01-31\n"
    "FY2025-M02,2025-02-01,2025-02-15\nFY2025-M03,2025-02-16,2026-12-31\n"
)
FIELDS = """
[field.order.points]
type = "number"
meaning = "Points."
how = "amount * setting.points"

[field.order.twice]
type = "number"
meaning = "Made from another field."
how = "points + points"

[field.order.tag]
type = "text"
meaning = "What the customer is."
how = { look_up = "customer.segment", through = "customer_id" }
dimension = true

[field.customer.spent]
type = "number"
meaning = "What the customer paid."
how = { total = "order", value = "amount", key = "customer_id", where = "amount > 0" }

[field.customer.last_paid]
type = "number"
meaning = "What the last order was."
how = { latest = "order", value = "amount", when = "ordered_on", key = "customer_id" }

[metric.points]
name = "Points"
unit = "score"
inputs.it = { total = "order", value = "points", when = "ordered_on" }

[metric.point_price]
name = "What a point is"
unit = "score"
formula = "it * setting.points"
inputs.it = { count = "order", when = "ordered_on" }

[metric.twice]
name = "Twice"
unit = "score"
inputs.it = { total = "order", value = "twice", when = "ordered_on" }

[metric.small]
name = "Orders of small customers"
unit = "count"
inputs.it = { count = "order", when = "ordered_on", where = "tag = 'small'" }

[metric.spent]
name = "Spent"
unit = "score"
inputs.it = { total = "customer", value = "spent", when = "created_on" }

[metric.last_paid]
name = "Last paid"
unit = "score"
inputs.it = { total = "customer", value = "last_paid", when = "created_on" }

[metric.orders]
name = "Orders"
unit = "count"
inputs.it = { count = "order", when = "ordered_on" }

[metric.buyers]
name = "Customers who bought"
unit = "count"
inputs.it = { distinct = "order", value = "customer_id", when = "ordered_on" }

[metric.paid]
name = "Paid"
unit = "money"
inputs.it = { total = "order", value = "amount", when = "ordered_on" }

[metric.active]
name = "Active"
unit = "count"
inputs.it = { standing = "customer_spell", since = "active_from", until = "active_to" }
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A text of a file that is replaced, a KPI that it decides, and what it is before and after; `told` says why."""

    name: str
    file: str
    old: str
    new: str
    kpi: str
    period: str
    before: float
    after: float
    told: str


OWN = "metrics/own.toml"
CASES = (
    Case("expression", OWN, "amount * setting.points", "amount * 3", "points", "2025", 2200, 3300,
         "order.points has changed"),
    Case("setting", "kpi.toml", "points = 2", "points = 5", "points", "2025", 2200, 5500, "points was 2 and is 5"),
    Case("chain", OWN, "amount * setting.points", "amount * 3", "twice", "2025", 4400, 6600,
         "order.points has changed"),
    Case("look-up", OWN, "customer.segment", "customer.name", "small", "2025", 2, 0, "order.tag has changed"),
    Case("roll-up word", OWN, '{ total = "order"', '{ average = "order"', "spent", "2025", 1100, 950,
         "customer.spent has changed"),
    Case("roll-up where", OWN, "amount > 0", "amount > 100", "spent", "2025", 1100, 1000,
         "customer.spent has changed"),
    Case("roll-up value", OWN, 'value = "amount", key', 'value = "amount + 1", key', "spent", "2025", 1100, 1103,
         "customer.spent has changed"),
    Case("roll-up edge", OWN, "{ latest =", "{ earliest =", "last_paid", "2025", 900, 1000,
         "customer.last_paid has changed"),
    Case("time zone", "kpi.toml", 'currency = "USD"', 'currency = "USD"\ntimezone = "Asia/Tokyo"', "orders", "2025-03",
         1, 0, "timezone was UTC and is Asia/Tokyo"),
    Case("currency", "kpi.toml", '"USD"', '"EUR"', "paid", "2025", 1100, 700, "currency was USD and is EUR"),
    Case("rule of activity", "kpi.toml", "points = 2", "points = 2\ninactivity_days = 30", "active", "2025-05", 2, 0,
         "inactivity_days was 365 and is 30"),
    Case("weeks", "kpi.toml", "[calendar]", '[calendar]\nweek_starts = "tuesday"', "orders", "2025-W07", 1, 0,
         "the weeks have changed"),
    Case("file of fiscal months", "fiscal.csv", "02-15\nFY2025-M03,2025-02-16", "02-28\nFY2025-M03,2025-03-01",
         "buyers", "FY2025-M02", 1, 2, "the fiscal months have changed"),
)  # fmt: skip

HARMLESS = (
    (OWN, '"Points."', '"Other words."'),
    (OWN, '"amount * setting.points"', '"(amount)  *  (setting.points)"'),
    (OWN, "points + points", "(points) + points"),
    (OWN, "[field.order.points]", "# a comment\n[field.order.points]"),
    (OWN, 'type = "text"\nmeaning = "What the customer is."', 'meaning = "Its kind."\nunit = ""\ntype = "text"'),
    (OWN, 'name = "Spent"', 'name = "Money spent"'),
    ("kpi.toml", "[workspace]", '[workspace]\nname = "Another name"'),
    ("kpi.toml", "points = 2", "points = 2\nmaturing_days = 3"),
    ("kpi.toml", "[calendar]", '[calendar]\nworking_days = ["monday"]'),
)
"""Changes of files that make no table otherwise."""


def shop(folder: Path) -> Path:
    """Make the shop in a folder, with its data as of 30 June 2025."""
    (folder / "metrics").mkdir(parents=True)
    (folder / "kpi.toml").write_text(KPI_TOML, encoding="utf-8")
    (folder / "fiscal.csv").write_text(FISCAL, encoding="utf-8")
    (folder / OWN).write_text(FIELDS, encoding="utf-8")
    with open_workspace(folder) as opened:
        rows = tuple(batch(opened.registry, name, text) for name, text in TABLES.items())
        assert opened.load([TinySource("shop", rows)], data_time=at("2025-06-30")).errors == ()
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text in a file of the workspace."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a loaded shop, the same for all tests of a module."""
    return shop(tmp_path_factory.mktemp("shop") / "it")


@pytest.fixture
def folder(loaded: Path, tmp_path: Path) -> Path:
    """Give a copy of that shop, for one test."""
    return Path(shutil.copytree(loaded, tmp_path / "shop"))
