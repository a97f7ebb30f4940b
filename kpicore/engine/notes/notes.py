"""What an answer says about its number: what was left out, what is not final, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from kpicore.calendar import Period, progress
from kpicore.engine.compile.measures import CompiledInput, Flow, Grouped, Measure
from kpicore.engine.notes.undecided import Doubtful, Undecided
from kpicore.engine.plan.cubes import Cell
from kpicore.language import Case, Node, names, text
from kpicore.model.expressions import Known, walk
from kpicore.model.notes import MATURING, TO_DATE, UNCOVERED, UNKNOWN_WORDS, Note
from kpicore.model.schema import Field, Type

MOST_WORDS = 8
"""So many words of a field are counted each; all others only together."""


class EmptyValues(NamedTuple):
    """How to tell of rows of a measure without a value: the fields it is made of, and conditions of which one must
    hold; whether a value of 0 is worth telling, too.
    """

    entity: str
    fields: tuple[str, ...]
    where: tuple[str, ...]
    tells_zeros: bool


def empty_values(measure: Measure) -> EmptyValues | None:
    """Return how to tell of rows without a value, None of a measure that counts rows."""
    value = measure.value
    if value is None:
        return None
    when = measure.source.when if isinstance(measure.source, Flow) else ""
    beside = {word.name for node in walk(value) if isinstance(node, Known) for _, word in node.fields}
    used = sorted(name for space, name in names(value) if not space)
    fields = tuple(name for name in used if name != when and name not in beside)
    # an amount of 0 is a gap more often than a fact
    tells_zeros = value.type is Type.MONEY and measure.word in ("total", "average")
    return EmptyValues(measure.entity, fields, _conditions(value), tells_zeros)


def cell_notes(values: EmptyValues, cell: Cell, noted: int = 0) -> Iterator[Note]:
    """Yield what the rows of one input lack: values that are empty, amounts that are 0.

    Of so many empty ones it is `noted` otherwise why they are.
    """
    _, rows, empty, zero = cell
    # `rows` are those with a value; of all rows the empty ones are told, of those with a value the zeros
    of, empty = rows + empty, empty - noted
    if empty:
        entity, fields, where, _ = values
        yield Note.of("empty", rows=empty, of=of, entity=entity, fields=fields, where=where)
    if zero and values.tells_zeros:
        yield Note.of("zero", rows=zero, of=rows, entity=values.entity, fields=values.fields)


def _conditions(value: Node) -> tuple[str, ...]:
    """Return the conditions of which the fields of a case without an else must also meet one."""
    value = value.operand if isinstance(value, Known) else value
    if not isinstance(value, Case) or value.otherwise is not None:
        return ()
    return tuple(text(condition) for condition, _ in value.branches)


def undecided_note(about: Undecided, lacking: Iterable[str], rows: int) -> Note:
    """Return what to say of rows of which an input does not know whether, or with what, they count."""
    # a condition that is nothing but the empty field would be the field said twice
    condition = "" if about.kind is Doubtful.VALUE or about.words() in lacking else about.words()
    return Note.of(
        {Doubtful.BRANCH: "undecided_branch", Doubtful.EXTREME: "extreme_of_others"}.get(about.kind, "undecided"),
        rows=rows,
        entity=about.measure.entity,
        fields=tuple(lacking),
        condition=condition,
        groups=isinstance(about.measure.source, Grouped),
    )


def unknown_words(notes: Iterable[Note]) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    """Yield each field of an entity with the words in it that are no codes, the most frequent first."""
    for note in notes:
        if note.kind == UNKNOWN_WORDS:
            words: Any = note.value("words")
            yield str(note.value("field")), tuple((str(word), int(rows)) for word, rows in words)


def unknown_notes(about: Undecided, counted: Iterable[tuple[str, str, int]], of_load: Iterable[Note]) -> Iterator[Note]:
    """Yield what to say of rows with words that are no codes: `counted` by field and word, "" for all words.

    `of_load` are the notes of the load on the entity.
    """
    by_field: dict[str, dict[str, int]] = {}
    for field, word, rows in counted:
        by_field.setdefault(field, {})[word] = rows
    for field, words in by_field.items():
        if rows := words.pop(""):
            counts = tuple((word, number) for word, number in words.items() if number)
            yield unknown_note(about.measure.entity, field, rows, counts, of_load)


def unknown_note(entity: str, field: str, rows: int, words: Iterable[tuple[str, int]], of_load: Iterable[Note]) -> Note:
    """Return what to say of rows that are left out as a word in a field of theirs is no code of it.

    The load knows which words the organisation says are none, so that nobody is asked to write what they mean,
    and the places where the words were given, which is where they are explained.
    """
    counts = tuple(words)
    loaded = next((note for note in of_load if note.kind == UNKNOWN_WORDS and note.value("field") == field), None)
    answered: Any = loaded.value("said") or () if loaded is not None else ()
    places = loaded.value("places") if loaded is not None else None
    said = tuple(word for word, _ in counts if word in answered)
    return Note.of(
        UNKNOWN_WORDS, rows=rows, entity=entity, field=field, words=counts, said=said,
        places=places or (f"{entity}.{field}",),
    )  # fmt: skip


def undated_note(measure: Measure, when: str, rows: int) -> Note:
    """Return what to say of rows that are in no period because they have no date."""
    return Note.of("undated", rows=rows, entity=measure.entity, field=when)


def netted_note(field: Field, entity: str, lacking: str, rows: int) -> Note:
    """Return what to say of rows that are not in what the load made of rows, as they are `lacking` something."""
    return Note.of("netted", rows=rows, entity=entity, field=field.name, of=field.entity, value=lacking)


def unended_note(measure: Measure, until: str, rows: int) -> Note:
    """Return what to say of rows that stand on no day because it is not known when they ended."""
    return Note.of("unended", rows=rows, entity=measure.entity, field=until)


def ends_ahead_note(measure: Measure, until: str, rows: int) -> Note:
    """Return what to say of rows that are over by the day of the data, as the day on which they end is yet to come."""
    return Note.of("ends_ahead", rows=rows, entity=measure.entity, field=until)


def coverage_note(compiled: CompiledInput, field: str, absent: Iterable[str]) -> Note:
    """Return what to say of values that were expected and have no rows."""
    return Note.of(UNCOVERED, input=compiled.name, dimension=field, absent=tuple(absent))


def period_notes(period: Period, today: date, matures: int | None) -> Iterator[Note]:
    """Yield that a period is in progress, or that its cohort can still change, which `matures` in so many days."""
    running = progress(period, today)
    if running:
        yield Note.of(TO_DATE, elapsed=running, days=period.days)
    if matures is not None:
        # a cohort may mature for longer than there are days left in the calendar
        until = period.last + min(timedelta(days=matures), date.max - period.last)
        if today <= until:
            yield Note.of(MATURING, period=period.key, until=until)
