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
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain, product
from math import isclose
from typing import Any, NamedTuple

from kpicore.calendar import Grain, Period
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.engine import Engine
from kpicore.engine.explain.bridge import Step, bridge
from kpicore.engine.explain.explain import explained
from kpicore.engine.plan.filters import MemberNames
from kpicore.engine.scan.fragments import Binder
from kpicore.errors import KpiError, WarehouseError
from kpicore.language.dialect import Column, Dialect
from kpicore.model.questions import NONE, Answer, Question
from kpicore.model.schema import Type
from kpicore.registry.registry import Registry
from kpicore.testing.probes import probes
from kpicore.warehouse import Warehouse
from kpicore.warehouse.guarded import Guarded
from kpicore.workspace import Workspace

# two warehouses add up doubles in different orders, so that the last digits differ
_THREADS, _CLOSENESS = 8, 1e-12

Ask = Callable[[Engine], Any]


def differences(warehouse: Warehouse, workspace: Workspace) -> Iterator[str]:
    """Yield one line for each thing that a warehouse says differently from the workspace's own, over the same tables.

    Asked are all variants of all KPIs and, of each entity, what makes the dialect print each of its words: whole, by
    a dimension and with a cut, for periods of each kind that the rows lie in, and the rows behind them; then members,
    and that several threads may ask and a statement that fails hurts no other.
    """
    # as a workspace opens it: behind the wall
    name, its = type(warehouse).__name__, warehouse
    warehouse = Guarded(name, lambda: its)
    yield from _of_tables(warehouse, workspace)
    yield from _of_values(warehouse)
    registry = _with_probes(workspace)
    definitions = Definitions(registry, workspace.definitions.settings, workspace.config.default_variants)
    asked = [_engine(read, workspace, registry, definitions) for read in (workspace.warehouse, warehouse)]
    dimensions = _dimensions(workspace)[:2]
    members = [(name, workspace.warehouse.members(name)[0].value) for name in dimensions[-1:]]
    cuts = tuple((name, tuple(sorted((NONE, member)))) for name, member in members)
    asking, compared = _Asking(workspace, _periods(workspace), tuple(dimensions[:1]), cuts), False
    for id, metric in registry.metrics.items():
        for variant in metric.variant_names:
            for way, ask in asking.ways(id, variant):
                ours, theirs = (_outcome(ask, engine) for engine in asked)
                compared = compared or _has_rows(ours)
                if not _same(ours, theirs):
                    yield f"{id}.{variant} {way}: {_shown(theirs)}, to DuckDB {_shown(ours)}"
    if not compared:
        yield "answers: none was compared, as no KPI counts any row of the workspace"
    yield from _of_threads(warehouse, workspace)


def _engine(warehouse: Warehouse, workspace: Workspace, registry: Registry, definitions: Definitions) -> Engine:
    members = MemberNames(warehouse, registry.codes_of_dimensions())
    targets = workspace.targets.over(warehouse, members)
    asked = registry, definitions, warehouse, workspace.calendar, members, targets
    return Engine(*asked, working=workspace.engine.working)


def _with_probes(workspace: Workspace) -> Registry:
    found = {probe.id: probe for probe in probes(workspace.registry, workspace.warehouse.state)}
    return replace(workspace.registry, metrics={**found, **workspace.registry.metrics})


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


def _of_values(warehouse: Warehouse) -> Iterator[str]:
    """Yield what becomes of values of ours: those of columns, and bits of numbers."""
    bind = Binder(warehouse)
    text, number = bind.dialect.type_of(Type.TEXT), bind.dialect.type_of(Type.NUMBER)
    columns: dict[str, Column] = {
        "name": (text, ["it's", 'a "b"', None]),
        "value": (number, [Decimal("-1.25"), None, 3]),
        "day": ("DATE", [None, date(2025, 1, 31), date(1970, 1, 1)]),
    }
    names = ", ".join(bind.quote(column) for column in columns)
    found = warehouse.query(f"SELECT {names} FROM ({bind.dialect.table(columns, bind)}) AS e", bind.values)
    expected = set(zip(*(values for _, values in columns.values()), strict=True))
    if set(found) != expected:
        yield f"values of ours: they come back as {found}"
    yield from _of_words(warehouse, bind.dialect)
    bits = ", ".join(f"CASE WHEN {bind.dialect.has_bit('e.n', 1 << at)} THEN 1 ELSE 0 END" for at in range(4))
    rows = bind.dialect.rows([(str(number),) for number in range(16)], "e", ("n",))
    if sorted(map(tuple, warehouse.query(f"SELECT {bits} FROM {rows}"))) != sorted(product((0, 1), repeat=4)):
        yield "bits of numbers: they are others"


def _of_words(warehouse: Warehouse, dialect: Dialect) -> Iterator[str]:
    """Yield each word that says something else of three rows: a number and its place, from 1 on."""
    rows = dialect.rows([("3", "1"), ("1", "2"), ("2", "3")], "e", ("n", "place"))
    january, february = (f"CAST('2025-{month}-01' AS DATE)" for month in ("01", "02"))
    expected = {
        "first_by": (dialect.first_by("e.n", ["e.place"]), 3),
        "first_by of some": (dialect.first_by("e.n", ["e.place"], "e.n < 3"), 1),
        "first_by of two": (dialect.first_by("e.n", ["e.n % 2", "e.place"]), 2),
        "last_by": (dialect.last_by("e.n", ["e.place"]), 2),
        "last_by of some": (dialect.last_by("e.n", ["e.place"], "e.n <> 2"), 1),
        "last_by of two": (dialect.last_by("e.n", ["e.n % 2", "e.place"]), 1),
        "percentile": (dialect.percentile("e.n", "0.25"), 1.5),
        "percentile of some": (dialect.percentile("e.n", "0.5", "e.n > 1"), 2.5),
        "whole": (dialect.whole("sum(e.n)", 2), 600),
        "days": (f"max({dialect.days(january, february)})", 31),
        "span": (f"max({dialect.span(january, february)})", 31),
        "plus_days": (f"max({dialect.days(january, dialect.plus_days(january, 3))})", 3),
        "plus_days before": (f"max({dialect.days(january, dialect.plus_days(january, -3))})", -3),
    }
    for word, (sql, value) in expected.items():
        ((found,),) = warehouse.query(f"SELECT {sql} FROM {rows}")
        if float(found) != value:
            yield f"{word} of the dialect: {found}, not {value}"


def _of_threads(warehouse: Warehouse, workspace: Workspace) -> Iterator[str]:
    entity = max(workspace.warehouse.state.entities.items(), key=lambda item: item[1].rows)[0]
    sql = f"SELECT count(*) FROM {warehouse.relation(entity)} AS e"
    expected = int(warehouse.query(sql)[0][0])
    try:
        warehouse.query("SELECT nothing FROM nowhere AS e")
        yield "a statement that cannot be answered: it is answered"
    except WarehouseError:
        pass
    with ThreadPoolExecutor(_THREADS) as pool:
        counted = [int(rows[0][0]) for rows in pool.map(lambda _: warehouse.query(sql), range(4 * _THREADS))]
    if any(total != expected for total in counted):
        yield f"several threads at a time: they count {sorted(set(counted))} rows of {entity}, not {expected}"


class _Periods(NamedTuple):
    """A quarter, days of it that are no unit, its year, and all days that any row has."""

    quarter: Period
    days: Period
    year: Period
    all: Period


def _periods(workspace: Workspace) -> _Periods | None:
    """Return the periods to be asked, those of the quarter that most entities have days around; None without any."""
    calendar, states = workspace.calendar, workspace.warehouse.state.entities.values()
    spans = [(state.first, state.last) for state in states if state.first is not None and state.last is not None]
    if not spans:
        return None
    quarters = [calendar.containing(Grain.QUARTER, day) for day in sorted(chain.from_iterable(spans))]
    quarter = max(quarters, key=lambda unit: sum(first <= unit.last and last >= unit.start for first, last in spans))
    tenth, fiftieth = (quarter.start + timedelta(days=days) for days in (9, 50))
    whole = calendar.between(min(first for first, _ in spans), max(last for _, last in spans))
    year = calendar.containing(Grain.YEAR, quarter.start)
    return _Periods(quarter, calendar.between(tenth, fiftieth), year, whole)


@dataclass(frozen=True, slots=True)
class _Asking:
    workspace: Workspace
    periods: _Periods | None
    by: tuple[str, ...]
    cuts: tuple[tuple[str, tuple[str, ...]], ...]

    def ways(self, id: str, variant: str) -> Iterator[tuple[str, Ask]]:
        """Yield the ways to ask a variant, each with what asks so."""
        if self.periods is None:
            return
        quarter, days, year, whole = (Question(id, variant, period) for period in self.periods)
        for asked in (quarter, days):
            yield f"in {asked.period} by {', '.join(self.by)}", partial(_tables, asked=asked, by=self.by)
            yield f"in {asked.period} with a cut", partial(_answers, asked=[replace(asked, cuts=self.cuts)])
        for asked in (days, whole):
            yield f"in {asked.period}", partial(_answers, asked=[asked])
        yield "rows", partial(_rows, asked=quarter)
        split = self.workspace.calendar.split
        units = [unit for grain in (Grain.MONTH, Grain.QUARTER) for unit in split(year.period, grain)]
        yield "by month and quarter", partial(_answers, asked=[Question(id, variant, unit) for unit in units])
        metric = self.workspace.registry.metrics.get(id)
        if metric is not None and metric.variant_names[0] != variant:
            first = replace(quarter, variant=metric.variant_names[0])
            yield f"beside {first.variant}", partial(_steps, one=first, other=quarter)


def _dimensions(workspace: Workspace) -> list[str]:
    """Return the dimensions that have members, those first that most entities can be cut by."""
    there = [entity for entity in workspace.warehouse.state.entities if entity in workspace.registry.entities]
    of_each = [name for entity in there for name in workspace.registry.dimensions_of(entity)]
    known = [name for name in dict.fromkeys(of_each) if workspace.warehouse.members(name)]
    return sorted(known, key=lambda name: -of_each.count(name))


def _answers(engine: Engine, asked: Sequence[Question]) -> list[Answer]:
    return engine.answer(asked)


def _tables(engine: Engine, asked: Question, by: tuple[str, ...]) -> list[Answer]:
    return list(engine.tables([[asked]], by)[0])


def _rows(engine: Engine, asked: Question) -> list[list[str]]:
    return [sorted(map(repr, input_.rows().rows)) for input_ in explained(engine, asked).inputs]


def _steps(engine: Engine, one: Question, other: Question) -> tuple[Step, ...]:
    return bridge(engine, one, other).steps


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
        return all(_same(mine, beside) for mine, beside in zip(one, other, strict=True))
    if isinstance(one, Answer) and isinstance(other, Answer):
        told = one.question, one.reason, one.detail, one.n, one.notes, one.inputs.keys()
        numbers = zip((one.value, *one.inputs.values()), (other.value, *other.inputs.values()), strict=False)
        others = other.question, other.reason, other.detail, other.n, other.notes, other.inputs.keys()
        # by their texts too: 4 and 4.0 are equal, and not the same answer
        return (told, repr(told)) == (others, repr(others)) and all(_close(*number) for number in numbers)
    return bool(one == other and repr(one) == repr(other))


def _has_rows(outcome: Any) -> bool:
    return isinstance(outcome, list) and any(isinstance(answer, Answer) and answer.n for answer in outcome)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return type(one) is type(other) and isclose(one, other, rel_tol=_CLOSENESS, abs_tol=_CLOSENESS)


def _shown(outcome: Any) -> str:
    if isinstance(outcome, list) and outcome and isinstance(outcome[0], Answer):
        return str([(answer.value if answer.reason is None else answer.reason, answer.n) for answer in outcome])
    return str(outcome)
