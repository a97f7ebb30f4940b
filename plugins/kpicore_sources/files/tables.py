"""Files that name their columns and types themselves: Parquet and JSON lines."""

from __future__ import annotations

from pathlib import Path

from kpicore import BadFile
from kpicore_sources.files.staging import Sheet, Staging, counted_from, plain_path, text_value, unique_names


def stage_parquet(staging: Staging, path: Path) -> Sheet:
    """Stage a Parquet file. Raises BadFile for one that is cut short."""
    return _stage(staging, path, f"read_parquet({text_value(plain_path(path))})", "Parquet", 1)


def stage_json(staging: Staging, path: Path) -> Sheet:
    """Stage JSON lines, or one JSON list of objects. Raises BadFile for anything else."""
    options = "maximum_sample_files = 1, sample_size = -1, maximum_depth = 1, convert_strings_to_integers = false"
    return _stage(staging, path, f"read_json({text_value(plain_path(path))}, {options})", "JSON", 1)


def _stage(staging: Staging, path: Path, source: str, kind: str, first: int) -> Sheet:
    import duckdb

    table = staging.new_table()
    try:
        described = staging.query(f"DESCRIBE SELECT * FROM {source}")
        names = [str(row[0]) for row in described]
        cells = ", ".join(
            f"{_cell(name, str(row[1]))} AS c{n}" for n, (name, row) in enumerate(zip(names, described, strict=True))
        )
        staging.duckdb.execute(f"CREATE TABLE {table} AS SELECT {cells} FROM {source}")
    except duckdb.Error as error:
        problem = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
        raise BadFile(path, f"is no {kind} file that can be read, or is cut short ({problem})") from error
    rows = staging.count(table)
    if not rows:
        raise BadFile(path, "holds no rows")
    return Sheet(path, "", table, unique_names(names), rows, counted_from(first), kind)


def _cell(name: str, type_: str) -> str:
    """Return SQL for the cell as text: JSON's own texts without their quotes, anything else as DuckDB prints it."""
    quoted = '"' + name.replace('"', '""') + '"'
    if type_ == "JSON":
        return f"{quoted} ->> '$'"
    if type_ in ("DOUBLE", "FLOAT"):  # a column of ids with gaps becomes 17850.0 in pandas
        return f"regexp_replace(CAST({quoted} AS VARCHAR), '[.]0$', '')"
    return f"CAST({quoted} AS VARCHAR)"
