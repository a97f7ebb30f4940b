"""What texts mean: stage names that say won, lost or open, and orders that were cancelled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kpicore_sources.files.columns import Reader
from kpicore_sources.files.convert import CLOSED
from kpicore_sources.files.mapping import OPEN
from kpicore_sources.files.profile import DATE, Profile
from kpicore_sources.files.staging import Sheet, text_value
from kpicore_sources.files.values import trimmed_sql

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
    name = _named(column)
    return f"case when {name} >= 'C' and {name} < 'D' then 'cancelled' else 'completed' end"


def split_close_dates(
    reader: Reader,
    sheet: Sheet,
    fields: Mapping[str, str],
    outcomes: Mapping[str, str],
    profiles: Mapping[str, Profile],
) -> dict[str, str]:
    """Return the fields with a close date that open deals have too parted in two: closed, and expected to close.

    Salesforce and HubSpot keep both in one column. Nothing is parted while the meaning of a text is open.
    """
    column, close = fields.get("outcome", ""), fields.get("closed_at", "")
    still_open = [text for text, meaning in outcomes.items() if meaning == "open"]
    if not (column and close and still_open) or OPEN in outcomes.values() or "expected_close_on" in fields:
        return dict(fields)
    given, listed = sheet.cell(close), ", ".join(text_value(each) for each in still_open)
    stage = trimmed_sql(sheet.cell(column))
    filled = f"FROM {sheet.table} WHERE {given} <> ''"
    sure = f"SELECT 1 {filled} AND {stage} IN ({listed}) AND trim({given}) <> '' LIMIT 1"
    # Most files have no such row, which a fast look tells: it trims no cell.
    texts = (text for (text,) in reader.staging.query(f"SELECT DISTINCT {sheet.cell(column)} {filled}"))
    likely = profiles[close].kind == DATE and any((text or "").strip() in still_open for text in texts)
    if not likely or not reader.staging.query(sure):
        return dict(fields)
    is_open = f"{_named(column)} in ({listed})"
    return {
        **fields,
        "closed_at": f"case when not {is_open} then {_named(close)} end",
        "expected_close_on": f"case when {is_open} then {_named(close)} end",
    }


def _named(column: str) -> str:
    """Return a column as a row expression names it."""
    return column if re.fullmatch(r"[a-z_][a-z0-9_]*", column) else '"' + column.replace('"', '""') + '"'
