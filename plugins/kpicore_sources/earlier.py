"""What an import asks of the data: the names loaded earlier, and how old the newest row is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from kpicore import LoadedWarehouse, LoadReport, Note, WarehouseError, Workspace, quoted

_OLD = 92
"""Days without a row after which an export is likely of an earlier time: a quarter of a year."""

_NAMED = 3
"""So many names are told of those that are there twice."""


def earlier(workspace: Workspace) -> Callable[[str, str], list[tuple[str, str | None]]]:
    """Return what gives the id and a field of each row of an entity that a source gave; nothing before a first load."""

    def loaded_rows(entity: str, field: str) -> list[tuple[str, str | None]]:
        try:
            warehouse = _with_given(workspace, entity, field)
            if warehouse is None:
                return []
            loaded = warehouse.query(f"SELECT id, {quoted(field)} FROM {warehouse.given_rows(entity)}")
        except WarehouseError:
            return []
        return [(str(key), None if name is None else str(name)) for key, name in loaded]

    return loaded_rows


def _with_given(workspace: Workspace, entity: str, field: str) -> LoadedWarehouse | None:
    """Return the warehouse if a source ever gave it the field, beside an id. Raises WarehouseError."""
    warehouse = workspace.warehouse
    if isinstance(warehouse, LoadedWarehouse) and {"id", field} <= warehouse.given_columns(entity):
        return warehouse
    return None


def today(workspace: Workspace) -> date:
    """Return the day that it is where the organisation is: of an import that names no other, the day of the data."""
    return datetime.now(ZoneInfo(workspace.config.timezone)).date()


def end_of(day: date, zone: str) -> datetime:
    """Return the last second of a day where the organisation is."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))


def stale_note(workspace: Workspace) -> Note | None:
    """Return what to tell when the newest row is far older than the data time."""
    state = workspace.warehouse.state
    known = workspace.registry.entities
    newest = [(loaded.last, name) for name, loaded in state.entities.items() if loaded.last and not known[name].made]
    if not newest:
        return None
    last, entity = max(newest)
    today = state.time.astimezone(ZoneInfo(workspace.config.timezone)).date()
    if (today - last).days <= _OLD:
        return None
    return Note.of("stale", last=last, entity=entity)


def loaded_at(workspace: Workspace) -> datetime | None:
    """Return of when the data is that was loaded earlier; None before a first load."""
    try:
        return workspace.data_time
    except WarehouseError:
        return None


def older_note(before: datetime | None, report: LoadReport, after: datetime, zone: str) -> Note | None:
    """Return what to tell of a load that is older than the data: of when the data was and is `after` it."""
    if before is None:
        return None
    was, loaded, now = (time.astimezone(ZoneInfo(zone)).date() for time in (before, report.data_time, after))
    # days are compared, as --as-of gives one: a second load on the same day is not older
    if loaded >= was:
        return None
    # The load moved the time of the data back with it: answers are of that day now.
    if now < was:
        return Note.of("taken_back", was=was, now=now)
    new, changed = (sum(getattr(entity, kind) for entity in report.entities) for kind in ("new", "changed"))
    return Note.of("older", was=was, given=loaded, new=new, rows=changed)


def doubled(workspace: Workspace, name: str) -> list[Note]:
    """Return a note on names that other rows refer to although the entity has rows of that name under other ids."""
    entity = workspace.registry.entity(name)
    warehouse = _with_given(workspace, name, entity.label) if entity.label else None
    if warehouse is None:
        return []
    given, label = warehouse.given_rows(name), f"lower(trim({quoted(entity.label)}))"
    keys = warehouse.query(
        f"SELECT id FROM {warehouse.relation(name)} WHERE id NOT IN (SELECT id FROM {given})"
        f" AND lower(trim(id)) IN (SELECT {label} FROM {given}) ORDER BY id"
    )
    if not keys:
        return []
    return [Note.of("doubled", rows=len(keys), names=tuple(str(key) for (key,) in keys[:_NAMED]))]
