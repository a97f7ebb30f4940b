"""The rows of targets as questions read them: how far the parts of goals are, worked out from answers.

`progress` of a part is the attainment of its KPI; so a metric over targets is a definition like any
other, and can be cut, explained and listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kpicore.engine.columns import inputs_behind
from kpicore.engine.definitions import Definition, Definitions
from kpicore.engine.target_rows import ENTITY, GOAL
from kpicore.engine.targets import SetTarget
from kpicore.entities import Type
from kpicore.registry import Registry
from kpicore.warehouse import EntityState, State

if TYPE_CHECKING:
    from kpicore.engine.engine import Engine
    from kpicore.engine.reading.sql import Binder

_WORKED_OUT = ("progress", "reached", "weight", "period_start")
MAY_BE_UNKNOWN = ("progress", "reached")
"""Fields that are worked out for every target, and yet have no value where that is not known."""
_NUMBER = "DECIMAL(28, 9)"
_Column = list[object]


@dataclass(frozen=True, slots=True)
class GoalRows:
    """Columns worked out for the rows of the data, by id, and the rows that kpi.toml gives."""

    known: Mapping[str, _Column]
    added: Mapping[str, _Column]
    loaded: bool

    def sql(self, registry: Registry, bind: Binder) -> str:
        """Return the SQL of all targets as `e`."""
        types = {name: _type(type_, bind) for name, type_ in registry.columns(ENTITY).items()}
        parts = [self._of_data(types, bind)] if self.loaded else []
        if self.added or not self.loaded:
            parts.append(self._of_config(types, bind))
        return f"({' UNION ALL '.join(parts)}) AS e"

    def _of_data(self, types: Mapping[str, str], bind: Binder) -> str:
        shown = (
            f"coalesce(v.{each}, x.{each}) AS {each}" if each in _WORKED_OUT else f"x.{bind.quote(each)}"
            for each in types
        )
        known = bind.dialect.table({each: (types[each], values) for each, values in self.known.items()}, bind)
        return f"SELECT {', '.join(shown)} FROM {bind.relation(ENTITY)} AS x LEFT JOIN ({known}) AS v ON v.id = x.id"

    def _of_config(self, types: Mapping[str, str], bind: Binder) -> str:
        shown = ", ".join(
            f"x.{bind.quote(name)}" if name in self.added else f"CAST(NULL AS {type_}) AS {bind.quote(name)}"
            for name, type_ in types.items()
        )
        if not self.added:
            return f"SELECT {shown} WHERE FALSE"
        given = bind.dialect.table({each: (types[each], values) for each, values in self.added.items()}, bind)
        return f"SELECT {shown} FROM ({given}) AS x"


def goal_rows(engine: Engine) -> GoalRows:
    """Return what is worked out of all targets: of each part of a goal, how far it is."""
    from kpicore.goals.progress import measured
    from kpicore.goals.tree import Forest, Goal

    forest = Forest(engine.targets.all)
    parts = [each for each in engine.targets.all if each.parent]
    inner = [each for each in engine.targets.all if each.id in forest.parts]
    known = measured(engine, {each.id: each for each in (*parts, *inner)}.values())
    goals: dict[str, Goal] = {each.id: forest.goal(each, known) for each in parts}
    state = engine.state.entities.get(ENTITY)
    own = [each for each in engine.targets.all if each.loaded]
    added = [each for each in engine.targets.all if not each.loaded]
    return GoalRows(_columns(own, goals), _rows(added, goals), state is not None and state.rows > len(added))


def with_goals(state: State, configured: int = 0) -> State:
    """Return the state with targets' worked out fields filled, and with `configured` more targets."""
    loaded = state.entities.get(ENTITY)
    if not configured and (loaded is None or not loaded.rows):
        return state
    loaded = loaded or EntityState(0)
    rows = loaded.rows + configured
    filled = {**loaded.filled, **dict.fromkeys(_WORKED_OUT, rows)}
    if configured:
        filled |= {
            each: filled.get(each, 0) or configured for each in ("id", "value", "parent_target_id", GOAL, "unit")
        }
    return replace(state, entities={**state.entities, ENTITY: replace(loaded, rows=rows, filled=filled)})


def reads(entity: str, definition: Definition, definitions: Definitions) -> bool:
    """Whether a metric, or one that it is made of, reads rows of the entity."""
    measures = (each.measure for each in inputs_behind(definition, definitions))
    return any(each is not None and each.entity == entity for each in measures)


def _columns(targets: Iterable[SetTarget], goals: Mapping[str, object]) -> dict[str, _Column]:
    from kpicore.goals.tree import Goal

    found: dict[str, _Column] = {each: [] for each in ("id", *_WORKED_OUT)}
    for each in targets:
        goal = goals.get(each.id)
        told = goal if isinstance(goal, Goal) else None
        found["id"].append(each.id)
        found["progress"].append(told.progress if told else None)
        found["reached"].append(told.reached if told else None)
        found["weight"].append(each.weight)
        found["period_start"].append(each.period.start)
    return found


def _rows(targets: list[SetTarget], goals: Mapping[str, object]) -> dict[str, _Column]:
    """Return the columns of targets that are in no table."""
    if not targets:
        return {}
    found = _columns(targets, goals)
    dimensions = sorted({name for each in targets for name, _ in each.cuts})
    found |= {
        "kpi_id": [f"{each.kpi}.{each.variant}" if each.kpi else None for each in targets],
        "period": [each.period.key for each in targets],
        "value": [each.value for each in targets],
        "unit": [each.unit or None for each in targets],
        "parent_target_id": [each.parent or None for each in targets],
        GOAL: [each.parent or None for each in targets],
        **{name: [dict(each.cuts).get(name, (None,))[0] for each in targets] for name in dimensions},
    }
    return found


def _type(type: Type, bind: Binder) -> str:
    """Return the type of a column of targets in SQL: what is worked out has more decimals than what is given."""
    return _NUMBER if type is Type.NUMBER else bind.dialect.type_of(type)
