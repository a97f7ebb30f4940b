"""Sources that fail, what they could not read, and their cursors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from math import nan

import duckdb
import pyarrow as pa
import pytest

from kpicore import BadDefinition, Batch, Entity, Field, SourceReport, Type, Unreadable
from kpicore.testing import WAREHOUSE_FILE, TinySource, batch, open_warehouse
from tests.crm import crm_registry
from tests.said import note_texts


class Breaking:
    """Gives a batch and then loses its connection."""

    name = "broken"

    def __init__(self, first: Batch) -> None:
        self.first = first

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        yield self.first
        raise ConnectionError("the server hung up")

    def unreadable(self) -> Iterable[Unreadable]:
        return ()

    def cursor(self) -> str | None:
        return "never"


def test_a_failing_source_leaves_nothing_behind_and_the_others_load(take, words, ask):
    broken = Breaking(batch(words, "opportunity", "id amount\n bad 1"))
    sound = TinySource("sound", (batch(words, "opportunity", "id amount\n good 1"),))
    report = take(broken, sound)
    assert report.errors == ("broken: ConnectionError: the server hung up",)
    assert report.entity("opportunity").new == 1
    assert ask("SELECT id FROM kpi.opportunity") == [("good",)]
    assert ask("SELECT source FROM book.load") == [("sound",)]


class Panic(BaseException):
    """What a library of Rust raises when it gives up."""


class Hostile:
    """Raises an error at a place: "name", "batches", "half-way" of them, "unreadable" or "cursor"."""

    def __init__(self, place: str, error: BaseException, rows: Batch) -> None:
        self.place, self.error, self.rows = place, error, rows

    def reach(self, place: str) -> None:
        if place == self.place:
            raise self.error

    @property
    def name(self) -> str:
        self.reach("name")
        return "hostile"

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        self.reach("batches")
        return self.rows_of()

    def rows_of(self) -> Iterator[Batch]:
        yield self.rows
        self.reach("half-way")

    def unreadable(self) -> Iterable[Unreadable]:
        self.reach("unreadable")
        return ()

    def cursor(self) -> str | None:
        self.reach("cursor")
        return "never"


@pytest.mark.parametrize("place", ["name", "batches", "half-way", "unreadable", "cursor"])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SystemExit(3), "it calls sys.exit()"),
        (Panic("two\nlines"), "Panic: two lines"),
        (GeneratorExit(), "GeneratorExit"),
        (StopIteration(), ""),
        (duckdb.IOException("no file"), "IOException: no file"),
        (ValueError("\x1b[2J"), "ValueError: \\x1b[2J"),
    ],
)
def test_whatever_a_source_raises_wherever_is_its_error_in_one_line(take, words, ask, place, error, said):
    hostile = Hostile(place, error, batch(words, "opportunity", "id amount\n bad 1"))
    sound = TinySource("sound", (batch(words, "opportunity", "id amount\n good 1"),))
    report = take(hostile, sound)
    (told,) = report.errors
    assert told.startswith("a Hostile: " if place == "name" else "hostile: ")
    assert said in told
    assert told.isprintable()
    assert report.entity("opportunity").new == 1
    assert ask("SELECT id FROM kpi.opportunity") == [("good",)]
    assert ask("SELECT source FROM book.load") == [("sound",)]


ORDER = pa.table({"id": ["o1"]})


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (TinySource("odd", ({"id": "o1"},)), "it gave {'id': 'o1'}, which is no Batch"),
        (TinySource("odd", (None, Batch("order", ORDER))), "it gave None, which is no Batch"),
        (TinySource("odd", (Batch("order", ORDER),), ("x",)), "it gave 'x', which is no Unreadable"),
        (TinySource("odd", (Batch("order", ORDER),), (), 7), "its cursor is neither a text nor None but 7"),
        (TinySource(7, (Batch("order", ORDER),)), "its name is no text but 7"),
        (TinySource("odd", None), "it gave None, which is no list of Batch"),
        (TinySource("odd", (), 5), "it gave 5, which is no list of Unreadable"),
        (TinySource("odd", repeat(Batch("order", ORDER[:0]))), "it gave more than 100,000 batches without rows"),
    ],
)
def test_a_source_that_gives_something_else_than_it_should_is_told(take, words, source, said):
    sound = TinySource("sound", (batch(words, "order", "id\n o2"),))
    report = take(source, sound)
    (told,) = report.errors
    assert said in told
    assert report.entity("order").total == 1


def test_batches_without_rows_bring_their_columns_and_nothing_else(take, words, ask):
    empty = pa.table({"id": pa.array([], pa.string()), "name": pa.array([], pa.string())})
    rows = (*(Batch("region", empty) for _ in range(1000)), Batch("region", pa.table({"id": ["n"], "name": ["North"]})))
    report = take(TinySource("crm", (*rows, Batch("region", empty))))
    assert (report.errors, report.entity("region").new) == ((), 1)
    assert ask("SELECT id, name FROM kpi.region") == [("n", "North")]


def test_when_every_source_fails_nothing_is_published(take, tmp_path, words):
    broken = Breaking(batch(words, "opportunity", "id amount\n bad 1"))
    report = take(broken)
    assert report.version is None
    assert not (tmp_path / WAREHOUSE_FILE).exists()


@pytest.mark.parametrize(
    ("entity", "columns", "message"),
    [
        ("opportunty", {"id": ["1"]}, "no entity named 'opportunty'. Did you mean 'opportunity'?"),
        ("opportunity", {"id": ["1"], "amuont": [1]}, "no field named 'amuont' in entity 'opportunity'. Did you mean"),
        ("customer_spell", {"customer_id": ["1"]}, "it is made by the load, so no source can give it"),
    ],
)
def test_rows_that_fit_no_table_are_told(take, words, entity, columns, message):
    report = take(TinySource("crm", (Batch(entity, pa.table(columns)),)))
    assert message in report.errors[0]


def test_a_value_that_does_not_fit_its_field_is_kept_in_quarantine_and_the_field_left_empty(take, words, ask):
    rows = pa.table({"id": ["1", "2", "3"], "amount": ["much", "12.5", ""], "closed_at": ["2025-01-31", None, "soon"]})
    report = take(TinySource("crm", (Batch("opportunity", rows),)))
    assert report.sources == (SourceReport("crm", values=2),)
    assert ask("SELECT id, amount, closed_on FROM kpi.opportunity ORDER BY id") == [
        ("1", None, date(2025, 1, 31)),
        ("2", Decimal("12.5"), None),
        ("3", None, None),
    ]
    assert ask('SELECT "column", raw, reason FROM book.quarantine ORDER BY raw') == [
        ("amount", "much", "not a money of opportunity"),
        ("closed_at", "soon", "not a moment of opportunity"),
    ]


CELLS = {
    # columns as a source in Berlin gives them, and what is kept of each cell: None of one in quarantine
    Type.INTEGER: [
        (["1.5", "2.0", "1e3", "9007199254740993", "x"], [None, 2, 1000, 9007199254740993, None]),
        ([1.5, 2.0, 1e300, nan], [None, 2, None, None]),
        ([Decimal("1.5"), Decimal("3.0")], [None, 3]),
        ([7, -7], [7, -7]),
    ],
    Type.BOOLEAN: [
        (["yes", "false", "2"], [True, False, None]),
        ([1, 0, 2], [True, False, None]),
        ([0.5, 1.0], [None, True]),
        ([True, False], [True, False]),
    ],
    Type.DATE: [
        (["2026-01-31", "2026-01-31 23:30", "2026-02-30"], [date(2026, 1, 31), date(2026, 1, 31), None]),
        (["2026-01-31T23:30Z", "2026-01-31T23:30:00+02:00"], [date(2026, 2, 1), date(2026, 1, 31)]),
        (["2026-01-31 11:30 PM"], [None]),
        ([date(2026, 1, 31)], [date(2026, 1, 31)]),
        ([datetime(2026, 1, 31, 23, 30)], [date(2026, 1, 31)]),
        ([datetime(2026, 1, 31, 23, 30, tzinfo=UTC)], [date(2026, 2, 1)]),
    ],
    Type.MOMENT: [
        (["2026-01-31 23:30", "2026-01-31"], [datetime(2026, 1, 31, 22, 30), datetime(2026, 1, 30, 23)]),
        (
            ["2026-01-31T23:30Z", "2026-07-31T23:30:00+0200"],
            [datetime(2026, 1, 31, 23, 30), datetime(2026, 7, 31, 21, 30)],
        ),
        (["2026-01-31 11:30 PM"], [None]),
        ([datetime(2026, 1, 31, 23, 30)], [datetime(2026, 1, 31, 22, 30)]),
        ([datetime(2026, 1, 31, 23, 30, tzinfo=UTC)], [datetime(2026, 1, 31, 23, 30)]),
    ],
}


@pytest.mark.parametrize("type_", CELLS)
def test_a_cell_is_kept_as_it_is_or_goes_to_quarantine(take, ask, type_):
    fields = (Field("thing", "id", Type.TEXT, "N."), Field("thing", "x", type_, "X."))
    registry = crm_registry(entities=(("test", Entity("thing", "A thing.", fields)),))
    columns = [
        pa.table({"id": [f"{number}-{at}" for at in range(len(cells))], "x": cells})
        for number, (cells, _) in enumerate(CELLS[type_])
    ]
    source = TinySource("api", tuple(Batch("thing", column) for column in columns))
    take(source, timezone="Europe/Berlin", registry=registry)
    kept = [value for _, value in ask("SELECT id, x FROM kpi.thing ORDER BY id")]
    assert kept == [value for _, values in CELLS[type_] for value in values]
    reasons = ask("SELECT reason, count(*) FROM book.quarantine GROUP BY 1")
    assert reasons == [(f"not a {type_.value} of thing", kept.count(None))]


@pytest.mark.parametrize(
    ("amounts", "rows"),
    [
        (["0.123456", "1.5", "2.12340000"], 1),
        ([0.123456, 0.1 + 0.2, 123456789012.34], 1),
        ([Decimal("0.12345"), Decimal("7")], 1),
        (pa.array([12.34, 0.123456], pa.float32()), 1),
        ([1, 2], 0),
        (["1.5"], 0),
    ],
)
def test_an_amount_with_more_decimals_than_are_kept_is_rounded_and_told(take, ask, amounts, rows):
    ids = [str(at) for at in range(len(amounts))]
    report = take(TinySource("crm", (Batch("opportunity", pa.table({"id": ids, "amount": amounts})),)))
    assert report.sources == (SourceReport("crm"),)
    told = note_texts(report.entity("opportunity").notes)
    assert told == (("1 value of amount was rounded to 4 decimals",) if rows else ())


def test_two_columns_for_one_field_are_refused(take, words):
    rows = pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"])], names=["id", "id"])
    report = take(TinySource("crm", (Batch("opportunity", rows),)))
    assert report.errors == ("crm: field 'opportunity.id': two columns are mapped to it.",)


def test_what_could_not_be_read_is_kept_once_however_often_it_is_imported(give, ask):
    unread = (
        Unreadable("deals.csv", 7, "amount", "12,x", "not a number"),
        Unreadable("deals.csv", 9, "", "a;b", "2 columns instead of 5"),
    )
    for _ in range(2):
        report = give(opportunity="id amount\n o1 1", unread=unread)
    assert report.sources == (SourceReport("crm", values=1, rows=1),)
    assert ask('SELECT file, line, "column", raw, reason FROM book.quarantine ORDER BY line') == [
        ("deals.csv", 7, "amount", "12,x", "not a number"),
        ("deals.csv", 9, "", "a;b", "2 columns instead of 5"),
    ]


def test_the_cursor_of_a_source_is_given_to_its_next_run(take, words):
    seen: list[str | None] = []

    class Remembering(TinySource):
        def batches(self, cursor: str | None) -> Iterable[Batch]:
            seen.append(cursor)
            return self.rows

    source = Remembering("crm", (batch(words, "opportunity", "id amount\n o1 1"),), (), "page 2")
    for _ in range(2):
        take(source)
    assert seen == [None, "page 2"]


def test_progress_runs_from_0_to_1(take, words):
    told: list[tuple[str, float]] = []
    source = TinySource("crm", (batch(words, "opportunity", "id customer_id\n o1 c1"),))
    take(source, progress=lambda step, done: told.append((step, done)))
    assert told[0] == ("reading crm", 0.0)
    assert told[-1] == ("done", 1.0)
    assert [done for _, done in told] == sorted(done for _, done in told)


def test_the_data_time_is_the_given_one_and_the_first_load_stays(give, state):
    give(opportunity="id\n o1")
    give(opportunity="id\n o1", time=datetime(2025, 8, 1, tzinfo=UTC))
    assert state().time == datetime(2025, 8, 1, tzinfo=UTC)
    assert state().first_load == datetime(2025, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ((5, ORDER), "batch: its entity is a text, not 5."),
        (("order", [1]), "batch 'order': its rows are an Arrow table, not [1]."),
        (("order", None), "batch 'order': its rows are an Arrow table, not None."),
        (("order", ORDER, "yes"), "batch 'order': its local is True or False, not 'yes'."),
    ],
)
def test_a_batch_is_checked_when_it_is_made(given, problem):
    with pytest.raises(BadDefinition) as refused:
        Batch(*given)
    assert str(refused.value) == problem


def test_a_source_that_throws_what_ctrl_c_is_stops_no_other(take, words):
    def thrown():
        raise KeyboardInterrupt
        yield

    sound = TinySource("sound", (batch(words, "order", "id\n o2"),))
    report = take(TinySource("odd", thrown()), sound)
    (told,) = report.errors
    assert "KeyboardInterrupt" in told
    assert report.entity("order").total == 1


def test_a_warehouse_that_loads_make_tells_what_sources_gave_and_what_could_not_be_read(give, tmp_path):
    unread = (Unreadable("b.csv", 2, "amount", "x", "no number"), Unreadable("a.csv", 9, "", "r", "a row without id"))
    give(user="id name\n u1 Ann", opportunity="id owner_id\n o1 u2", unread=unread)
    warehouse = open_warehouse(tmp_path)
    assert warehouse.given_columns("user") == {"id", "name"}
    assert warehouse.query(f"SELECT id, name FROM {warehouse.given_rows('user')}") == [("u1", "Ann")]
    assert warehouse.given_columns("order") == frozenset()
    assert warehouse.unreadable(5) == (unread[1], unread[0])
    assert warehouse.unreadable(1) == (unread[1],)
    warehouse.close()
