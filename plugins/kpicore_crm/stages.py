"""What is known of the stages of deals: since when, and whether anybody gave their order.

This is the only place that knows where in the tables that stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kpicore import Evidence, Note
from kpicore_crm.entities.selling import DEALS, HISTORY, STAGE, STAYS

if TYPE_CHECKING:
    from kpicore import Tables


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that deals are or were in. `deals` are in it now, of which so many are `won` and `lost`.

    `position` is its place in the pipeline, None where nobody gave it; `outcome` what being in it means, "" where
    nobody said.
    """

    id: str
    name: str
    position: int | None = None
    outcome: str = ""
    deals: int = 0
    won: int = 0
    lost: int = 0


def stages(tables: Tables) -> tuple[Stage, ...]:
    """Return the stages that deals are or were in: by position, then by name. Raises WarehouseError."""
    if not tables.state(STAYS).filled.get("stage_id") and not tables.state(DEALS).filled.get("stage_id"):
        return ()
    bind = tables.binding()
    sql = (
        "WITH deals AS (SELECT e.stage_id AS id, count(*) AS deals, count(*) FILTER (WHERE e.outcome = 'won') AS won,"
        f" count(*) FILTER (WHERE e.outcome = 'lost') AS lost FROM {bind.table(DEALS)} AS e GROUP BY e.stage_id)"
        " SELECT s.id, coalesce(s.name, s.id), s.position, coalesce(s.outcome, ''), coalesce(deals.deals, 0),"
        f" coalesce(deals.won, 0), coalesce(deals.lost, 0) FROM {bind.table(STAGE)} AS s"
        " LEFT JOIN deals ON deals.id = s.id"
        f" WHERE deals.id IS NOT NULL OR s.id IN (SELECT e.stage_id FROM {bind.table(STAYS)} AS e)"
        " ORDER BY s.position NULLS LAST, 2, 1"
    )
    return tuple(Stage(*row) for row in tables.query(sql, bind))


def history(tables: Tables) -> Evidence:
    """Return since when it is known which stages deals came through.

    The change log has no history on the day on which it begins.
    """
    first = _first_entry(tables)
    if first is not None:
        return Evidence(first, _unknown(tables), Note.of("stages_since", day=first))
    began = _first_load(tables)
    return Evidence(began if began < tables.today else None, _unknown(tables), gave=False)


def on_the_day(tables: Tables) -> Evidence:
    """Return since when it is known which stages deals stand in."""
    return Evidence(_first_entry(tables) or _first_load(tables), _unknown(tables))


def order(tables: Tables) -> Evidence:
    """Return whether there is an order of the stages, and none is missing in it but those of lost deals."""
    unplaced = _unplaced(tables)
    if tables.state(STAGE).filled.get("position") and not unplaced:
        return Evidence()
    note = Note.of("stages_unordered", stages=unplaced)
    return Evidence(None, note, gave=False, lacking=note)


def _unknown(tables: Tables) -> Note:
    first = _first_entry(tables)
    return Note.of("stages_before_given", day=first) if first else Note.of("stages_before", day=_first_load(tables))


def _first_entry(tables: Tables) -> date | None:
    history = tables.state(HISTORY)
    return history.first if history.filled.get("entered_on") and history.filled.get("stage_id") else None


def _first_load(tables: Tables) -> date:
    """Return the day of the first load of deals, from which on the change log tells their stages."""
    # the note has the first load of deals, which may have come after the first load of all
    days = (note.value("day") for note in tables.state(STAYS).notes if note.kind == "no_stage_history")
    return next((day for day in days if isinstance(day, date)), tables.first_load)


def _unplaced(tables: Tables) -> tuple[str, ...]:
    """Return the names of stages of deals that have no place in the order and are not those of lost deals."""
    stage_state = tables.state(STAGE)
    if not stage_state.rows or stage_state.filled.get("position") == stage_state.rows:
        return ()
    bind = tables.binding()
    sql = (
        f"SELECT coalesce(s.name, s.id) FROM {bind.table(STAGE)} AS s"
        " WHERE s.position IS NULL AND s.outcome IS DISTINCT FROM 'lost'"
        f" AND s.id IN (SELECT e.stage_id FROM {bind.table(STAYS)} AS e) ORDER BY 1"
    )
    return tuple(name for (name,) in tables.query(sql, bind))


def give_order(tables: Tables) -> Iterator[Note]:
    """Yield how people can give the order of the stages."""
    yield Note.of("stages_without_place" if _is_placed(tables) else "stages_by_name")


def give_history(tables: Tables) -> Iterator[Note]:
    """Yield how people can give the stages that deals came through."""
    if not _is_placed(tables):
        yield Note.of("stages_by_name")
    yield Note.of("stage_history_wanted")


def _is_placed(tables: Tables) -> bool:
    return any(stage.position is not None for stage in stages(tables))
