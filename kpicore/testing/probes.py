"""KPIs over whatever entities there are, which make a dialect print each of its words."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore.model.inputs import (
    MEAN,
    START,
    Input,
    average,
    count,
    distinct,
    earliest,
    latest,
    median,
    per,
    percentile,
    standing,
    total,
)
from kpicore.model.metrics import Metric
from kpicore.model.schema import Entity, Type, day_name
from kpicore.model.units import COUNT, NEUTRAL
from kpicore.registry.registry import Registry
from kpicore.warehouse import EntityState, State

_NUMBERS = (Type.MONEY, Type.NUMBER, Type.INTEGER)


def probes(registry: Registry, state: State) -> Iterator[Metric]:
    """Yield KPIs of one input each over every entity that has rows by a date, as far as its fields are filled."""
    for name, loaded in state.entities.items():
        entity = registry.entities.get(name)
        if entity is None or not loaded.filled.get(entity.main_date):
            continue
        for word, given in _inputs(entity, loaded):
            id = f"probe_{name}_{word}"
            yield Metric(id, name=id, unit=COUNT, better=NEUTRAL, formula="it", inputs={"it": given})


def _inputs(entity: Entity, state: EntityState) -> Iterator[tuple[str, Input]]:
    name, when = entity.name, entity.main_date
    filled = [field for field in entity.fields if state.filled.get(field.name)]
    numbers = [field.name for field in filled if field.type in _NUMBERS]
    keys = [field.name for field in filled if field.refers_to]
    moments = [field.name for field in filled if field.type is Type.MOMENT]
    days = [*(field.name for field in filled if field.type is Type.DATE), *map(day_name, moments)]
    # one field of a kind is enough to make a dialect print the word
    for number in numbers[:1]:
        kept = f"{number} >= 0"
        yield "total", total(name, number, when=when)
        yield "total_where", total(name, number, when=when, where=kept)
        yield "average", average(name, f"{number} / 3", when=when)
        yield "product", total(name, f"{number} * 1.5", when=when)
        yield "percentile", percentile(name, number, 0.9, when=when, where=kept)
        yield "latest", latest(name, number, when=when, where=kept)
        yield "earliest", earliest(name, number, when=when)
        for key in keys[:1]:
            yield "groups", median(per(key, total(name, number, when=when)), "value")
            yield "latest_of_groups", count(per(key, latest(name, number, when=when)), where="value > 0")
    for key in keys[:1]:
        yield "distinct", distinct(name, key, when=when)
    for other in [day for day in dict.fromkeys(days) if day != when][:1]:
        yield "days", total(name, f"days({when}, {other})", when=when)
        yield "sees_the_day", count(name, when=when, where=f"days({other}, period.as_of) > 30")
        yield "standing", standing(name, since=when, until=other)
        yield "standing_mean", standing(name, since=when, until=other, at=MEAN)
        yield "standing_start", standing(name, since=when, until=other, at=START)
    for other in moments[1:2]:
        yield "minutes", total(name, f"minutes({moments[0]}, {other})", when=when)
