"""What texts mean: stage names that say won, lost or open, and orders that were cancelled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kpicore_sources.files.convert import CLOSED
from kpicore_sources.files.mapping import OPEN
from kpicore_sources.files.profile import Profile
from kpicore_sources.files.staging import Sheet, Staging
from kpicore_sources.files.values import trimmed_sql
from kpicore_sources.files.words import Words

_MOST = 60
CHOICES = {
    "outcome": ("won", "lost", "open"),
    "lifecycle": ("raw", "mql", "sql", "opportunity", "customer", "disqualified"),
}


def texts(staging: Staging, sheet: Sheet, column: str) -> Mapping[str, int]:
    """Return the distinct texts of a column with their numbers of rows, most frequent first; at most 61."""
    cell = trimmed_sql(sheet.cell(column))
    rows = staging.query(
        f"SELECT v, sum(n) FROM (SELECT {cell} AS v, count(*) AS n FROM {sheet.table} GROUP BY 1)"
        f" WHERE v <> '' GROUP BY v ORDER BY 2 DESC, 1 LIMIT {_MOST + 1}"
    )
    return {str(value): int(count) for value, count in rows}


def with_outcome(staging: Staging, sheet: Sheet, fields: Mapping[str, str], words: Words) -> dict[str, str]:
    """Return the fields with `outcome` filled by the column whose words say won and lost: its own, else the stage's."""
    candidates = [fields[name] for name in ("outcome", "stage_id") if name in fields]
    found = {name: column for name, column in fields.items() if name != "outcome"}
    for column in candidates:
        meanings = {words.meaning("outcome", each) for each in texts(staging, sheet, column)}
        if meanings & {"won", "lost"}:
            return {**found, "outcome": column}
    return found


def meanings(staging: Staging, sheet: Sheet, field: str, column: str, words: Words) -> dict[str, str]:
    """Return what each text of a column means for a field; OPEN where its word is not known."""
    if field not in CLOSED:
        return {}
    return {each: words.meaning(field, each) or OPEN for each in texts(staging, sheet, column)}


def cancelled(entity: str, fields: Mapping[str, str], profiles: Mapping[str, Profile]) -> str:
    """Return a row expression for `status` where cancelled orders are told by a C before their number, or ""."""
    column = fields.get("order_id" if entity == "order_line" else "id", "")
    if entity not in ("order", "order_line") or "status" in fields or not column:
        return ""
    sample = profiles[column].sample
    marked = [each for each in sample if re.fullmatch(r"C\d+", each)]
    plain = [each for each in sample if each.isdecimal()]
    if not marked or len(plain) + len(marked) < 0.95 * len(sample) or len(marked) > len(plain):
        return ""
    name = column if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", column) else '"' + column.replace('"', '""') + '"'
    return f"case when {name} >= 'C' and {name} < 'D' then 'cancelled' else 'completed' end"
