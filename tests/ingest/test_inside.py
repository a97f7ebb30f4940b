"""Parts of the load by themselves: words that are blank, the time of the data, what the book keeps of definitions."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import BadExpression, RowCheck, Warehouse, open_workspace
from kpicore.engine.scan.made_tables import Binding
from kpicore.ingest.data_time import data_times
from kpicore.ingest.derive.dimension_values import name_values
from kpicore.ingest.derive.row_checks import condition
from kpicore.ingest.fields.coded_words import RawWords
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.lineage import written
from kpicore.testing import TinySource, batch
from tests.crm import SETTINGS, crm_registry
from tests.engine.worlds import at, config_of
from tests.ingest.test_remaking import SIZE, installed, loaded

WORDS = crm_registry()


def test_blank_words_are_none():
    field = crm_registry().entity("opportunity").field("outcome")
    given = RawWords(field, {"done": 1}, ("  ",), 1)
    assert "'  '" in given.word_sql()


def test_the_data_is_of_the_latest_time_that_a_source_was_last_loaded_as_of() -> None:
    jan, feb, mar = (at(f"2026-0{month}-05") for month in (1, 2, 3))
    assert data_times([(1, "orders", "", feb, True), (2, "customers", "", jan, True)], {}) == {1: feb, 2: feb}
    assert data_times([(1, "crm", "", feb, True), (2, "crm", "", jan, True)], {}) == {1: feb, 2: feb}
    put_right = [(1, "orders", "", mar, True), (2, "orders", "", jan, False), (3, "orders", "", feb, True)]
    assert data_times(put_right, {}) == {1: mar, 2: jan, 3: feb}
    files = [(1, "orders", "", feb, True), (2, "stages.toml", "", mar, True)]
    assert data_times(files, {"stages.toml": ("stage",)}) == {1: feb, 2: feb}


def test_the_book_keeps_the_lineage_with_the_data_version(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    loaded(config, SIZE)
    with installed(config, SIZE) as opened:
        text, makers = opened.warehouse.lineage() or ("", ())
        assert len(makers) == 1
        assert any(row[0] == "opportunity.size" for row in json.loads(text)[0])
        assert opened.warehouse.state.written == written(opened.registry, config, opened.calendar)


@pytest.mark.parametrize("name", ["period.start", "period.end", "period.as_of"])
def test_where_there_is_no_period_none_can_be_named(name: str, tiny: Warehouse) -> None:
    """As in a check of rows and in a condition of a plugin over made tables; a mapping of a file is another such."""
    with pytest.raises(BadExpression, match=f"no period named '{name}'"):
        condition(RowCheck(f"ordered_on > {name}", "no_stock"), "order", WORDS)
    with pytest.raises(BadExpression, match=f"no period named '{name}'"):
        Binding(tiny, WORDS, SETTINGS).condition("e", "order", f"ordered_on > {name}")


IDS = st.sampled_from(["u1", "U1", "u2", "u3", "Ann", "x] [u1", "[u1]", "]"])
LABELS = st.sampled_from(
    [
        None,
        "Ann",
        " ann",
        "Ann [u1]",
        "ann [U1]",
        "Ann [u2]",
        "Ann [u1] [u1]",
        "Ann [x] [u1]",
        "u1",
        "u2 [u2]",
        "(none)",
    ]
)


def values(labels: dict[str, str | None]) -> dict[str, str]:
    """Return the value of each id."""
    with duckdb.connect() as database:
        database.execute(
            "CREATE SCHEMA book; CREATE TABLE book.member (dimension TEXT, value TEXT, id TEXT, label TEXT)"
        )
        database.execute("CREATE TABLE people (id TEXT, name TEXT)")
        database.executemany("INSERT INTO people VALUES (?, ?)", [*labels.items()])
        name_values(database, WORDS, [EntityRows(WORDS.entity("user"), "people", len(labels))])
        return dict(database.execute("SELECT id, value FROM book.member WHERE dimension = 'rep'").fetchall())


@given(st.dictionaries(IDS, LABELS, min_size=1))
@settings(max_examples=200, deadline=None)
def test_each_id_has_a_value_of_its_own_and_a_clear_label_is_the_value(labels: dict[str, str | None]) -> None:
    found = values(labels)
    as_compared = [value.strip().casefold() for value in found.values()]
    assert found.keys() == labels.keys()
    assert len({*as_compared, "(none)"}) == len(labels) + 1
    called = {id: label or id for id, label in labels.items()}
    for id, label in called.items():
        same = [other for other in called.values() if other.strip().casefold() == label.strip().casefold()]
        if len(same) == 1 and label != "(none)":
            assert found[id] == label
        else:
            assert found[id].startswith(f"{label} [{id}]")


def test_only_a_value_that_another_row_has_for_its_name_gets_the_id_twice() -> None:
    labels = {"u1": "Ann", "u2": "Ann", "u3": "Ann [u1]", "u4": "Bob", "u5": "Bob"}
    assert values(labels) == {
        "u1": "Ann [u1] [u1]",
        "u2": "Ann [u2]",
        "u3": "Ann [u1]",
        "u4": "Bob [u4]",
        "u5": "Bob [u5]",
    }


def test_two_people_are_not_added_up_by_what_they_are_called(tmp_path) -> None:
    users = "id name\n u1 Ann\n u2 Ann\n u3 Ann~[u1]\n u4 (none)"
    deals = "\n".join(
        f"d{at} {owner} 2025-01-05 2025-02-05 won {amount}"
        for at, (owner, amount) in enumerate([("u1", 5), ("u3", 7), ("u4", 11), ("-", 13)])
    )
    rows = {"user": users, "opportunity": f"id owner_id created_at closed_at outcome amount\n{deals}"}
    (tmp_path / "kpi.toml").write_text("[workspace]\nname = 'Namesakes'\n", encoding="utf-8")
    with open_workspace(tmp_path) as workspace:
        workspace.load([TinySource("crm", tuple(batch(WORDS, name, text) for name, text in rows.items()))])
        answers = workspace.get("total_sales", "2025-Q1", by="rep").answers
        assert {answer.question.cuts[0][1][0]: answer.value for answer in answers} == {
            "Ann [u1] [u1]": 5,
            "Ann [u1]": 7,
            "(none) [u4]": 11,
            "(none)": 13,
        }
        assert workspace.get("total_sales", "2025-Q1", where={"rep": "Ann [u1]"}).answers[0].value == 7
