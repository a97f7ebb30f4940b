"""What an answer says about its number: what was left out, what is not final, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kpicore.engine.cubes import Cell
from kpicore.engine.definitions import CompiledInput, Definition
from kpicore.engine.measures import Flow, Measure
from kpicore.engine.undecided import Kind, Undecided
from kpicore.entities import Field, Type
from kpicore.expressions import Case, Node, names, text
from kpicore.notes import MATURING, TO_DATE, UNCOVERED, Note
from kpicore.periods import Period, progress


def cell_notes(measure: Measure, cell: Cell) -> Iterator[Note]:
    """Yield what the rows of one input lack: values that are empty, amounts that are 0."""
    _, rows, empty, zero = cell
    if measure.value is None or not (empty or zero):
        return
    when = measure.source.when if isinstance(measure.source, Flow) else ""
    used = sorted(name for space, name in names(measure.value) if not space)
    fields = tuple(each for each in used if each != when)
    entity = measure.entity
    if empty:
        where = _conditions(measure.value)
        yield Note.of("empty", rows=empty, of=rows + empty, entity=entity, fields=fields, where=where)
    if zero and measure.value.type is Type.MONEY and measure.word in ("total", "average"):
        yield Note.of("zero", rows=zero, of=rows, entity=entity, fields=fields)


def _conditions(value: Node) -> tuple[str, ...]:
    """Return the conditions of which the fields of a case without an else must also meet one."""
    if not isinstance(value, Case) or value.otherwise is not None:
        return ()
    return tuple(text(condition) for condition, _ in value.branches)


def undecided_note(about: Undecided, lacking: Iterable[str], rows: int) -> Note:
    """Return what to say of rows of which an input does not know whether, or with what, they count."""
    condition = "" if about.kind is Kind.VALUE or about.words() in lacking else about.words()
    return Note.of(
        "undecided_branch" if about.kind is Kind.BRANCH else "undecided",
        rows=rows,
        entity=about.rows[0].entity,
        fields=tuple(lacking),
        condition=condition,
        groups=about.groups is not None,
    )


def undated_note(measure: Measure, when: str, rows: int) -> Note:
    """Return what to say of rows that are in no period because they have no date."""
    return Note.of("undated", rows=rows, entity=measure.entity, field=when)


def netted_note(field: Field, entity: str, value: Node, rows: int) -> Note:
    """Return what to say of rows without a value in a total that the load made of rows."""
    return Note.of("netted", rows=rows, entity=entity, field=field.name, of=field.entity, value=text(value))


def unended_note(measure: Measure, until: str, rows: int) -> Note:
    """Return what to say of rows that stand on no day because it is not known when they ended."""
    return Note.of("unended", rows=rows, entity=measure.entity, field=until)


def coverage_note(each: CompiledInput, field: str, absent: Iterable[str]) -> Note:
    """Return what to say of values that were expected and have no rows."""
    return Note.of(UNCOVERED, input=each.name, dimension=field, absent=tuple(absent))


def period_notes(definition: Definition, period: Period, today: date, maturing_days: int) -> Iterator[Note]:
    """Yield that a period is in progress, or that its cohort can still change."""
    running = progress(period, today)
    if running:
        yield Note.of(TO_DATE, elapsed=running, days=period.days)
    until = period.last + timedelta(days=maturing_days)
    if definition.spec.cohort and today <= until:
        yield Note.of(MATURING, period=period.key, until=until)
