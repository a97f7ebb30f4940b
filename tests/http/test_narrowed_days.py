"""A token that is narrowed to who bears a name, as of days on which others bore it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpicore import Config, Narrowing
from kpicore.testing import load_tables, plugins_of
from tests.http.conftest import serving

ROWS = {
    "customer": """
        id name segment owner_id
        c1 Acme small   u1
    """,
    "opportunity": """
        id customer_id owner_id created_at closed_at  outcome amount
        o1 c1          u1       2025-01-05 2025-01-25 won     100
        o2 c1          u1       2025-01-06 2025-01-26 won     100
        o3 c1          u2       2025-01-10 2025-02-09 won     200
    """,
}
MAY = {"date": "2025-05-10"}
OTHERS = "this token is only for rep Bob. Leave the rep out, or ask for that."


def load_twice(folder: Path, in_may: str, in_july: str) -> None:
    """Load reps as they are called in May, and again as they are in July: "u1 Bob, u2 Max"."""
    config, plugins = Config(folder, "Names", "EUR", "UTC"), plugins_of(crm="kpicore_crm.plugin")
    for month, reps in ((5, in_may), (7, in_july)):
        users = "\n".join(["id name", *reps.split(", ")])
        load_tables(config, plugins, {"user": users, **ROWS}, data_time=datetime(2025, month, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("in_may", "in_july", "results"),
    [
        ("u1 Max, u2 Bob", "u1 Max, u2 Bob", [1, 1, OTHERS, 1]),
        ("u1 Bob, u2 Max", "u1 Max, u2 Bob", [1, 1, OTHERS, 1]),  # they exchanged names
        ("u1 Bob, u2 Max", "u1 Max, u2 Eve, u3 Bob", [0, 0, OTHERS, OTHERS]),  # a new one of an old name
        ("u1 Bob, u2 Bob", "u1 Max, u2 Bob", [1, 1, OTHERS, 1]),  # there were two of the name
        ("u1 Max, u2 Eve", "u1 Max, u2 Bob", [1, 1, OTHERS, 1]),
    ],
)
def test_as_of_an_earlier_day_it_is_for_who_bears_the_name_today(tmp_path, in_may, in_july, results):
    load_twice(tmp_path, in_may, in_july)
    then = [["KPI_WON_DEALS", [2025, "as_of", MAY, *pair]] for pair in ((), ("rep", "u1"), ("rep", "u2"))]
    with serving(tmp_path) as served:
        bob = served.narrowed(Narrowing(None, (("rep", ("Bob",)),)))
        cells = bob.ask(["KPI_WON_DEALS", [2025]], *then)
    assert [cell["message"] if isinstance(cell, dict) else cell for cell in cells] == results


def test_a_plain_text_is_the_same_one_on_each_day_whatever_its_case(tmp_path):
    load_twice(tmp_path, "u1 Bob, u2 Max", "u1 Bob, u2 Max")
    with serving(tmp_path) as served:
        small = served.narrowed(Narrowing(None, (("segment", ("SMALL",)),)))
        assert small.ask(["KPI_WON_DEALS", [2025]], ["KPI_WON_DEALS", [2025, "as_of", MAY]]) == [3, 3]
