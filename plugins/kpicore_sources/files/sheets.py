"""Workbooks: every sheet of an XLSX, XLSM, XLS or ODS file that holds a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from kpicore import BadFile
from kpicore_sources.files.dialect import is_header
from kpicore_sources.files.staging import Sheet, Staging, counted_from, unique_names


def stage(staging: Staging, path: Path) -> tuple[Sheet, ...]:
    """Stage the sheets that have a header and rows. Raises BadFile for a workbook without one, or cut short."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(str(path))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except BaseException as error:  # calamine panics (no Exception) on some broken files
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise BadFile(path, "is no workbook that can be read, or is cut short", hint="Save it again.") from error
    found = tuple(sheet for name, rows in sheets if (sheet := _sheet(staging, path, name, rows, len(sheets))))
    if not found:
        raise BadFile(path, "holds no table: no sheet has a header with rows below it")
    return found


def _sheet(staging: Staging, path: Path, name: str, rows: Sequence[Sequence[Any]], sheets: int) -> Sheet | None:
    import pyarrow as pa

    texts = [[_text(cell) for cell in row] for row in rows]
    header = next((n for n, row in enumerate(texts[:50]) if _names_a_table(row, texts[n + 1 :])), None)
    if header is None:
        return None
    columns = [n for n, cell in enumerate(texts[header]) if cell or any(row[n] for row in texts[header + 1 :])]
    names = unique_names([texts[header][n] for n in columns])
    below = [(n + 1, row) for n, row in enumerate(texts) if n > header and any(row)]
    table = staging.new_table()
    arrays = {f"c{k}": pa.array([row[n] for _, row in below], pa.string()) for k, n in enumerate(columns)}
    staging.duckdb.register(f"{table}_rows", pa.table(arrays))
    staging.duckdb.execute(f"CREATE TABLE {table} AS FROM {table}_rows")
    staging.duckdb.unregister(f"{table}_rows")
    lines = [line for line, _ in below]
    how = f"sheet '{name}', header in row {header + 1}"
    if lines == list(range(lines[0], lines[0] + len(lines))):
        found = counted_from(lines[0])
    else:
        found = lambda wanted: {row: lines[row] for row in wanted}  # noqa: E731 (a record of two kinds of lines)
    return Sheet(path, name if sheets > 1 else "", table, names, len(below), found, how)


def _names_a_table(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    width = max((sum(1 for cell in each if cell) for each in below[:100]), default=0)
    filled = [cell for cell in row if cell]
    return bool(filled) and len(filled) * 2 > width > 0 and (width == 1 or len(filled) > 1) and is_header(filled)


def _text(cell: Any) -> str:
    """Return a cell as text: numbers with a point and all their digits, dates as ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return "" if cell is None else str(cell)
