"""The rows of targets as questions read them: how far the parts of goals are, worked out from answers.

`progress` of a part is the attainment of its KPI; so a metric over targets is a definition like any
other, and can be cut, explained and listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpicore.engine.scan.fragments import Binder
from kpicore.engine.scan.ports import Answerer
from kpicore.model.schema import Type
from kpicore.registry.registry import Registry
from kpicore.targets import ENTITY, GOAL, WORKED_OUT
from kpicore.targets.progress import measured
from kpicore.targets.targets import SetTarget
from kpicore.targets.tree import Forest, Goal

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
            # what was worked out comes before what the row holds, which it was made from
            f"coalesce(v.{name}, x.{name}) AS {name}" if name in WORKED_OUT else f"x.{bind.quote(name)}"
            for name in types
        )
        known = bind.dialect.table({name: (types[name], values) for name, values in self.known.items()}, bind)
        return f"SELECT {', '.join(shown)} FROM {bind.relation(ENTITY)} AS x LEFT JOIN ({known}) AS v ON v.id = x.id"

    def _of_config(self, types: Mapping[str, str], bind: Binder) -> str:
        shown = ", ".join(
            f"x.{bind.quote(name)}" if name in self.added else f"CAST(NULL AS {type_}) AS {bind.quote(name)}"
            for name, type_ in types.items()
        )
        # the columns and types of a table without rows: the union with none of them would have no type
        if not self.added:
            return f"SELECT {shown} WHERE FALSE"
        rows = bind.dialect.table({name: (types[name], values) for name, values in self.added.items()}, bind)
        return f"SELECT {shown} FROM ({rows}) AS x"


def goal_rows(answerer: Answerer, targets: Sequence[SetTarget], *, loaded: bool) -> GoalRows:
    """Return what is worked out of all targets, of each part of a goal how far it is.

    `loaded` tells whether there is a table of targets, though none of its rows may be one.
    """
    forest = Forest(targets)
    parts = [target for target in targets if target.parent]
    inner = [target for target in targets if target.id in forest.parts]
    # a part may be a goal with parts itself: by id, so that each is asked about once
    known = measured(answerer, {target.id: target for target in (*parts, *inner)}.values())
    goals = {part.id: forest.goal(part, known) for part in parts}
    own = [target for target in targets if target.loaded]
    added = [target for target in targets if not target.loaded]
    return GoalRows(_columns(own, goals), _rows(added, goals), loaded)


def _columns(targets: Iterable[SetTarget], goals: Mapping[str, Goal]) -> dict[str, _Column]:
    columns: dict[str, _Column] = {name: [] for name in ("id", *WORKED_OUT)}
    for target in targets:
        goal = goals.get(target.id)
        columns["id"].append(target.id)
        columns["progress"].append(goal.progress if goal else None)
        columns["reached"].append(goal.reached if goal else None)
        columns["weight"].append(target.weight)
        columns["period_start"].append(target.period.start)
    return columns


def _rows(targets: list[SetTarget], goals: Mapping[str, Goal]) -> dict[str, _Column]:
    """Return the columns of targets that are in no table."""
    if not targets:
        return {}
    columns = _columns(targets, goals)
    dimensions = sorted({name for target in targets for name, _ in target.cuts})
    columns |= {
        "kpi_id": [f"{target.kpi}.{target.variant}" if target.kpi else None for target in targets],
        "period": [target.period.key for target in targets],
        "value": [target.value for target in targets],
        "unit": [target.unit or None for target in targets],
        "parent_target_id": [target.parent or None for target in targets],
        GOAL: [target.parent or None for target in targets],
        **{name: [dict(target.cuts).get(name, (None,))[0] for target in targets] for name in dimensions},
    }
    return columns


def _type(type: Type, bind: Binder) -> str:
    """Return the type of a column of targets in SQL: what is worked out has more decimals than what is given."""
    return _NUMBER if type is Type.NUMBER else bind.dialect.type_of(type)
