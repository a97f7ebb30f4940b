"""Deals of which no stage was ever told: each has one row, which is the deal itself without a stage.

To write these rows costs as much as to write the deals, so they are a view of the made deals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpicore.entities import Entity
from kpicore.load.columns import days, literal, local_day, quoted
from kpicore.load.stages import STAGE, copied_fields
from kpicore.load.stays import FIRST, IS_OPEN, day_of_data, ended, has_late_deals, moment_of_data
from kpicore.registry import Registry

if TYPE_CHECKING:
    from kpicore.load.making import Making

_DEAL = "opportunity"
_OF_THE_ROW = {
    "opportunity_id": "deal.id",
    "kind": "'unknown'",
    "begins_deal": "TRUE",
    "probability": f"CASE WHEN {IS_OPEN} THEN deal.probability END",
    "deal_started_at": "deal.created_at",
    "deal_started_on": "deal.created_on",
    "moved_on": "FALSE",
    "lost_here": "FALSE",
    "loses_deal": "FALSE",
    "way_known": "FALSE",
}
"""SQL of the columns that hold a value and are not the deal's own, but for when the row begins."""


def are_unstaged(making: Making) -> bool:
    """Return whether no stage was ever told, and deals without a date all came with the first load."""
    if making.rows.keys() & {"stage", "stage_history"} or (_DEAL, "stage_id") in making.definitions.possible:
        return False
    if None in _dimensions(making.registry).values():
        return False
    return _DEAL in making.made and not has_late_deals(making)


def unstaged_columns(making: Making, entity: Entity) -> dict[str, str]:
    """Return SQL of the columns that can hold a value, over the made deals as `deal`."""
    ((first,),) = making.connection.execute(f"SELECT {FIRST}").fetchall()
    moment = f"TIMESTAMP {literal(str(first))}"
    copied, made_days = copied_fields(making.registry), days(entity)
    return {
        **{each.name: f"deal.{quoted(each.name)}" for each in entity.fields
           if each.name in copied or made_days.get(each.name) in copied},
        **_OF_THE_ROW,
        **{each.name: _OF_THE_ROW[each.words_of] for each in entity.fields if each.words_of in _OF_THE_ROW},
        "until_at": ended(making, "deal.closed_at", moment_of_data(making)),
        "until_on": ended(making, "deal.closed_on", day_of_data(making).sql),
        "since_at": _since("created_at", moment),
        "since_on": _since("created_on", local_day(moment, making.config.timezone)),
        **{name: sql for name, sql in _dimensions(making.registry).items() if sql},
    }  # fmt: skip


def _since(created: str, first: str) -> str:
    """An open deal without a creation date stands since it was first seen.

    One that ends too early never stands, nor one that ended on a day that is not known.
    """
    return (
        f"CASE WHEN deal.closed_at < deal.created_at OR (deal.closed_at IS NULL AND NOT {IS_OPEN}) THEN NULL"
        f" WHEN deal.created_at IS NOT NULL THEN deal.{created} WHEN {IS_OPEN} THEN {first} END"
    )


def _dimensions(registry: Registry) -> Mapping[str, str | None]:
    """Return SQL of each dimension with a column of its own: "" where it is empty, None where it is not the deal's."""
    of_deal, copied = registry.dimensions_of(_DEAL), copied_fields(registry)
    found: dict[str, str | None] = {}
    for name in registry.dimensions_of(STAGE):
        key = registry.key_of(STAGE, name)
        if key == "stage_id":
            found[name] = ""
        elif key:
            same = key in copied and name in of_deal and registry.key_of(_DEAL, name) == key
            found[name] = f"deal.{quoted(name)}" if same else None
    return found
