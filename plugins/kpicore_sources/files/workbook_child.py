"""What reads a workbook, in a process of its own: a file that claims or takes too much ends that process and no other.

`main` takes FILE FOLDER MEGABYTES, writes a table of texts for each sheet that holds one, as Arrow, into FOLDER, and
prints what they are as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from kpicore_sources.files.staging import unique_names
from kpicore_sources.files.text_layout import is_header, joined_headers

UNREADABLE = "is no workbook that can be read, or is cut short"


def main() -> None:
    """Read the workbook that the arguments name."""
    path, folder, megabytes = sys.argv[1:]
    _limit_memory(int(megabytes))
    print(json.dumps(read(Path(path), Path(folder))))


def read(path: Path, folder: Path) -> dict[str, Any]:
    """Return {"sheets": [...], "count": all sheets}, or {"problem": why not}."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(str(path))
        names = book.sheet_names
        sheets = []
        for number, name in enumerate(names):
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheet = _sheet(name, rows, folder / f"{number}.arrow")
            sheets += [sheet] if sheet else []
    except MemoryError:
        raise
    except BaseException:  # calamine panics (no Exception) on some broken files
        return {"problem": UNREADABLE}
    return {"sheets": sheets, "count": len(names)}


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the process ends by itself when there is no more
    # the soft limit, no higher than the hard one: more than that the system refuses to set
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _sheet(name: str, rows: Sequence[Sequence[Any]], file: Path) -> dict[str, Any] | None:
    """Write the table of a sheet, and return its names, the lines of its rows and the line of its header."""
    import pyarrow as pa

    texts = [[_text(cell) for cell in row] for row in rows]
    header = next((n for n, row in enumerate(texts[:50]) if _names_a_table(row, texts[n + 1 :])), None)
    if header is None:
        return None
    # columns that are empty from the header down are none: sheets are as wide as whatever stands farthest
    columns = [n for n, cell in enumerate(texts[header]) if cell or any(row[n] for row in texts[header + 1 :])]
    below = [(n + 1, row) for n, row in enumerate(texts) if n > header and any(row)]
    names = [texts[header][n] for n in columns]
    both, second = joined_headers(names, [[row[n] for n in columns] for _, row in below[:20]]), 0
    if both:
        names, (second, _), below = list(both), below[0], below[1:]
    table = pa.table({f"c{k}": pa.array([row[n] for _, row in below], pa.string()) for k, n in enumerate(columns)})
    with pa.OSFile(str(file), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return {
        "name": name,
        "file": file.name,
        "columns": unique_names(names),
        "numeric": [k for k, n in enumerate(columns) if _is_numeric([rows[line - 1][n] for line, _ in below])],
        "header": header + 1,
        "second": second,
        # stretches, not a number a row: [2, 3, 5, 6, 7] is (2, 2), (5, 3), and most sheets have one
        "lines": list(_stretches([line for line, _ in below])),
    }


def _stretches(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first line and number of lines of each stretch without a gap."""
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or lines[at] != lines[at - 1] + 1:
            yield lines[start], at - start
            start = at


def _names_a_table(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    # A title of one cell above a table is no header of it.
    width = max((sum(1 for cell in cells if cell) for cells in below[:100]), default=0)
    filled = [cell for cell in row if cell]
    return bool(filled) and len(filled) * 2 > width > 0 and (width == 1 or len(filled) > 1) and is_header(filled)


def _is_numeric(cells: Sequence[Any]) -> bool:
    filled = [cell for cell in cells if cell is not None and cell != ""]
    return bool(filled) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in filled)


def _text(cell: Any) -> str:
    """Return a cell as text: numbers with a point and all their digits, dates as ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        # Beyond 15 digits a float does not hold every whole number.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return "" if cell is None else str(cell)
