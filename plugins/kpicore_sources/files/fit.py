"""Whether a kept mapping's readings fit another file: where they do not, it is asked, and nothing is stretched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpicore import Type, counted
from kpicore_sources.files.by_name import Earlier
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.contradictions import contradiction
from kpicore_sources.files.mapping import ALWAYS, ELSE_UNREAD, TableMapping
from kpicore_sources.files.plan import ColumnInput, MappingQuestion, Plan
from kpicore_sources.files.reading import AnswerChoice
from kpicore_sources.files.typed_values import NUMBERS
from kpicore_sources.files.unread_cells import UnreadCells, much_unread


def fit_questions(plan: Plan, reader: ColumnReader, day: date | None, earlier: Earlier) -> list[MappingQuestion]:
    """Ask about the columns for which a kept reading fails, or which it would read against what else is known.

    `day` is the day of the data, None where it is not known; `earlier` gives what was loaded before.
    """
    questions = {cells.input.column: _unread_question(plan, reader, cells) for cells in _failing(plan, reader)}
    for input_ in _inputs(plan):
        column, decision = input_.column, input_.reading.decision
        if column in questions or not decision.left_open or plan.mapping.says(column, ALWAYS):
            continue
        why = contradiction(plan, reader, input_, day, earlier)
        if why:
            # the other readings first: as it was kept, it would have been no question
            shown = {choice.reading: choice.shown for choice in decision.left_open}
            kept = AnswerChoice(f"{decision.reading}, {ALWAYS}", shown.get(decision.reading, "as it is kept"))
            choices = [choice for choice in decision.left_open if choice.reading != decision.reading]
            text = f"{_place(plan, column)}: read as '{decision.reading}', as the mapping says, {why}"
            questions[column] = MappingQuestion("columns", column, text, (*choices, kept))
    return list(questions.values())


def with_exceptions(mapping: TableMapping, plan: Plan, reader: ColumnReader) -> TableMapping:
    """Return a new mapping that says of which columns more than a few cells are unread, as in later files, too."""
    readings, notes = dict(mapping.readings), dict(mapping.notes)
    for cells in _failing(replace(plan, mapping=mapping), reader):
        column = cells.input.column
        readings[column] = f"{mapping.reading(column) or _any(cells.input)}, {ELSE_UNREAD}"
        known = notes.get(f"columns.{column}", "")
        notes[f"columns.{column}"] = f"{known}{'; ' if known else ''}{_none(cells, _any(cells.input))}"
    return replace(mapping, readings=readings, notes=notes)


def _inputs(plan: Plan) -> list[ColumnInput]:
    """Return the columns that are read, each once: as a field's value rather than inside an expression."""
    return list({input_.column: input_ for input_ in (*plan.inputs.values(), *plan.direct.values())}.values())


def _failing(plan: Plan, reader: ColumnReader) -> list[UnreadCells]:
    """Return the columns of which more than a few cells are none of their reading, and nobody said that they may be."""
    inputs = [
        input_
        for input_ in _inputs(plan)
        # one that can be read in several ways is asked about already
        if not input_.reading.decision.ambiguous and not plan.mapping.says(input_.column, ELSE_UNREAD)
        if input_.field.type is not Type.TEXT
        or not reader.clean(plan.sheet, input_.column, plan.profiles[input_.column])
    ]
    return much_unread(plan, reader, inputs)


def _unread_question(plan: Plan, reader: ColumnReader, cells: UnreadCells) -> MappingQuestion:
    """Offer the readings by which the values are read, and to leave unread what is none of the mapping's."""
    input_, decision = cells.input, cells.input.reading.decision
    fitting = []
    for choice in decision.left_open:
        if choice.reading != decision.reading:
            profile = plan.profiles[input_.column]
            reading = reader.read(plan.sheet, input_.column, input_.field, profile, choice.reading)
            if not much_unread(plan, reader, [replace(input_, reading=reading)]):
                fitting.append(choice)
    kept = plan.mapping.reading(input_.column) or _any(input_)
    unread = AnswerChoice(f"{kept}, {ELSE_UNREAD}", f"{counted(cells.unread, 'cells stay', 'cell stays')} unread")
    text = f"{_place(plan, input_.column)}: {_none(cells, decision.reading or _any(input_))}"
    return MappingQuestion("columns", input_.column, text, (*fitting, unread))


def _none(cells: UnreadCells, reading: str) -> str:
    are = "is" if cells.unread == 1 else "are"
    return f"{cells.unread:,} of {counted(cells.filled, 'cells', 'cell')} {are} no {reading}: {', '.join(cells.shown)}"


def _any(input_: ColumnInput) -> str:
    """Return what stands for a reading where each file tells it."""
    if input_.field.type in NUMBERS:
        return "number"
    return {Type.TEXT: "text", Type.BOOLEAN: "yes/no"}.get(input_.field.type, "date")


def _place(plan: Plan, column: str) -> str:
    return f"{plan.sheet.place}, column {column}"
