"""A text file that breaks off within its last line: refused, so that no half row blanks out what is known."""

from __future__ import annotations

from pathlib import Path

from kpicore import BadFile
from kpicore_sources.files.plan import Plan
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.totals import total_rows
from kpicore_sources.files.words import Words


def refuse_cut_short(staging: Staging, plan: Plan, words: Words) -> None:
    """Refuse a file whose last line alone ends early, without the end of a line; a line of totals may.

    Raises: BadFile naming the line and the first cell that it lacks.
    """
    sheet = plan.sheet
    if not sheet.ragged or sheet.rows < 2 or _ends_with_a_line(sheet.path):
        return
    last = sheet.cell(sheet.columns[-1])
    ((short, row),) = staging.query(f"SELECT count(*), max(rowid) FROM {sheet.table} WHERE {last} IS NULL")
    if short != 1 or row != sheet.rows - 1 or row in total_rows(staging, plan, words):
        return
    ((_, *cells),) = staging.query(f"SELECT rowid, * FROM {sheet.table} WHERE rowid = {row}")
    missing = sheet.columns[cells.index(None)]
    line = sheet.lines([row])[row]
    raise BadFile(sheet.path, f"is cut short: line {line}, its last, ends before '{missing}'", hint="Export it again.")


def _ends_with_a_line(path: Path) -> bool:
    """Tell whether the last character ends a line, in encodings of one byte or two."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 2))
        return not {10, 13}.isdisjoint(file.read())
