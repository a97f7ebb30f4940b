"""Why two variants of one KPI differ on the same data: which rows only one of them counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpicore.engine.compile.measures import Flow, Grouped
from kpicore.engine.engine import Engine
from kpicore.engine.explain.records import counted
from kpicore.engine.plan.requests import Leaf
from kpicore.engine.prepare.shapes import PreparedInput, Shape
from kpicore.engine.scan.fragments import Binder, day
from kpicore.engine.scan.relations import table
from kpicore.errors import BadArgument
from kpicore.language import names
from kpicore.model.questions import NONE, Answer, Question
from kpicore.model.schema import Type


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that only one variant counts, and what they have in common ("open", "won, closed_on later")."""

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
    theirs = {each.given.name: each for each in engine.preparation.get(Shape.of(other)).inputs}
    mine = engine.preparation.get(Shape.of(one)).inputs
    pairs = ((each, theirs[each.given.name]) for each in mine if each.given.name in theirs)
    return Bridge(first, second, tuple(_steps(engine, pairs, one)))


def _steps(engine: Engine, pairs: Iterator[tuple[PreparedInput, PreparedInput]], question: Question) -> Iterator[Step]:
    for one, other in pairs:
        if one.leaf is None or other.leaf is None or one.leaf.measure.entity != other.leaf.measure.entity:
            continue
        if not any(isinstance(each.measure.source, Grouped) for each in (one.leaf, other.leaf)):
            yield _step(engine, one, other, question)


def _step(engine: Engine, one: PreparedInput, other: PreparedInput, question: Question) -> Step:
    assert one.leaf is not None and other.leaf is not None
    bind = Binder(engine.warehouse)
    ours, theirs = (_counts(each, each.leaf, question, engine, bind) for each in (one, other) if each.leaf)
    marks = [*_marks(one.leaf, other.leaf, engine, bind), *_dates((one.leaf, other.leaf), bind)]
    columns = ["a", "b", *marks]
    rows = table(one.leaf.measure.entity, engine.context, bind)
    marked = f"SELECT e.*, {ours} AS a, {theirs} AS b FROM {rows}"
    groups = ", ".join(str(at + 1) for at in range(len(columns)))
    sql = f"SELECT {', '.join(columns)}, count(*) FROM ({marked}) AS e WHERE a OR b GROUP BY {groups}"
    found = engine.warehouse.query(sql, bind.values)
    both = sum(row[-1] for row in found if row[0] and row[1])
    return Step(
        one.given.name,
        one.leaf.measure.entity,
        both,
        _groups(row for row in found if row[0] and not row[1]),
        _groups(row for row in found if row[1] and not row[0]),
    )


def _counts(each: PreparedInput, leaf: Leaf, question: Question, engine: Engine, bind: Binder) -> str:
    """Return the condition that an input counts a row, never null."""
    cuts = tuple(cut for cut in question.cuts if cut[0] not in each.ignored)
    conditions, _ = counted(leaf, cuts, bind, engine.context)
    return f"coalesce({' AND '.join(conditions)}, false)"


def _marks(one: Leaf, other: Leaf, engine: Engine, bind: Binder) -> Iterator[str]:
    """Yield the text fields that either condition looks at: they tell what kind of row it is."""
    entity, text = engine.registry.entity(one.measure.entity), bind.dialect.type_of(Type.TEXT)
    used = {name for leaf in (one, other) if leaf.measure.where for _, name in names(leaf.measure.where)}
    for name in sorted(used):
        field = entity.field(name)
        if field is not None and field.type is Type.TEXT and not field.refers_to:
            yield f"coalesce(CAST(e.{bind.quote(name)} AS {text}), '{NONE}')"


def _dates(leaves: Sequence[Leaf], bind: Binder) -> Iterator[str]:
    """Yield where the dates that the inputs are counted by lie, seen from the period."""
    for name in sorted({leaf.measure.source.when for leaf in leaves if isinstance(leaf.measure.source, Flow)}):
        date, period = f"e.{bind.quote(name)}", leaves[0].period
        yield (
            f"CASE WHEN {date} IS NULL THEN 'no {name}' WHEN {date} < {day(period.start, bind)} THEN '{name} earlier' "
            f"WHEN {date} >= {day(period.end, bind)} THEN '{name} later' ELSE '' END"
        )


def _groups(rows: Iterator[tuple[object, ...]]) -> tuple[Group, ...]:
    found = [Group(", ".join(str(each) for each in row[2:-1] if each) or "other", int(str(row[-1]))) for row in rows]
    return tuple(sorted(found, key=lambda each: (-each.rows, each.words)))
