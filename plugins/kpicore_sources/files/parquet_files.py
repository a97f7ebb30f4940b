"""Parquet files, which name their columns and types themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicore import BadFile, literal, quoted
from kpicore_sources.files.staging import StagedSheet, Staging, counted_from, plain_path, unique_names

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

MOST_BYTES = 4 * 2**30
"""What any file may unpack to."""
MOST_TIMES = 100
"""What a larger file may unpack to, as a multiple of its own size."""
_CELL_BYTES = 16
"""What a cell takes beside its text."""
_NUMERIC = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$")
_SHORT = frozenset(
    "boolean tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint uhugeint float double decimal"
    " date time time_ns timestamp timestamp_s timestamp_ms timestamp_ns interval uuid enum".split()
) | {"time with time zone", "timestamp with time zone"}
"""Types whose values as text are no longer than a few such cells."""


def stage_parquet(staging: Staging, path: Path) -> StagedSheet:
    """Stage a Parquet file. Raises BadFile for one that is cut short, or unpacks to more than is read."""
    import duckdb

    source = f"read_parquet({literal(plain_path(path))})"
    try:
        described = staging.duckdb.sql(f"SELECT * FROM {source}")
        names, types = described.columns, described.types
        _refuse_bomb(staging, path, source, names, types)
        return staged(staging, path, source, names, [str(type_) for type_ in types], "Parquet")
    except duckdb.Error as error:
        problem = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
        raise BadFile(path, f"is no Parquet file that can be read, or is cut short ({problem})") from error


def staged(
    staging: Staging, path: Path, source: str, names: Sequence[str], types: Sequence[str], kind: str
) -> StagedSheet:
    """Stage what a table function of DuckDB reads. Raises BadFile where it has no rows."""
    table = staging.new_table()
    cells = ", ".join(f"{_cell(name, type_)} AS c{n}" for n, (name, type_) in enumerate(zip(names, types, strict=True)))
    staging.duckdb.execute(f"CREATE TABLE {table} AS SELECT {cells} FROM {source}")
    rows = staging.count(table)
    if not rows:
        raise BadFile(path, "holds no rows")
    columns = unique_names(names)
    numeric = frozenset(name for name, type_ in zip(columns, types, strict=True) if _NUMERIC.match(type_))
    return StagedSheet(path, "", table, columns, rows, counted_from(1), kind, numeric=numeric)


def _refuse_bomb(
    staging: Staging, path: Path, source: str, names: Sequence[str], types: Sequence[DuckDBPyType]
) -> None:
    """Refuse a file of few bytes whose cells are too many to hold, by a sum over all of them.

    The sizes in the file itself are not to be believed. A text that is kept once for many rows is not unpacked
    to learn how long it is, so the sum is quick and small whatever it comes to.
    """
    sizes = [_size(quoted(name), type_) for name, type_ in zip(names, types, strict=True)]
    sums = "".join(f" + coalesce(sum({size}), 0)" for size in sizes if size)
    ((size,),) = staging.query(f"SELECT count(*) * {_CELL_BYTES * len(names)}{sums} FROM {source}")
    # A large file may hold much; a small one that does is made to fill the memory.
    if size > max(MOST_BYTES, MOST_TIMES * path.stat().st_size):
        hint = "Leave out the columns that are not needed, or export fewer rows."
        raise BadFile(path, f"unpacks to {size / 2**30:,.1f} GB, more than is read of so small a file", hint=hint)


def _size(value: str, type_: Any, depth: int = 0) -> str:
    """Return SQL for how long a value is as text, about, or "" where no value of the type is long."""
    kind = type_.id
    if kind in _SHORT:
        return ""
    if kind == "struct":
        # as text a value inside a value is written out, so its texts count wherever they stand
        sizes = [_size(f"struct_extract({value}, {literal(name)})", child, depth) for name, child in type_.children]
    elif kind == "map":
        lists = zip(("map_keys", "map_values"), type_.children, strict=True)
        sizes = [_list_size(f"{part}({value})", child, depth) for part, (_, child) in lists]
    elif kind == "list":
        sizes = [_list_size(value, child, depth) for _, child in type_.children]
    else:
        sizes = [f"strlen({value if kind == 'varchar' else f'CAST({value} AS VARCHAR)'})"]
    return " + ".join(f"coalesce({size}, 0)" for size in sizes if size)


def _list_size(value: str, child: Any, depth: int) -> str:
    size = _size(f"e{depth}", child, depth + 1) or str(_CELL_BYTES)
    # each depth has a name of its own, so that an inner lambda does not hide the outer one's element
    return f"list_sum(list_transform({value}, lambda e{depth}: {size}))"


def _cell(name: str, type_: str) -> str:
    """Return SQL for the cell as text: JSON's own texts without their quotes, anything else as DuckDB prints it."""
    column = quoted(name)
    if type_ == "JSON":
        return f"{column} ->> '$'"
    if type_ in ("DOUBLE", "FLOAT"):  # a column of ids with gaps becomes 17850.0 in pandas
        return f"regexp_replace(CAST({column} AS VARCHAR), '[.]0$', '')"
    return f"CAST({column} AS VARCHAR)"
