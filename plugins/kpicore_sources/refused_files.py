"""What is asked of files that were refused for what they would take away, or for ids that mean other rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path

from kpicore import Choice, Interview, KpiError, LoadQuestion, LoadReport, yes_or_no
from kpicore_sources.files.doctor import TableCase
from kpicore_sources.files.kept_mappings import FOLDER, write_mapping
from kpicore_sources.files.source import FileSource
from kpicore_sources.table_questions import question_id, table_names

LOSE, IDS = "lose", "ids"

_SAME = "same"


class Refusal(Enum):
    """What becomes of files that were refused: that stands, somebody agrees to the loss, or they have mappings now."""

    STANDS = "stands"
    AGREED = "agreed"
    MAPPED = "mapped"


def refusal(
    report: LoadReport, sources: Sequence[FileSource], cases: Sequence[TableCase], ask: Interview, workspace: Path
) -> Refusal:
    """Ask whether files that were refused may take away what they would, and return what becomes of them.

    A file of another account gets a mapping of its own, by which its ids are those of another source. Raises KpiError
    where nobody knows whose ids they are.
    """
    refused = [(source, fared) for source, fared in zip(sources, report.sources, strict=False) if fared.limited]
    if not refused or len(report.errors) > len(refused):
        return Refusal.STANDS
    tables = list(zip(table_names(cases, workspace), cases, strict=True))
    agreed, mapped = True, False
    for source, fared in refused:
        path = Path(source.plans[0].path)
        of_file = {table: case for table, case in tables if case.path == path}
        table = next(iter(of_file))
        if not fared.replaced:
            text = f"{fared.error} Is that right?"
            agreed &= ask(yes_or_no(question_id(table, LOSE, LOSE), text, about=source.label)) == "yes"
            continue
        file = workspace / FOLDER / f"{path.stem}.toml"
        is_free = not file.exists() or any(case.file == file and not case.kept for case in of_file.values())
        question = _ids_question(table, source.label, fared.error, path.stem if is_free else "")
        answer = ask(question)
        if answer is None:
            raise KpiError(f"{source.label}: {fared.error}", hint=_ways(question))
        if answer != _SAME:
            write_mapping(file, path.name, [replace(case.mapping, source=str(answer)) for case in of_file.values()])
            mapped = True
    if mapped:
        return Refusal.MAPPED
    return Refusal.AGREED if agreed else Refusal.STANDS


def _ids_question(table: str, label: str, error: str, own: str) -> LoadQuestion:
    """Return the question whose the ids of a file are; `own` is its name as a source, "" where it can be none."""
    choices = [Choice(_SAME, "the same rows, corrected")]
    choices += [Choice(own, "rows of another account or system", f"their ids are shown as {own}:17")] if own else []
    hint = "" if own else "If it is of another account, give it a file name of its own and import it again."
    text = f"{error} Are they the same rows?"
    return LoadQuestion(question_id(table, IDS, IDS), label, text, tuple(choices), hint=hint)


def _ways(question: LoadQuestion) -> str:
    ways = " or ".join(f'"{choice.value}" ({choice.shown})' for choice in question.choices)
    return f'Say which in a file of answers: "{question.id}" = {ways}. {question.hint}'.rstrip()
