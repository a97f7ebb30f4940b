"""The values of dimensions: each stands for one id, whatever the rows are called."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import open_workspace
from kpicore.ingest.derive.dimension_values import name_values
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.testing import TinySource, batch
from tests.crm import crm_registry

WORDS = crm_registry()
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
