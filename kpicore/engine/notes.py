"""What an answer says about its number: what was left out, what is not final, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kpicore.engine.cubes import Cell
from kpicore.engine.definitions import CompiledInput, Definition
from kpicore.engine.measures import Flow, Measure
from kpicore.engine.undecided import Kind, Undecided
from kpicore.entities import Type
from kpicore.expressions import Case, Node, names, text
from kpicore.periods import Period, progress
from kpicore.wording import counted


def cell_notes(measure: Measure, cell: Cell) -> Iterator[str]:
    """Yield what the rows of one input lack: values that are empty, amounts that are 0."""
    _, rows, empty, zero = cell
    if measure.value is None or not (empty or zero):
        return
    when = measure.source.when if isinstance(measure.source, Flow) else ""
    used = sorted(name for space, name in names(measure.value) if not space)
    fields = " or ".join(each for each in used if each != when)
    entity = measure.entity
    if empty:
        lacking = f"{fields}{_condition(measure.value)}"
        yield f"{empty:,} of {counted(rows + empty, 'rows of')} {entity} left out: no {lacking}"
    if zero and measure.value.type is Type.MONEY and measure.word in ("total", "average"):
        yield f"{zero:,} of {counted(rows, 'rows of')} {entity} {'has' if zero == 1 else 'have'} {fields} 0"


def _condition(value: Node) -> str:
    """Return the condition that the fields of a case without an else must also meet."""
    if not isinstance(value, Case) or value.otherwise is not None:
        return ""
    return f" with {' or '.join(text(condition) for condition, _ in value.branches)}"


def undecided_note(about: Undecided, lacking: Iterable[str], rows: int) -> str:
    """Return what to say of rows of which an input does not know whether, or with what, they count."""
    taken = "taken as if not" if about.kind is Kind.BRANCH else "left out"
    told = f"of {about.rows[0].entity} {taken}: no {' or '.join(lacking)}"
    if about.kind is not Kind.VALUE and about.words() not in lacking:
        told += f" to tell whether {about.words()}"
    what = "row" if about.groups is None else "group"
    return counted(rows, f"{what}s {told}", f"{what} {told}")


def undated_note(measure: Measure, when: str, rows: int) -> str:
    """Return what to say of rows that are in no period because they have no date."""
    told = f"of {measure.entity} {{}} no {when} and {{}} in no period"
    return counted(rows, f"rows {told.format('have', 'are')}", f"row {told.format('has', 'is')}")


def unended_note(measure: Measure, until: str, rows: int) -> str:
    """Return what to say of rows that stand on no day because it is not known when they ended."""
    told = f"of {measure.entity} {{}} over without {until} and {{}} on no day"
    return counted(rows, f"rows {told.format('are', 'stand')}", f"row {told.format('is', 'stands')}")


def as_of_note(measure: Measure, as_of: date, first: date) -> str:
    """Return what to say of a day before the change log begins."""
    return f"as of {as_of}: what {measure.entity} was before the first load on {first} is not known"


def coverage_note(each: CompiledInput, field: str, absent: Iterable[str]) -> str:
    """Return what to say of values that were expected and have no rows."""
    return f"{each.name} has no rows with {field} {', '.join(absent)}"


def period_notes(definition: Definition, period: Period, today: date, maturing_days: int) -> Iterator[str]:
    """Yield that a period is in progress, or that its cohort can still change."""
    running = progress(period, today)
    if running:
        yield running
    until = period.last + timedelta(days=maturing_days)
    if definition.spec.cohort and today <= until:
        yield f"maturing: what began in {period} can still change until {until}"
