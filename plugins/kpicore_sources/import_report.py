"""What an import did, for a person at the terminal or a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kpicore import counted, harmless, question_to_json, shortened
from kpicore_sources.vanished import vanished_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from kpicore import EntityReport, LoadQuestion, LoadReport, Note, Unreadable, Vanished, Wording
    from kpicore_sources.files.account import Account
    from kpicore_sources.files.doctor import TableCase
    from kpicore_sources.files.plan import ColumnInput, Plan
    from kpicore_sources.files.source import FileSource

_SHOWN = 5
_UNUSED = 30
_WORDS = 8


def print_proposal(cases: Sequence[TableCase]) -> None:
    """Print how new files would be read."""
    out = _console()
    for case in cases:
        _decisions(out, case)


def print_report(
    cases: Sequence[TableCase],
    sources: Sequence[FileSource],
    report: LoadReport,
    wording: Wording,
    age: Note | None = None,
    *,
    words_kept: bool = False,
) -> None:
    """Print what was decided, what was loaded, what could not be read, and where the decisions are kept."""
    out = _console()
    # in the order of the cases that have a plan: several tables may be read from one sheet
    accounts = iter([account for source in sources for account in source.accounts])
    for case in cases:
        _decisions(out, case)
        account = next(accounts, None) if case.plan else None
        if account:
            _account(out, account)
    _entities(out, report, wording)
    for line in vanished_lines(report.vanished, sources, cases):
        out.print(_text(f"  {line}", "yellow"))
    if age:
        out.print(_text(f"  {wording.note(age)}", "yellow"))
    _quarantine(out, [refused for source in sources for refused in source.unreadable()])
    files = ", ".join(dict.fromkeys((*(str(case.file) for case in cases), *(["kpi.toml"] if words_kept else []))))
    out.print()
    out.print(_text(f"Kept in {files}.", "dim"))


def report_json(
    cases: Sequence[TableCase],
    sources: Sequence[FileSource],
    report: LoadReport,
    wording: Wording,
    age: Note | None = None,
    *,
    still_open: Sequence[LoadQuestion] = (),
) -> str:
    """Return the same as JSON, with the questions that nobody has answered."""
    unreadable = [asdict(refused) for source in sources for refused in source.unreadable()]
    answer: dict[str, Any] = {
        "files": cases_json(cases),
        "rows": [asdict(account) for source in sources for account in source.accounts],
        "entities": [_entity_json(entity, wording) for entity in report.entities],
        "vanished": [_vanished_json(lost) for lost in report.vanished],
        "quarantine": unreadable,
        "version": report.version,
        "notes": wording.notes([age] if age else []),
        "data_time": report.data_time.isoformat(),
        "seconds": round(report.seconds, 3),
        "questions": [question_to_json(question) for question in still_open],
    }
    return json.dumps(answer, indent=2, ensure_ascii=False, default=str)


def _entity_json(entity: EntityReport, wording: Wording) -> dict[str, Any]:
    names = ("entity", "new", "changed", "unchanged", "total", "gone", "emptied")
    return {**{name: getattr(entity, name) for name in names}, "notes": wording.notes(entity.notes)}


def _vanished_json(lost: Vanished) -> dict[str, Any]:
    names = ("stream", "entity", "rows", "of", "examples", "removed")
    return {name: getattr(lost, name) for name in names}


def cases_json(cases: Sequence[TableCase]) -> list[dict[str, Any]]:
    """Return how tables are read."""
    return [_case_json(case) for case in cases]


def _case_json(case: TableCase) -> dict[str, Any]:
    return {
        "file": case.sheet.place,
        "read_as": case.sheet.how,
        "entity": case.mapping.entity,
        "mapping": str(case.file),
        "columns": _readings(case),
        "fields": dict(case.mapping.fields),
        "values": {name: dict(pairs) for name, pairs in case.mapping.values.items()},
        "words": {
            coded.field.name: {word: coded.codes.code_of(word) for word in coded.words} for coded in case.coded_columns
        },
        "ends": dict(case.mapping.ends),
        "hints": [*case.assumptions, *case.hints],
    }


def _readings(case: TableCase) -> dict[str, str]:
    """Return how the columns are read that can be written in several ways, whether the mapping keeps it or not."""
    if case.plan is None:
        return dict(case.mapping.readings)
    every = (*case.plan.direct.values(), *case.plan.inputs.values())
    return {input_.column: input_.reading.code for input_ in every if input_.reading.code not in ("text", "yes/no")}


def _console() -> Console:
    from rich.console import Console

    # 120 in a file or a pipe, where rich would take 80 and break lines
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120, highlight=False)


def _text(text: str, style: str = "") -> Text:
    """Return a text that is shown as it is: no markup, and no signs that steer a terminal."""
    from rich.text import Text

    return Text(harmless(text), style=style)


def _decisions(out: Console, case: TableCase) -> None:
    from rich.table import Table

    entity = case.mapping.entity or "not imported"
    out.print()
    out.print(_text(f"{case.sheet.place}  {entity}", "bold"))
    out.print(_text(f"  {case.sheet.how}, {counted(case.sheet.rows, 'rows', 'row')}", "dim"))
    if case.plan is None:
        return
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, source in case.mapping.fields.items():
        input_ = case.plan.direct.get(name)
        how = ""
        if input_ is not None and input_.reading.code not in ("text", "yes/no"):
            how = f"{input_.reading.code}: {_evidence(case, input_)}"
        elif input_ is None:
            inputs = [input_ for input_ in case.plan.inputs.values() if input_.column in source]
            how = "; ".join(_evidence(case, input_) for input_ in inputs if input_.reading.code != "text")
        else:
            how = "; ".join(part for part in (_replaced(case, name), _codes(case, name)) if part)
        if name in case.mapping.ends:
            why = case.mapping.notes.get(f"ends.{name}") or "by the mapping"
            how += f"{'; ' if how else ''}{case.mapping.ends[name]}: {why}"
        table.add_row(_text(f"  {name}"), _text(source), _text(how, "dim"))
    out.print(table)
    unused = _unused(case, case.plan)
    if unused:
        more = f" … and {len(unused) - _UNUSED:,} more" if len(unused) > _UNUSED else ""
        out.print(_text(f"  not used: {', '.join(unused[:_UNUSED])}{more}", "yellow"))
    for line in (*case.assumptions, *case.hints):
        out.print(_text(f"  {line}", "yellow"))


def _replaced(case: TableCase, name: str) -> str:
    return ", ".join(f"{text} = {meaning}" for text, meaning in case.mapping.values.get(name, {}).items())


def _codes(case: TableCase, name: str) -> str:
    """Return what the most frequent words of a column of codes mean, and which are none of them."""
    for coded in case.coded_columns:
        if coded.field.name == name:
            codes = {word: coded.codes.code_of(word) for word in coded.words}
            shown = {word: shortened(word, 60) for word in codes}
            known = [f"{shown[word]} = {code}" for word, code in codes.items() if code and code != word.casefold()]
            unknown = (word for word, code in codes.items() if not code)
            none = [f"{shown[word]} = ?" if word in coded.unknown else f"{shown[word]} left out" for word in unknown]
            more = ["…"] if len(known) > _WORDS else []
            return ", ".join((*known[:_WORDS], *more, *(none[:_WORDS] if coded.codes.closed else ())))
    return ""


def _unused(case: TableCase, plan: Plan) -> list[str]:
    """Return the columns with values that no field is made of; of a kept mapping, too."""
    # inputs are the columns inside expressions
    used = {*case.mapping.fields.values(), *plan.inputs}
    return [column for column in case.sheet.columns if column not in used and case.profiles[column].kind != "empty"]


def _evidence(case: TableCase, input_: ColumnInput) -> str:
    return case.mapping.notes.get(f"columns.{input_.column}", "") or input_.reading.decision.evidence


def _account(out: Console, account: Account) -> None:

    parts = [counted(account.read, "rows read", "row read"), f"{account.loaded:,} loaded"]
    for number, what in (
        (account.left_out, "left out by the mapping"),
        (account.totals, "left out as totals"),
        (account.quarantined, "in quarantine"),
        (account.repeated, "the same again"),
    ):
        if number:
            parts.append(f"{number:,} {what}")
    out.print(_text(f"  {parts[0]} = {' + '.join(parts[1:])}"))
    for line in (*account.notes, *account.changes):
        out.print(_text(f"  {line}", "dim"))


def _entities(out: Console, report: LoadReport, wording: Wording) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    table.add_column("\nentity")
    seldom = [name for name in ("gone", "emptied") if any(getattr(entity, name) for entity in report.entities)]
    names = ("new", "changed", "unchanged", *seldom, "total")
    for name in names:
        table.add_column(f"\n{name}", justify="right")
    for entity in report.entities:
        table.add_row(_text(entity.entity), *(f"{getattr(entity, name):,}" for name in names))
    out.print(table)
    for entity in report.entities:
        for text in wording.notes(entity.notes):
            out.print(_text(f"  {entity.entity}: {text}", "dim"))


def _quarantine(out: Console, unreadable: Sequence[Unreadable]) -> None:

    if not unreadable:
        return
    out.print()
    out.print(_text(f"{len(unreadable):,} could not be read (in the quarantine table book.quarantine):", "yellow"))
    for refused in unreadable[:_SHOWN]:
        what = f"{refused.column} " if refused.column else ""
        raw = refused.raw if len(refused.raw) <= 60 else refused.raw[:57] + "..."
        out.print(_text(f"  {refused.place} line {refused.line}: {what}{raw!r} {refused.reason}"))
    if len(unreadable) > _SHOWN:
        out.print(_text(f"  … and {len(unreadable) - _SHOWN:,} more"))
