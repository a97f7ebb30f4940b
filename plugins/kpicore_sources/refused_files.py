"""What is asked of files that were refused: for what they would take away, for ids or rows that others gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kpicore import (
    Choice,
    Interview,
    KpiError,
    LoadQuestion,
    LoadReport,
    OtherIdentity,
    RowsGivenAlready,
    RowsReplaced,
    yes_or_no,
)
from kpicore_sources.files.doctor import TableCase
from kpicore_sources.files.kept_mappings import FOLDER, write_mapping
from kpicore_sources.files.source import FileSource
from kpicore_sources.table_questions import question_id, table_names

LOSE, IDS, AGAIN = "lose", "ids", "again"
"""The questions: whether rows may go, whose the ids are, and whether rows that are there may be loaded again."""

_SAME = "same"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was said of files that were refused: which questions were `agreed` to, and whether one is `mapped` now."""

    agreed: frozenset[str] = frozenset()
    mapped: bool = False

    def __bool__(self) -> bool:
        return self.mapped or bool(self.agreed)


def settle_refused(
    report: LoadReport, sources: Sequence[FileSource], cases: Sequence[TableCase], ask: Interview, workspace: Path
) -> Agreed:
    """Ask about files that were refused, and return what was said; nothing where one is refused for good.

    A file of another account gets a mapping of its own, by which its ids are those of another source. Raises KpiError
    where nobody answers what only people know.
    """
    refused = [(source, fared) for source, fared in zip(sources, report.sources, strict=False) if fared.refused]
    if len(report.errors) > len(refused) or any(isinstance(fared.refused, OtherIdentity) for _, fared in refused):
        return Agreed()
    tables = list(zip(table_names(cases, workspace), cases, strict=True))
    agreed, mapped = set[str](), False
    for source, fared in refused:
        path = Path(source.plans[0].path)
        of_file = {table: case for table, case in tables if case.path == path}
        table = next(iter(of_file))
        kind, question = _question(fared.refused, table, source.label, workspace, path.stem, [*of_file.values()])
        answer = ask(question)
        if answer is None:
            raise KpiError(f"{source.label}: {fared.error}", hint=_ways(question))
        if answer == "no":
            return Agreed()
        if answer in ("yes", _SAME):
            agreed.add(kind)
            continue
        file = workspace / FOLDER / f"{path.stem}.toml"
        write_mapping(file, path.name, [replace(case.mapping, source=str(answer)) for case in of_file.values()])
        mapped = True
    return Agreed(frozenset(agreed), mapped)


def _question(
    refused: KpiError | None, table: str, label: str, workspace: Path, stem: str, cases: Sequence[TableCase]
) -> tuple[str, LoadQuestion]:
    """Return what is asked of a file, and which of the questions that is."""
    if isinstance(refused, RowsReplaced):
        file = workspace / FOLDER / f"{stem}.toml"
        is_free = not file.exists() or any(case.file == file and not case.kept for case in cases)
        return IDS, _ids_question(table, label, refused, stem if is_free else "")
    if isinstance(refused, RowsGivenAlready):
        text = f"{refused} Are they other rows, which happen to be alike?"
        question = yes_or_no(question_id(table, AGAIN, AGAIN), text, about=label)
        hint = (
            "If they are the same, import the file with that mapping (--mapping), or take the earlier load back first"
        )
        return AGAIN, replace(question, hint=f"{hint}: kpi loads undo.")
    return LOSE, yes_or_no(question_id(table, LOSE, LOSE), f"{refused} Is that right?", about=label)


def _ids_question(table: str, label: str, refused: KpiError, own: str) -> LoadQuestion:
    """Return the question whose the ids of a file are; `own` is its name as a source, "" where it can be none."""
    choices = [Choice(_SAME, "the same rows, corrected")]
    choices += [Choice(own, "rows of another account or system", f"their ids are shown as {own}:17")] if own else []
    hint = "" if own else "If it is of another account, give it a file name of its own and import it again."
    text = f"{refused} Are they the same rows?"
    return LoadQuestion(question_id(table, IDS, IDS), label, text, tuple(choices), hint=hint)


def _ways(question: LoadQuestion) -> str:
    """Return how a file of answers says what nobody was there to say."""
    if question.is_yes_or_no:
        return f'If that is right, say so in a file of answers: "{question.id}" = "yes". {question.hint}'.rstrip()
    ways = " or ".join(f'"{choice.value}" ({choice.shown})' for choice in question.choices)
    return f'Say which in a file of answers: "{question.id}" = {ways}. {question.hint}'.rstrip()
