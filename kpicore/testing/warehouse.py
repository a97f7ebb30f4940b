"""The contract of a warehouse: over the same tables it answers as DuckDB does, whatever is asked of the catalogue.

A test loads the tiny company, copies its tables into the warehouse and asks both::

    def test_it_answers_as_duckdb_does(tmp_path):
        load_tiny_company(tmp_path)
        with open_workspace(tmp_path) as tiny, closing(MyWarehouse(copied(tmp_path))) as mine:
            assert list(differences(mine, tiny)) == []
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import isclose
from typing import Any

from kpicore.engine.bridge import bridge
from kpicore.engine.definitions import Definitions
from kpicore.engine.engine import Engine
from kpicore.engine.explain import explained
from kpicore.errors import KpiError
from kpicore.periods import Grain, Period
from kpicore.questions import NONE, Answer, Question
from kpicore.registry import Registry
from kpicore.testing.probes import probes
from kpicore.warehouse import Warehouse
from kpicore.workspace import Workspace

PERIODS = ("2025-Q1", "2025-01-10..2025-02-20", "2025")
"""Of the tiny company: a unit, days that are none, and a year that is read by its months and quarters."""

_THREADS, _CLOSENESS = 8, 1e-12

Ask = Callable[[Engine], Any]


def differences(warehouse: Warehouse, workspace: Workspace, periods: Sequence[str] = PERIODS) -> Iterator[str]:
    """Yield one line for each thing that a warehouse says differently from the workspace's own, over the same tables.

    Asked are all variants of all KPIs and, of each entity, what makes the dialect print each of its words: whole, by
    a dimension and with a cut, for periods of each kind, and the rows behind them; then members, and that several
    threads may ask and a statement that fails hurts no other.
    """
    yield from _of_tables(warehouse, workspace)
    registry = _with_probes(workspace)
    definitions = Definitions(registry, workspace.definitions.settings, workspace.config.default_variants)
    times = [workspace.calendar.parse(each, today=workspace.engine.today) for each in periods]
    for id, metric in registry.metrics.items():
        asked = [
            Engine(registry, definitions, each, workspace.calendar, working=workspace.engine.working)
            for each in (workspace.warehouse, warehouse)
        ]
        for variant in metric.variant_names:
            for way, ask in _ways(workspace, id, variant, times):
                ours, theirs = (_outcome(ask, each) for each in asked)
                if not _same(ours, theirs):
                    yield f"{id}.{variant} {way}: {_shown(theirs)}, to DuckDB {_shown(ours)}"
    yield from _of_threads(warehouse, workspace)


def _with_probes(workspace: Workspace) -> Registry:
    found = {each.id: each for each in probes(workspace.registry, workspace.warehouse.state)}
    return replace(workspace.registry, metrics={**workspace.registry.metrics, **found})


def _of_tables(warehouse: Warehouse, workspace: Workspace) -> Iterator[str]:
    if not warehouse.version or warehouse.version != warehouse.state.version:
        yield f"version: '{warehouse.version}' is not that of the state"
    for name, ours in workspace.warehouse.state.entities.items():
        theirs = warehouse.state.entities.get(name)
        if theirs != ours:
            yield f"state of {name}: {theirs}, to DuckDB {ours}"
    for name in workspace.registry.dimensions:
        of_theirs, of_ours = warehouse.members(name), workspace.warehouse.members(name)
        if of_theirs != of_ours:
            told = "are not sorted" if set(of_theirs) == set(of_ours) else f"are {of_theirs}, to DuckDB {of_ours}"
            yield f"members of {name}: they {told}"


def _of_threads(warehouse: Warehouse, workspace: Workspace) -> Iterator[str]:
    entity = max(workspace.warehouse.state.entities.items(), key=lambda each: each[1].rows)[0]
    sql = f"SELECT count(*) FROM {warehouse.relation(entity)} AS e"
    expected = int(warehouse.query(sql)[0][0])
    try:
        warehouse.query("SELECT nothing FROM nowhere AS e")
        yield "a statement that cannot be answered: it is answered"
    except Exception:  # the driver's own, which the guard around a plugin's warehouse turns into a WarehouseError
        pass
    with ThreadPoolExecutor(_THREADS) as pool:
        counted = [int(rows[0][0]) for rows in pool.map(lambda _: warehouse.query(sql), range(4 * _THREADS))]
    if any(each != expected for each in counted):
        yield f"several threads at a time: they count {sorted(set(counted))} rows of {entity}, not {expected}"


def _ways(workspace: Workspace, id: str, variant: str, periods: Sequence[Period]) -> Iterator[tuple[str, Ask]]:
    by, cut = _dimensions(workspace)[:2]
    members = [each.value for each in workspace.warehouse.members(cut)]
    some = ((cut, tuple(sorted({NONE, *members[:1]}))),)
    for period in periods:
        whole, kept = [Question(id, variant, period)], [Question(id, variant, period, some)]
        yield f"in {period}", lambda engine, asked=whole: engine.answer(asked)
        yield f"in {period} by {by}", lambda engine, asked=whole: list(engine.tables([asked], (by,))[0])
        yield f"in {period} with {cut}", lambda engine, asked=kept: engine.answer(asked)
        yield f"in {period}, rows", lambda engine, asked=whole: _rows(engine, asked[0])
    units = [each for grain in (Grain.MONTH, Grain.QUARTER) for each in workspace.calendar.split(periods[-1], grain)]
    yield "by month and quarter", lambda engine: engine.answer([Question(id, variant, each) for each in units])
    first = workspace.registry.metrics[id].variant_names[0] if id in workspace.registry.metrics else variant
    if first != variant:
        one, other = (Question(id, each, periods[0]) for each in (first, variant))
        yield f"beside {first}", lambda engine: bridge(engine, one, other).steps


def _dimensions(workspace: Workspace) -> list[str]:
    """Return the dimensions that have members, those first that most entities can be cut by."""
    there = [each for each in workspace.warehouse.state.entities if each in workspace.registry.entities]
    of_each = [name for each in there for name in workspace.registry.dimensions_of(each)]
    known = [each for each in dict.fromkeys(of_each) if workspace.warehouse.members(each)]
    return sorted(known, key=lambda each: -of_each.count(each))


def _rows(engine: Engine, question: Question) -> list[Any]:
    return [sorted(map(repr, each.rows().rows)) for each in explained(engine, question).inputs]


def _outcome(ask: Ask, engine: Engine) -> Any:
    """Return what is answered, or the line of why it is not; of a driver's own error its text."""
    try:
        return ask(engine)
    except KpiError as error:
        return str(error)
    except Exception as error:  # the driver's own
        return f"{type(error).__name__}: {error}"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return all(_same(each, beside) for each, beside in zip(one, other, strict=True))
    if isinstance(one, Answer) and isinstance(other, Answer):
        told = one.question, one.reason, one.detail, one.n, one.notes, one.inputs.keys()
        numbers = zip((one.value, *one.inputs.values()), (other.value, *other.inputs.values()), strict=False)
        others = other.question, other.reason, other.detail, other.n, other.notes, other.inputs.keys()
        return told == others and all(_close(*each) for each in numbers)
    return bool(one == other)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return type(one) is type(other) and isclose(one, other, rel_tol=_CLOSENESS, abs_tol=_CLOSENESS)


def _shown(outcome: Any) -> str:
    if isinstance(outcome, list) and outcome and isinstance(outcome[0], Answer):
        return str([(each.value if each.reason is None else each.reason, each.n) for each in outcome])
    return str(outcome)
