"""Lines of totals at the foot of a table: no rows of data, so they are left out and counted."""

from __future__ import annotations

from kpicore_sources.files.plan import Plan
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.words import Words, plain

_LAST = 5


def total_rows(staging: Staging, plan: Plan, words: Words) -> tuple[int, ...]:
    """Return the rows among the last five that say 'total' in a cell and leave others empty that are filled above."""
    sheet = plan.sheet
    rows = staging.query(
        f"SELECT rowid, * FROM {sheet.table} WHERE rowid >= {max(0, sheet.rows - _LAST)} ORDER BY rowid"
    )
    usual = sum(profile.filled > 0.5 for profile in plan.profiles.values())
    found = []
    for row, *cells in rows:
        filled = [plain(str(cell)) for cell in cells if cell and str(cell).strip()]
        if len(filled) < usual and any(_says_total(each, words) for each in filled):
            found.append(int(row))
    return tuple(found)


def _says_total(cell: str, words: Words) -> bool:
    return cell in words.total or any(cell.startswith(f"{each} ") and len(cell) < 30 for each in words.total)
