"""What is wrong with targets and goals, one clear line each: a target must never count for nothing silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kpicore.calendar import Calendar
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.engine import Engine
from kpicore.engine.scan.fragments import Binder
from kpicore.errors import KpiError, UnknownName
from kpicore.model.notes import Note
from kpicore.targets import ENTITY, GOAL
from kpicore.targets.reader import Given, check_plain, configured, kpi_of, number_in, period_of
from kpicore.targets.targets import SetTarget, Targets
from kpicore.targets.tree import Forest


def target_problems(engine: Engine, targets: Targets) -> list[Note]:
    """Return a note on each target that cannot be, that is set twice, or that hangs in no tree."""
    loaded = engine.state.entities.get(ENTITY)
    problems = [
        *(loaded.notes if loaded else ()),
        *_noted(targets.problems),
        *targets.ambiguous(),
        *_noted(_without_rows(engine, targets.all)),
        *_noted(Forest(targets.all).problems()),
    ]
    return list(dict.fromkeys(problems))


def _noted(problems: Iterable[str]) -> Iterator[Note]:
    return (Note.of("target_problem", problem=problem) for problem in problems)


def written_problems(written: Iterable[Given], definitions: Definitions, calendar: Calendar) -> list[str]:
    """Return what is wrong with targets written by hand, as far as it can be told without any data."""
    problems: list[str] = []
    for place, row, cuts in configured(written):
        try:
            check_plain(row, cuts)
            kpi_of(row, definitions)
            period_of(row, calendar)
            number_in(row, "value")
            for name in cuts:
                definitions.registry.dimension(name)
        except KpiError as error:
            problems.append(f"{place}: {error}")
    return problems


def _without_rows(engine: Engine, targets: Iterable[SetTarget]) -> Iterator[str]:
    """Yield the targets whose branch or other plain text no row but a target has."""
    # by dimension and value, so that a column is read once however many targets name it
    by_dimension: dict[str, dict[str, list[SetTarget]]] = {}
    for target in targets:
        for name, (value, *_) in target.cuts:
            if not engine.registry.dimension(name).entity and name != GOAL:
                by_dimension.setdefault(name, {}).setdefault(value, []).append(target)
    # a branch or a town may be plain text, so that only other rows tell a name that is misspelt
    for name, by_value in by_dimension.items():
        known = _used(engine, name)
        for value, set_for in by_value.items():
            if value not in known:
                yield from (f"{target.place}: {UnknownName(name, value, known)}" for target in set_for)


def _used(engine: Engine, dimension: str) -> set[str]:
    """Return the values of a plain dimension in whatever was loaded but targets."""
    values: set[str] = set()
    for name, state in engine.state.entities.items():
        # other targets prove nothing: a slip may be written twice
        if name == ENTITY or not state.rows or not state.filled.get(dimension):
            continue
        if name in engine.registry.entities and dimension in engine.registry.dimensions_of(name):
            bind = Binder(engine.warehouse)
            column = f"e.{bind.quote(dimension)}"
            sql = f"SELECT DISTINCT {column} FROM {bind.relation(name)} AS e WHERE {column} IS NOT NULL"
            values |= {str(value) for (value,) in engine.warehouse.query(sql)}
    return values
