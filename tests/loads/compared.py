"""What a workspace holds and says, to be compared with the ledger, with a fresh workspace, and with a later day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from kpicore import Gone, KpiError, Rows, Workspace
from kpicore.testing import WAREHOUSE_FILE, load
from tests.loads.dice import ARROW
from tests.loads.ledger import COMMON, Ledger, Stream
from tests.loads.shop import BY_NAME, METRICS, REGISTRY, Said, Teller, opened, shop

ASKED = [metric.id for metric in METRICS]


def read(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / WAREHOUSE_FILE), read_only=True)


def raw_rows(folder: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """Return the raw rows by entity: source, stream, and the values of all columns, keys by content apart."""
    with read(folder) as connection:
        there = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw'").fetchall()
        counted = {name: Counter(_raw_rows(connection, name)) for (name,) in there}
    return {name: rows for name, rows in counted.items() if rows}


def _raw_rows(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[tuple[Any, ...]]:
    columns = [column.name for column in BY_NAME[name].fields if not column.how]
    found = connection.execute(
        "SELECT coalesce(source.name, ?), stream.name, kept.*"
        f' FROM raw."{name}" AS kept LEFT JOIN book.source ON source.number = kept._source'
        " LEFT JOIN book.stream ON stream.number = kept._stream",
        [COMMON],
    )
    names = [description[0] for description in found.description or ()]
    for source, stream, *values in found.fetchall():
        row = dict(zip(names[2:], values, strict=True))
        yield source, stream, *(row.get(column) for column in columns if not _is_content(name, column))


def expected_rows(ledger: Ledger) -> dict[str, Counter[tuple[Any, ...]]]:
    return {
        name: Counter(
            (source, line.stream[1], *(line.values.get(at) for at in _columns(name) if not _is_content(name, at)))
            for (source, _), line in lines.items()
        )
        for name, lines in ledger.book.rows.items()
        if lines
    }


def _columns(name: str) -> list[str]:
    return [column.name for column in BY_NAME[name].fields if not column.how]


def _is_content(name: str, column: str) -> bool:
    """Whether a column holds keys that are made of the row's content: their texts are nobody's business."""
    return (name, column) == ("cost", "id")


def made_rows(folder: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """Return the rows of all tables that questions read, of those that have any."""
    with read(folder) as connection:
        there = connection.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'kpi'").fetchall()
        columns = {"cost": "* EXCLUDE (id)"}
        sql = {name: f'SELECT {columns.get(name, "*")} FROM kpi."{name}"' for (name,) in there}
        found = {name: Counter(connection.execute(statement).fetchall()) for name, statement in sql.items()}
    # a table of what was only referred to once stays when nothing refers to it any more
    return {name: rows for name, rows in found.items() if rows}


def clean_load(ledger: Ledger, folder: Path, at: datetime) -> None:
    """Load all rows of the ledger into a fresh workspace, as each source would that gave them all at once."""
    sources = dict.fromkeys(source for source, _, _ in _streams(ledger))
    said = [Teller(source, [*_all_of(ledger, source)]) for source in sources]
    report = load(shop(folder), REGISTRY, said, data_time=at)
    assert not report.errors, report.errors


def _streams(ledger: Ledger) -> Mapping[Stream, None]:
    given = (line.stream for lines in ledger.book.rows.values() for line in lines.values())
    return dict.fromkeys([*ledger.book.given, *given])


def _all_of(ledger: Ledger, source: str) -> Iterator[Said]:
    for of, stream, entity in _streams(ledger):
        if of == source:
            lines = [line.values for line in ledger.lines(entity).values() if line.stream == (of, stream, entity)]
            types = {column.name: ARROW[column.type] for column in BY_NAME[entity].fields}
            columns = [name for name in types if name in ledger.book.columns[entity] and not _is_content(entity, name)]
            table = {name: pa.array([line.get(name) for line in lines], types[name]) for name in columns}
            yield Rows(stream, entity, pa.table(table))
    for (of, entity), into in ledger.book.merged.items():
        if of == source and into:
            yield Gone("merges", entity, [*into], [*into.values()])


def answers(workspace: Workspace, as_of: date | None = None) -> Mapping[object, object]:
    """Return what a workspace says of all KPIs, whole and by its dimensions, as of a day or as it is."""
    found: dict[object, object] = {}
    for by in (None, "customer", "region"):
        asked = lambda: workspace.get(ASKED, "2025", by=by, as_of=as_of).answers  # noqa: B023, E731
        found[by] = said(lambda: sorted(map(_plain, asked()), key=repr))  # noqa: B023
    for dimension in ("customer", "region"):
        found["members", dimension] = said(lambda: workspace.members(dimension, as_of))  # noqa: B023
    return found


def _plain(answer: Any) -> tuple[object, ...]:
    said = answer.value, answer.reason, answer.detail, answer.n, answer.notes, answer.data_time
    return answer.question.metric, answer.question.cuts, *said


def said(asked: Callable[[], object]) -> object:
    try:
        return asked()
    except KpiError as error:
        return str(error)


def now(folder: Path) -> Mapping[object, object]:
    with opened(folder) as workspace:
        return answers(workspace)


def instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
