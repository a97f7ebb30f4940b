"""Text files whose cells are set apart by spaces, one or many."""

from __future__ import annotations

from pathlib import Path

from kpicore import BadFile, Unreadable, literal
from kpicore_sources.files.encoding import copy_with_equal_ends
from kpicore_sources.files.staging import Staging, plain_path


def stage_spaced(staging: Staging, path: Path, text: Path, table: str, width: int, skip: int) -> tuple[Unreadable, ...]:
    """Stage the lines that have `width` cells or fewer; return those with more: nobody knows where they part."""
    whole = f"{table}_lines"
    _read_lines(staging, path, text, whole, skip)
    cells = ", ".join(f"cells[{number + 1}] AS c{number}" for number in range(width))
    staging.duckdb.execute(
        f"CREATE TABLE {table} AS SELECT {cells} FROM {whole} WHERE trim(line) <> '' AND len(cells) <= {width}"
    )
    # The reader passes empty lines over, so lines are counted in the file.
    long = {str(row[0]) for row in staging.query(f"SELECT line FROM {whole} WHERE len(cells) > {width}")}
    staging.duckdb.execute(f"DROP TABLE {whole}")
    return _refused(path, text, long, width) if long else ()


def _read_lines(staging: Staging, path: Path, text: Path, table: str, skip: int) -> None:
    """Make the table of the lines with their cells. Those that end in different ways need a copy, ending alike."""
    import duckdb

    alike = staging.path(f"{table}.alike.txt")
    failed: duckdb.Error | None = None
    for source in (text, alike):
        if source == alike:
            copy_with_equal_ends(text, alike)
        try:
            staging.duckdb.execute(
                f"CREATE TABLE {table} AS SELECT line,"
                " regexp_split_to_array(trim(line, ' ' || chr(9) || chr(13)), '\\s+') AS cells"
                # a delimiter that no line holds: each line is one cell, and parted by the pattern above
                f" FROM read_csv({literal(plain_path(source))}, delim = '{chr(1)}', quote = '', escape = '',"
                f" header = false, skip = {skip}, auto_detect = false, compression = 'none',"
                " columns = {line: 'VARCHAR'})"
            )
            return
        except duckdb.Error as error:
            failed = error
    raise BadFile(path, f"cannot be read as text: {str(failed).splitlines()[0]}") from failed


def _refused(path: Path, text: Path, long: set[str], width: int) -> tuple[Unreadable, ...]:
    refused, why = [], f"the line has more cells than the header's {width}"
    with text.open(encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(file, start=1):
            bare = line.rstrip("\r\n")
            if bare in long and len(bare.split()) > width:
                refused.append(Unreadable(path.name, number, "", bare, why))
    return tuple(refused)
