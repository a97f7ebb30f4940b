"""What is known of the stages of deals: since when, and whether anybody gave their order.

This is the only place that knows where in the warehouse that stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kpicore.periods import local_date
from kpicore.warehouse import EntityState, State, Warehouse

if TYPE_CHECKING:
    from kpicore.stage_order import Stage

DEALS, STAGE, HISTORY, STAYS = "opportunity", "stage", "stage_history", "opportunity_stage"


@dataclass(frozen=True, slots=True)
class StageFacts:
    """`since` is the first day on which stages are known; `given` whether a source told them, not the change log alone.

    `unplaced` are names of stages of deals that have no place in the order and are not those of lost deals;
    `ordered` tells that there is an order, and that none is missing in it.
    """

    since: date
    given: bool
    ordered: bool
    unplaced: tuple[str, ...] = ()

    def is_known(self, last: date, today: date) -> bool:
        """Whether anything is known of how deals moved on days up to `last`, seen from `today`.

        The change log has no history on the day on which it begins.
        """
        return last >= self.since and (self.given or self.since < today)


def stage_facts(warehouse: Warehouse, state: State, timezone: str) -> StageFacts:
    """Return what the warehouse knows of the stages of deals."""
    history = state.entities.get(HISTORY)
    since = _first_entry(history)
    unplaced = _unplaced(warehouse, state)
    ordered = bool(_filled(state.entities.get(STAGE), "position")) and not unplaced
    return StageFacts(since or _first_load(state, timezone), since is not None, ordered, unplaced)


def stages(warehouse: Warehouse, state: State) -> tuple[Stage, ...]:
    """Return the stages that deals are or were in: by position, then by name."""
    if _filled(state.entities.get(STAYS), "stage_id") == 0 and _filled(state.entities.get(DEALS), "stage_id") == 0:
        return ()
    from kpicore.stage_order import Stage

    deals, stage, stays = map(warehouse.relation, (DEALS, STAGE, STAYS))
    sql = (
        "WITH deals AS (SELECT e.stage_id AS id, count(*) AS deals, count(*) FILTER (WHERE e.outcome = 'won') AS won,"
        f" count(*) FILTER (WHERE e.outcome = 'lost') AS lost FROM {deals} AS e GROUP BY e.stage_id)"
        " SELECT s.id, coalesce(s.name, s.id), s.position, coalesce(s.outcome, ''), coalesce(deals.deals, 0),"
        f" coalesce(deals.won, 0), coalesce(deals.lost, 0) FROM {stage} AS s LEFT JOIN deals ON deals.id = s.id"
        f" WHERE deals.id IS NOT NULL OR s.id IN (SELECT e.stage_id FROM {stays} AS e)"
        " ORDER BY s.position NULLS LAST, 2, 1"
    )
    return tuple(Stage(*row) for row in warehouse.query(sql))


def _first_entry(history: EntityState | None) -> date | None:
    return history.first if _filled(history, "entered_on") and _filled(history, "stage_id") and history else None


def _filled(state: EntityState | None, field: str) -> int:
    return state.filled.get(field, 0) if state is not None else 0


def _first_load(state: State, timezone: str) -> date:
    """Return the day of the first load of deals, from which on the change log tells their stages."""
    stays = state.entities.get(STAYS)
    days = (each.value("day") for each in (stays.notes if stays is not None else ()) if each.kind == "no_stage_history")
    return next((each for each in days if isinstance(each, date)), local_date(state.first_load, timezone))


def _unplaced(warehouse: Warehouse, state: State) -> tuple[str, ...]:
    stages = state.entities.get(STAGE)
    if stages is None or not stages.rows or _filled(stages, "position") == stages.rows:
        return ()
    sql = (
        f"SELECT coalesce(s.name, s.id) FROM {warehouse.relation(STAGE)} AS s"
        " WHERE s.position IS NULL AND s.outcome IS DISTINCT FROM 'lost'"
        f" AND s.id IN (SELECT e.stage_id FROM {warehouse.relation(STAYS)} AS e) ORDER BY 1"
    )
    return tuple(name for (name,) in warehouse.query(sql))
