"""Text files whose cells are set apart by spaces, one or many."""

from __future__ import annotations

from pathlib import Path

from kpicore import Unreadable
from kpicore_sources.files.staging import Staging, plain_path, text_value


def stage_spaced(staging: Staging, path: Path, text: Path, table: str, width: int, skip: int) -> tuple[Unreadable, ...]:
    """Stage the lines that have `width` cells or fewer; return those with more: nobody knows where they part."""
    whole = f"{table}_lines"
    staging.duckdb.execute(
        f"CREATE TABLE {whole} AS SELECT line,"
        " regexp_split_to_array(trim(line, ' ' || chr(9) || chr(13)), '\\s+') AS cells"
        f" FROM read_csv({text_value(plain_path(text))}, delim = '{chr(1)}', quote = '', escape = '', header = false,"
        f" skip = {skip}, auto_detect = false, columns = {{line: 'VARCHAR'}}, compression = 'none')"
    )
    cells = ", ".join(f"cells[{number + 1}] AS c{number}" for number in range(width))
    staging.duckdb.execute(
        f"CREATE TABLE {table} AS SELECT {cells} FROM {whole} WHERE trim(line) <> '' AND len(cells) <= {width}"
    )
    # The reader passes empty lines over, so lines are counted in the file.
    long = {str(row[0]) for row in staging.query(f"SELECT line FROM {whole} WHERE len(cells) > {width}")}
    staging.duckdb.execute(f"DROP TABLE {whole}")
    return _told(path, text, long, width) if long else ()


def _told(path: Path, text: Path, long: set[str], width: int) -> tuple[Unreadable, ...]:
    found, why = [], f"the line has more cells than the header's {width}"
    with text.open(encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(file, start=1):
            bare = line.rstrip("\r\n")
            if bare in long and len(bare.split()) > width:
                found.append(Unreadable(path.name, number, "", bare, why))
    return tuple(found)
