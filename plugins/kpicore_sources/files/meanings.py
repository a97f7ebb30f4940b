"""What texts mean: stage names that say won, lost or open, and orders that were cancelled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kpicore_sources.files.columns import Reader
from kpicore_sources.files.convert import CLOSED
from kpicore_sources.files.mapping import OPEN
from kpicore_sources.files.profile import Profile
from kpicore_sources.files.staging import Sheet

_FEW = 20
CHOICES = {
    "outcome": ("won", "lost", "open"),
    "lifecycle": ("raw", "mql", "sql", "opportunity", "customer", "disqualified"),
}


def with_outcome(reader: Reader, sheet: Sheet, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with `outcome` filled by the column whose words say won and lost: its own, else the stage's.

    Where no word is known, a column of few texts is taken, so that they are asked about.
    """
    candidates = [fields[name] for name in ("outcome", "stage_id") if name in fields]
    found = {name: column for name, column in fields.items() if name != "outcome"}
    for column in candidates:
        meanings = {reader.words.meaning("outcome", each) for each in reader.texts(sheet, column)}
        if meanings & {"won", "lost"}:
            return {**found, "outcome": column}
    few = [column for column in candidates if len(reader.texts(sheet, column)) <= _FEW]
    return {**found, "outcome": few[0]} if few else found


def meanings(reader: Reader, sheet: Sheet, field: str, column: str) -> dict[str, str]:
    """Return what each text of a column means for a field; OPEN where its word is not known."""
    if field not in CLOSED:
        return {}
    return {each: reader.words.meaning(field, each) or OPEN for each in reader.texts(sheet, column)}


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
