"""Why two variants of one KPI differ on the same data: which rows only one of them counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpicore.engine.compile.measures import Flow, Grouped
from kpicore.engine.engine import Engine
from kpicore.engine.explain.records import counted
from kpicore.engine.plan.requests import InputRequest
from kpicore.engine.prepare.shapes import PreparedInput, Shape
from kpicore.engine.scan.fragments import Binder, day
from kpicore.engine.scan.relations import table
from kpicore.errors import BadArgument
from kpicore.language import names
from kpicore.model.questions import NONE, Answer, Question
from kpicore.model.schema import Type


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that only one variant counts, and what they have in common ("open", "kept, closed_on later")."""

    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Step:
    """One input in both variants: the rows that both count, and those that only one does."""

    name: str
    entity: str
    both: int
    only_first: tuple[Group, ...]
    only_second: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two answers with the rows that make the difference; inputs that cannot be compared row by row are left out."""

    first: Answer
    second: Answer
    steps: tuple[Step, ...]


def bridge(engine: Engine, one: Question, other: Question) -> Bridge:
    """Return what makes the answers differ. Raises BadArgument for two different KPIs."""
    if one.metric != other.metric:
        raise BadArgument(f"'{one.metric}' and '{other.metric}' are two KPIs.", hint="Compare two variants of one.")
    first, second = engine.answer([one, other])
    mine, theirs = (engine.of(question).preparation.get(Shape.of(question)).inputs for question in (one, other))
    by_name = {input_.compiled.name: input_ for input_ in theirs}
    pairs = ((input_, by_name[input_.compiled.name]) for input_ in mine if input_.compiled.name in by_name)
    return Bridge(first, second, tuple(_steps(engine, pairs, one)))


def _steps(engine: Engine, pairs: Iterator[tuple[PreparedInput, PreparedInput]], question: Question) -> Iterator[Step]:
    for mine, other in pairs:
        if mine.request is None or other.request is None or mine.request.measure.entity != other.request.measure.entity:
            continue
        # a group stands for many rows, of which no condition on one row tells whether it counts
        if not any(isinstance(request.measure.source, Grouped) for request in (mine.request, other.request)):
            yield _step(engine, mine, other, question)


def _step(engine: Engine, mine: PreparedInput, other: PreparedInput, question: Question) -> Step:
    assert mine.request is not None and other.request is not None
    bind = Binder(engine.warehouse)
    ours, theirs = (
        _counts_row(input_, input_.request, question, engine, bind) for input_ in (mine, other) if input_.request
    )
    marks = [*_marks(mine.request, other.request, engine, bind), *_dates((mine.request, other.request), bind)]
    # both conditions over the same rows at once: what both count is no step, what neither counts is left out
    columns = [ours, theirs, *marks]
    rows = table(mine.request.measure.entity, engine.context, bind)
    groups = ", ".join(str(at + 1) for at in range(len(columns)))
    sql = f"SELECT {', '.join(columns)}, count(*) FROM {rows} WHERE {ours} OR {theirs} GROUP BY {groups}"
    counts = [(*row, int(count)) for *row, count in engine.warehouse.query(sql, bind.values)]
    both = sum(row[-1] for row in counts if row[0] and row[1])
    return Step(
        mine.compiled.name,
        mine.request.measure.entity,
        both,
        _groups(row for row in counts if row[0] and not row[1]),
        _groups(row for row in counts if row[1] and not row[0]),
    )


def _counts_row(input_: PreparedInput, request: InputRequest, question: Question, engine: Engine, bind: Binder) -> str:
    """Return the condition that an input counts a row, never null."""
    cuts = tuple(cut for cut in question.cuts if cut[0] not in input_.ignored)
    conditions, _ = counted(request, cuts, bind, engine.context)
    return f"coalesce({' AND '.join(conditions)}, false)"


def _marks(mine: InputRequest, other: InputRequest, engine: Engine, bind: Binder) -> Iterator[str]:
    """Yield the text fields that either condition looks at: they tell what kind of row it is."""
    entity, text = engine.registry.entity(mine.measure.entity), bind.dialect.type_of(Type.TEXT)
    used = {name for request in (mine, other) if request.measure.where for _, name in names(request.measure.where)}
    for name in sorted(used):
        field = entity.field(name)
        if field is not None and field.type is Type.TEXT and not field.refers_to:
            yield f"coalesce(CAST(e.{bind.quote(name)} AS {text}), '{NONE}')"


def _dates(requests: Sequence[InputRequest], bind: Binder) -> Iterator[str]:
    """Yield where the dates that the inputs are counted by lie, seen from the period."""
    for name in sorted(
        {request.measure.source.when for request in requests if isinstance(request.measure.source, Flow)}
    ):
        date, period = f"e.{bind.quote(name)}", requests[0].period
        yield (
            f"CASE WHEN {date} IS NULL THEN 'no {name}' WHEN {date} < {day(period.start, bind)} THEN '{name} earlier' "
            f"WHEN {date} >= {day(period.end, bind)} THEN '{name} later' ELSE '' END"
        )


def _groups(rows: Iterator[tuple[object, ...]]) -> tuple[Group, ...]:
    groups = [Group(", ".join(str(mark) for mark in row[2:-1] if mark) or "other", int(str(row[-1]))) for row in rows]
    return tuple(sorted(groups, key=lambda group: (-group.rows, group.words)))
