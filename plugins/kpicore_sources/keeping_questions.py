"""What is asked where rows are missing from a file: what such files hold of all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kpicore import Choice, Interview, LoadQuestion, LoadReport, Type, Vanished, counted, shortened
from kpicore_sources.files.doctor import TableCase
from kpicore_sources.files.kept_mappings import amend_mapping
from kpicore_sources.files.mapping import ALL, CHANGES, DATES_OF
from kpicore_sources.files.source import FileSource
from kpicore_sources.table_questions import question_id, table_names

KEEPS = "keeps"

_LIVING = ("outcome", "stage_id", "status")
"""Where all rows have one of these alike, a file is a view of some rows and not a list of all."""


def keeps_answered(
    report: LoadReport, sources: Sequence[FileSource], cases: Sequence[TableCase], ask: Interview, workspace: Path
) -> bool:
    """Ask what files hold of all rows where some have vanished, and keep the answers in their mappings.

    Return whether rows are to go by that, so that the files are to be loaded again.
    """
    again = False
    for case, table, lost in _vanished(report, sources, cases, workspace):
        question = keeps_question(table, case, lost)
        answer = ask(question)
        if isinstance(answer, str) and answer:
            amend_mapping(case.file, case.number, [("", KEEPS, answer)])
            again = again or answer != CHANGES
    return again


def keeps_question(table: str, case: TableCase, lost: Vanished) -> LoadQuestion:
    """Return the question what a file like this one holds. A list of all is not proposed where it is a view of some."""
    named = ", ".join(shortened(name, 40) for name in lost.examples)
    rows = counted(lost.rows, "rows", "row")
    text = f"{rows} of the {lost.of:,} that were there are not in it ({named}). What does a file like this hold?"
    choices = [
        Choice(ALL, "all rows that there are", f"{rows} {'goes' if lost.rows == 1 else 'go'}"),
        Choice(CHANGES, "only new and changed rows", f"{rows} {'stays' if lost.rows == 1 else 'stay'}"),
    ]
    choices += [Choice(f"{DATES_OF}{column}", f"all rows within the dates of {column}") for column in _dates(case)]
    is_view = any(name in lost.alike for name in _LIVING) or _mostly_open(case, lost)
    id = question_id(table, KEEPS, KEEPS)
    return LoadQuestion(id, case.sheet.place, text, tuple(choices), likely="" if is_view else ALL)


def _vanished(
    report: LoadReport, sources: Sequence[FileSource], cases: Sequence[TableCase], workspace: Path
) -> Iterator[tuple[TableCase, str, Vanished]]:
    planned = (pair for source in sources for pair in zip(source.plans, source.streams, strict=True))
    streams = {id(plan): stream for plan, stream in planned}
    for table, case in zip(table_names(cases, workspace), cases, strict=True):
        stream = streams.get(id(case.plan))
        for lost in report.vanished:
            if lost.stream == stream and lost.entity == case.mapping.entity and not lost.removed:
                yield case, table, lost


def _dates(case: TableCase) -> list[str]:
    inputs = case.plan.direct.values() if case.plan else ()
    return list(dict.fromkeys(input_.column for input_ in inputs if input_.field.type in (Type.DATE, Type.MOMENT)))


def _mostly_open(case: TableCase, lost: Vanished) -> bool:
    field = case.plan.entity.field("outcome") if case.plan else None
    if field is None or field.codes is None:
        return False
    words = lost.values.get("outcome", {})
    still_open = sum(rows for word, rows in words.items() if field.codes.code_of(word) == "open")
    return still_open * 2 > lost.rows
