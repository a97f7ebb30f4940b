"""Mappings whose rows get another id, entity or source after files were loaded: no row is there twice, or is lost."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Config, open_workspace, write_config
from tests.loops import loop
from tests.sources.conftest import Desk

HEADER = "Doc,Nr,Date,Category,Amount\n"
MARCH = HEADER + "A1,1,2025-03-10,advertising,1000\nA2,2,2025-03-11,marketing,500\n"
APRIL = HEADER + "A3,3,2025-04-10,advertising,700\n"
FILES = {"march": MARCH, "april": APRIL, "again": MARCH.replace(",500", ",550")}

MAPPING = """[[table]]
entity = "cost"
header = ["Doc", "Nr", "Date", "Category", "Amount"]
leave_out = []

[table.columns]
Date = "date year-month-day"
Amount = "number 1,234.56"

[table.fields]
booked_on = "Date"
amount = "Amount"
"""


def write(desk: Desk, key: str = "", source: str = "", *, orders: bool = False) -> None:
    """Write the mapping with a column as its id, a source, and an entity."""
    text = MAPPING.replace("leave_out", f'source = "{source}"\nleave_out' if source else "leave_out")
    text = text.replace("[table.fields]", f'[table.fields]\nid = "{key}"' if key else "[table.fields]")
    if orders:
        text = text.replace('"cost"', '"order"').replace("booked_on", "ordered_at")
    desk.mapping("costs").parent.mkdir(exist_ok=True)
    desk.mapping("costs").write_text(text)


def load(desk: Desk, *names: str) -> None:
    for name in names:
        desk.take(desk.put("costs.csv", FILES[name]))


def ids(desk: Desk, entity: str = "cost") -> list[str]:
    """Return the ids as they are shown; of rows that have none, whether there is a digest."""
    return [id if len(id) < 20 else "digest" for (id,) in desk.ask(f'SELECT id FROM kpi."{entity}" ORDER BY id')]


def amounts(desk: Desk, entity: str = "cost") -> list[int]:
    return [int(amount) for (amount,) in desk.ask(f'SELECT amount FROM kpi."{entity}" ORDER BY 1')]


@pytest.mark.parametrize("by", ["import", "remake"])
@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({}, {"key": "Doc"}, ["A1", "A2", "A3"]),
        ({"key": "Doc"}, {"key": "Nr"}, ["1", "2", "3"]),
        ({"key": "Doc"}, {}, ["digest"] * 3),
        ({"key": "Doc"}, {"key": "Doc", "source": "us"}, ["A1", "A2", "A3"]),
        ({"source": "us"}, {"key": "Nr", "source": "eu"}, ["1", "2", "3"]),
    ],
)
def test_what_was_delivered_is_read_again_and_no_row_is_there_twice(desk, before, after, shown, by):
    write(desk, **before)
    load(desk, "march", "april")
    write(desk, **after)
    if by == "import":
        load(desk, "april")
    else:
        with open_workspace(desk.workspace) as opened:
            opened.remake()
    assert ids(desk) == shown
    assert amounts(desk) == [500, 700, 1000]


def test_rows_become_those_of_another_entity(desk):
    write(desk)
    load(desk, "march", "april")
    write(desk, key="Doc", orders=True)
    load(desk, "april")
    assert ids(desk, "order") == ["A1", "A2", "A3"]
    assert desk.ask("SELECT count(*) FROM raw.cost") == [(0,)]


def test_an_earlier_day_sees_the_rows_as_they_were_known_then(desk):
    write(desk, orders=True)
    desk.take(desk.put("costs.csv", MARCH), "--as-of", "2025-05-01")
    write(desk, key="Doc", orders=True)
    desk.take(desk.put("costs.csv", MARCH.replace(",500", ",550")), "--as-of", "2025-06-01")
    with open_workspace(desk.workspace) as opened:
        (now,) = opened.get("revenue", "2025-Q1").answers
        (then,) = opened.get("revenue", "2025-Q1", as_of=date(2025, 5, 2)).answers
    assert (now.value, then.value) == (1550, 1500)


def test_where_the_earlier_deliveries_are_lost_nothing_is_loaded_and_nothing_goes(desk):
    write(desk)
    load(desk, "march", "april")
    with open_workspace(desk.workspace) as opened:
        landed = opened.config.folder / "landed"
    for file in landed.iterdir():
        file.unlink()
    write(desk, key="Doc")
    line = desk.refusal(desk.put("costs.csv", APRIL), "--yes")
    assert "the rows of 'costs' are told apart otherwise than before" in line
    assert amounts(desk) == [500, 700, 1000]


def state(desk: Desk) -> list[tuple[object, ...]]:
    """Return all rows of both entities, with the source of each."""
    rows = []
    for entity, day in (("cost", "booked_on"), ("order", "ordered_at")):
        there = desk.ask(f"SELECT 1 FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name = '{entity}'")
        if there:
            rows += desk.ask(
                f"SELECT '{entity}', o.name, id, CAST({day} AS DATE), amount FROM raw.\"{entity}\" AS r"
                " JOIN book.source AS o ON o.number = r._source ORDER BY ALL"
            )
    return rows


READINGS = st.fixed_dictionaries(
    {"key": st.sampled_from(["", "Doc", "Nr"]), "source": st.sampled_from(["", "us", "eu"]), "orders": st.booleans()}
)
STEPS = st.lists(
    st.tuples(READINGS, st.lists(st.sampled_from(sorted(FILES)), min_size=1, max_size=2)), min_size=2, max_size=4
)


@loop("mappings that get another id, entity or source between files", ci=12, soak=400)
@given(STEPS)
def test_after_all_edits_the_rows_are_those_that_the_last_mapping_reads_from_all_files(steps):
    with tempfile.TemporaryDirectory() as folder:
        edited, fresh = (_desk(Path(folder) / name) for name in ("edited", "fresh"))
        for reading, names in steps:
            write(edited, **reading)
            load(edited, *names)
        write(fresh, **steps[-1][0])
        load(fresh, *(name for _, names in steps for name in names))
        assert state(edited) == state(fresh)


def _desk(folder: Path) -> Desk:
    write_config(Config(folder=folder / "ws", name="Test", timezone="Europe/Berlin"))
    (folder / "files").mkdir()
    return Desk(folder / "ws", folder / "files")
