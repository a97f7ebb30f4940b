"""Fields as tables of a definitions file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kpicore.config.template import toml
from kpicore.definitions.fields import FIRST_SINCE, KEY, LOOK_UP
from kpicore.definitions.input_writer import aggregate_table
from kpicore.model.schema import Field, FirstSince, How, LookUp

_KEPT = ("refers_to", "dimension", "plan", "tracked")


def field_lines(field: Field, replaces: bool) -> Iterator[str]:
    """Yield the lines of the table that says the field; one that `replaces` another says all that it keeps else."""
    yield f"[field.{field.entity}.{field.name}]"
    words: dict[str, Any] = {
        "replaces": replaces,
        "type": field.type.value,
        "meaning": field.meaning,
        "unit": field.unit,
        "refers_to": field.refers_to,
        "dimension": field.dimension,
        "plan": field.plan,
        "tracked": field.tracked,
    }
    yield from (f"{key} = {toml(value)}" for key, value in words.items() if value or (replaces and key in _KEPT))
    ways = [_told(how) for how in field.how]
    if len(ways) < 2:
        yield f"how = {toml(ways[0] if ways else [])}"
    else:
        yield "how = ["
        yield from (f"  {toml(way)}," for way in ways)
        yield "]"


def _told(how: How) -> str | dict[str, Any]:
    if isinstance(how, str):
        return how
    if isinstance(how, LookUp):
        return {LOOK_UP: f"{how.entity}.{how.field}", "through": how.through}
    if isinstance(how, FirstSince):
        return {FIRST_SINCE: f"{how.entity}.{how.field}", KEY: how.key, "through": how.through, "since": how.since}
    return {**aggregate_table(how.aggregate), KEY: how.key}
