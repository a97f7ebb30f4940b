"""Derived entities of a third party: a lending library, where readers are active as long as they borrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kpicore import (
    BadDefinition,
    BuildContext,
    Config,
    DerivedEntity,
    Entity,
    Field,
    LoadReport,
    LookUp,
    Note,
    Registry,
    RollUp,
    Setting,
    Type,
    latest,
)
from kpicore.as_of.state import stood
from kpicore.as_of.tables import PastTables
from kpicore.lineage import written
from kpicore.registry.joined import Contributions, build_registry
from kpicore.testing import TinySource, batch, load
from kpicore.warehouse import FILE, open_duckdb

READER = Entity("reader", "Who borrows.", (
    Field("reader", "id", Type.TEXT, "Number of the card."),
    Field("reader", "town", Type.TEXT, "Where the reader lives."),
    Field("reader", "left_on", Type.DATE, "When the last stretch ended.",
          how=(RollUp("reader_id", latest("stretch", "until_on", when="since_on")),), plan=True),
))  # fmt: skip
LOAN = Entity("loan", "A book that is lent.", (
    Field("loan", "id", Type.TEXT, "Number of the loan."),
    Field("loan", "reader_id", Type.TEXT, "Who has it.", refers_to="reader"),
    Field("loan", "lent_at", Type.MOMENT, "When it was lent."),
    Field("loan", "town", Type.TEXT, "Town of the reader.", how=(LookUp("reader_id", "reader", "town"),)),
), main_date="lent_on")  # fmt: skip
STRETCH = Entity("stretch", "A time in which a reader borrowed.", (
    Field("stretch", "reader_id", Type.TEXT, "The reader.", refers_to="reader"),
    Field("stretch", "since_on", Type.DATE, "First loan."),
    Field("stretch", "until_on", Type.DATE, "First day on which the reader is active no more.", ends="since_on"),
    Field("stretch", "town", Type.TEXT, "Town of the reader.", dimension=True),
), ("reader_id", "since_on"), "since_on", made=True)  # fmt: skip
PATIENCE = Setting("patience_days", Type.INTEGER, "days after which a reader without a loan is gone", 30)


def stretches(context: BuildContext) -> str:
    """One stretch a reader: from the first loan until the days of patience after the last one are over."""
    loans, patience = context.table("loan", "reader_id", "lent_on"), int(str(context.settings["patience_days"]))
    ((nobody,),) = context.rows(f"SELECT count(*) FROM {loans} WHERE reader_id IS NULL")
    if nobody:
        context.note(Note.of("loans_of_nobody", rows=nobody))
    ends = context.temporary("ends", f"SELECT reader_id, max(lent_on) + {patience} AS day FROM {loans} GROUP BY ALL")
    return f"""
        SELECT loans.reader_id, min(lent_on) AS since_on,
            CASE WHEN any_value(ends.day) <= DATE '{context.today}' THEN any_value(ends.day) END AS until_on
        FROM {loans} AS loans JOIN {ends} AS ends USING (reader_id) GROUP BY ALL"""


DERIVED = DerivedEntity(
    "stretch",
    origin="reader",
    through="reader_id",
    columns=("reader_id", "since_on", "until_on"),
    reads={"loan": ("reader_id", "lent_on")},
    settings=("patience_days",),
    build=stretches,
)
LIBRARY: Mapping[str, str] = {
    "reader": "id town\n ann Ulm\n bob Bonn",
    "loan": "id reader_id lent_at\n l1 ann 2025-01-10\n l2 ann 2025-02-01\n l3 bob 2025-03-20\n l4 - 2025-03-21",
}
STRETCHES = "SELECT reader_id, since_on, until_on, town FROM kpi.stretch ORDER BY reader_id"
ANN, BOB = ("ann", date(2025, 1, 10), date(2025, 3, 3), "Ulm"), ("bob", date(2025, 3, 20), None, "Bonn")


def library(derived: DerivedEntity = DERIVED, **more: tuple[tuple[str, Any], ...]) -> Registry:
    given = {
        "entities": tuple(("library", each) for each in (READER, LOAN, STRETCH)),
        "derived_entities": (("library", derived),),
        "settings": (("library", PATIENCE),),
    }
    return build_registry(Contributions(**{**given, **more}))


@pytest.fixture
def lend(tmp_path: Path) -> Callable[..., LoadReport]:
    def loaded(
        day: str = "2025-04-01", registry: Registry | None = None, patience: int = 30, **tables: str
    ) -> LoadReport:
        words = registry or library()
        config = Config(tmp_path, "Library", "EUR", settings={"patience_days": patience})
        given = tuple(batch(words, name, text) for name, text in (tables or LIBRARY).items())
        time = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
        return load(config, words, [TinySource("library", given)], data_time=time)

    return loaded


def test_rows_are_built_and_copy_the_other_fields_from_their_origin(lend, ask):
    assert lend().remade == ""
    assert ask(STRETCHES) == [ANN, BOB]


def test_others_are_made_from_it_as_from_any_entity(lend, ask):
    lend()
    assert ask("SELECT id, left_on FROM kpi.reader ORDER BY id") == [("ann", date(2025, 3, 3)), ("bob", None)]


def test_its_notes_are_those_of_its_rows(lend, state):
    lend()
    assert [note.record() for note in state().entities["stretch"].notes] == [
        {"kind": "loans_of_nobody", "values": {"rows": 1}}
    ]


def test_its_dimensions_are_told_with_their_values(lend, ask):
    lend()
    assert ask("SELECT value FROM book.member WHERE dimension = 'town'") == []
    words = library(dimensions=(("library", town_dimension()),))
    lend(registry=words)
    assert ask("SELECT value FROM book.member WHERE dimension = 'town' ORDER BY value") == [("Bonn",), ("Ulm",)]


def town_dimension() -> Any:
    from kpicore import Dimension

    return Dimension("town", "Where the reader lives.")


def test_without_rows_of_the_origin_there_is_no_such_entity(lend, state):
    lend(loan="id lent_at\n l1 2025-01-10")
    assert {*state().entities} & {"reader", "stretch"} == set()


def test_without_rows_of_what_it_reads_it_has_no_rows(lend, ask):
    lend(reader=LIBRARY["reader"])
    assert ask(STRETCHES) == []


def test_on_a_later_day_its_rows_are_made_anew(lend, ask):
    lend()
    lend(day="2025-05-01", reader="id\n cid")
    assert ask(STRETCHES) == [ANN, ("bob", date(2025, 3, 20), date(2025, 4, 19), "Bonn")]


def test_rows_that_are_the_same_on_all_days_may_stay(lend, ask):
    words = library(replace(DERIVED, facts=lambda context: ()))
    lend(registry=words)
    ask_made = "SELECT made FROM book.entity WHERE entity = 'stretch'"
    before = ask(ask_made)
    lend(day="2025-05-01", registry=words, loan="id\n l1")
    assert ask(ask_made) == before
    assert ask(STRETCHES) == [ANN, BOB]


def test_another_setting_or_version_makes_it_anew_and_all_that_reads_it(lend, ask):
    lend()
    assert lend(patience=60).remade == "made anew: reader, stretch (patience_days was 30 and is 60)"
    assert ask(STRETCHES)[0] == ("ann", date(2025, 1, 10), None, "Ulm")
    newer = library(replace(DERIVED, version=2))
    assert lend(registry=newer, patience=60).remade == "made anew: reader, stretch (the entity stretch has changed)"


def test_the_first_version_leaves_no_trace_in_the_text_of_all_definitions(tmp_path):
    config = Config(tmp_path, "Library", settings={"patience_days": 30})
    calendar = config.calendar()
    first, second = library(), library(replace(DERIVED, version=2))
    nothing = library(derived_entities=())
    assert written(first, config, calendar) == written(nothing, config, calendar)
    assert written(first, config, calendar) != written(second, config, calendar)


def test_as_of_an_earlier_day_it_is_made_of_what_stood_then(lend, tmp_path):
    lend(day="2025-02-15", reader=LIBRARY["reader"], loan="id reader_id lent_at\n l1 ann 2025-01-10")
    lend()
    words, config = library(), Config(tmp_path, "Library", "EUR", settings={"patience_days": 30})
    warehouse = open_duckdb(tmp_path / FILE)
    then = PastTables(warehouse, "then", config, words, stood(date(2025, 2, 20), "UTC", warehouse.query, (), {}))
    assert then.query(STRETCHES) == [("ann", date(2025, 1, 10), date(2025, 2, 9), "Ulm")]
    warehouse.close()


def _raises(context: BuildContext) -> str:
    raise ZeroDivisionError("no readers")


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"build": _raises}, "ZeroDivisionError: no readers"),
        ({"build": lambda context: "SELECT 1 AS reader_id"}, "does not have a column name"),
        ({"build": lambda context: "SELEC 1"}, "syntax error"),
        (
            {"build": lambda context: "SELECT 'a' AS reader_id, 'b' AS since_on, NULL AS until_on"},
            "ConversionException",
        ),
        ({"build": lambda context: context.table("loan", "town")}, "its reads lack 'loan.town'"),
        ({"build": lambda context: context.table("reader", "id")}, "its reads lack 'reader.id'"),
        ({"build": lambda context: context.first_load("loan")}, "its history lack 'loan'"),
        ({"build": lambda context: str(context.settings["other"])}, "KeyError: 'other'"),
        ({"facts": lambda context: context.nothing}, "AttributeError"),
        ({"view": lambda context: {"reader_id": "origin.nothing"}}, "does not have a column name"),
        ({"reads": lambda settings: settings["other"]}, "KeyError: 'other'"),
        ({"reads": lambda settings: ({"loan": ("lend_on",)},)}, "no field named 'lend_on'"),
        ({"reads": {"reader": ("left_on",)}}, "it reads 'reader.left_on', which is made from 'stretch"),
    ],
)
def test_one_that_fails_is_told_in_one_line_and_the_load_does_without(lend, ask, state, broken, why):
    report = lend(registry=library(replace(DERIVED, **broken)))
    assert report.errors == ()
    assert report.remade.startswith("not made: derived entity 'stretch': ")
    assert why in report.remade
    assert "\n" not in report.remade
    assert {*state().entities} == {"reader", "loan"}
    assert ask("SELECT id, town, left_on FROM kpi.reader ORDER BY id") == [("ann", "Ulm", None), ("bob", "Bonn", None)]
    assert ask("SELECT count(*) FROM kpi.loan") == [(4,)]


def test_one_that_fails_takes_the_table_of_before_with_it_and_is_there_when_it_is_mended(lend, ask, state):
    lend()
    lend(registry=library(replace(DERIVED, build=_raises)), day="2025-04-02")
    assert "stretch" not in state().entities
    assert lend(day="2025-04-03").remade == ""
    assert ask(STRETCHES) == [ANN, BOB]


def _each_reader(context: BuildContext) -> Mapping[str, str] | None:
    if context.is_loaded("loan"):
        return None
    context.note(Note.of("nobody_borrows"))
    return {"reader_id": "origin.id", "since_on": "DATE '2025-01-01'"}


def test_one_whose_rows_are_those_of_the_origin_is_a_view_of_it(lend, ask, state):
    words = library(replace(DERIVED, view=_each_reader))
    lend(registry=words, reader=LIBRARY["reader"])
    assert ask(STRETCHES) == [(name, date(2025, 1, 1), None, town) for name, town in (("ann", "Ulm"), ("bob", "Bonn"))]
    assert ask("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'made'") == [("reader",)]
    assert [note.kind for note in state().entities["stretch"].notes] == ["nobody_borrows"]
    lend(registry=words, **LIBRARY)
    assert ask(STRETCHES) == [ANN, BOB]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"entity": "loan"}, "sources can give the entity 'loan': say made=True there"),
        ({"origin": "stretch"}, "its origin 'stretch' is no entity that sources give with an id"),
        ({"columns": ("reader_id", "town", "day")}, "no field named 'day' in derived entity 'stretch'"),
        ({"reads": {"stretch": ("town",)}}, "it reads 'stretch', which is derived itself"),
        ({"history": {"loan": ("lend_at",)}}, "no field named 'lend_at' in entity 'loan', derived entity 'stretch'"),
    ],
)
def test_one_that_does_not_go_with_the_entities_is_refused_and_told(wrong, why):
    registry = library(replace(DERIVED, **wrong))
    (problem,) = registry.problems
    assert problem.giver == "library"
    assert why in problem.problem
    assert dict(registry.derived) == {}


def test_what_refers_to_the_origin_is_one_of_its_columns():
    with pytest.raises(BadDefinition, match="its columns lack 'reader_id', its through"):
        replace(DERIVED, columns=("since_on",))
