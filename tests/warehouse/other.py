"""DuckDB reached as another warehouse would be: every spelling that a dialect chooses is another one.

Names stand in backticks, values are `:p1`, there are no lists of bits and no whole numbers of 128 bits, a table of
values is a union, and an entity is a sub-select over a schema of somebody else. Moments come back in a zone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from kpicore import Member, StandardDialect, State
from kpicore.warehouse import open_duckdb

_PLACEHOLDER = re.compile(r":p(\d+)\b")


class OtherDialect(StandardDialect):
    """Standard SQL with other quotes, other placeholders and unions."""

    def placeholder(self, number: int) -> str:
        return f":p{number}"

    def quote(self, name: str) -> str:
        return f"`{name}`"

    def rows(self, rows: Sequence[Sequence[str]], alias: str, names: Sequence[str]) -> str:
        shown = (", ".join(f"{cell} AS {name}" for cell, name in zip(row, names, strict=True)) for row in rows)
        return f"({' UNION ALL '.join(f'SELECT {each}' for each in shown)}) AS {alias}"


class OtherWarehouse:
    """The tables of a warehouse file under other names; `sent` are the statements that it was asked."""

    def __init__(self, file: Path, dialect: StandardDialect | None = None) -> None:
        self.dialect = dialect or OtherDialect()
        self.sent: list[str] = []
        made = open_duckdb(file)
        self.state: State = replace(made.state, version="other")
        self._made = made
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(f"ATTACH '{file}' AS file (READ_ONLY)")
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        self._connection.execute("CREATE SCHEMA marts")
        names = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'file' AND schema_name = 'kpi'"
        views = names.replace("duckdb_tables", "duckdb_views").replace("table_name", "view_name")
        for (name,) in self._connection.execute(f"{names} UNION ALL {views}").fetchall():
            self._connection.execute(f'CREATE VIEW marts."fct {name}" AS SELECT * FROM file.kpi."{name}"')

    @property
    def version(self) -> str:
        return self.state.version

    def relation(self, entity: str) -> str:
        return f"(SELECT * FROM marts.`fct {entity}`)"

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        assert '"' not in sql
        self.sent.append(sql)
        numbers = {int(each) for each in _PLACEHOLDER.findall(sql)}
        assert numbers == set(range(1, len(values) + 1)) or numbers < set(range(1, len(values) + 1))
        named = {f"p{number}": values[number - 1] for number in numbers}
        own = _PLACEHOLDER.sub(r"$p\1", sql).replace("`", '"')
        with self._connection.cursor() as cursor:
            rows = cursor.execute(own, named).fetchall()
        return [tuple(map(_in_utc, row)) for row in rows]

    def members(self, dimension: str) -> tuple[Member, ...]:
        return self._made.members(dimension)

    def close(self) -> None:
        self._connection.close()
        self._made.close()


def _in_utc(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
