"""What an import did, for a person at the terminal or a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kpicore import counted, harmless, shortened

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from kpicore import LoadReport, Note, Unreadable, Wording
    from kpicore_sources.files.account import Account
    from kpicore_sources.files.doctor import Case
    from kpicore_sources.files.plan import Input, Plan
    from kpicore_sources.files.source import FileSource

_SHOWN = 5
_UNUSED = 30
_WORDS = 8


def print_proposal(cases: Sequence[Case]) -> None:
    """Print how new files would be read."""
    out = _console()
    for case in cases:
        _decisions(out, case)


def print_report(
    cases: Sequence[Case],
    sources: Sequence[FileSource],
    report: LoadReport,
    wording: Wording,
    age: Note | None = None,
    *,
    words_kept: bool = False,
) -> None:
    """Print what was decided, what was loaded, what could not be read, and where the decisions are kept."""
    out = _console()
    accounts = {account.place: account for source in sources for account in source.accounts}
    for case in cases:
        _decisions(out, case)
        if case.sheet.place in accounts:
            _account(out, accounts[case.sheet.place])
    _entities(out, report, wording)
    if age:
        out.print(_text(f"  {wording.note(age)}", "yellow"))
    _quarantine(out, [each for source in sources for each in source.unreadable()])
    files = ", ".join(dict.fromkeys((*(str(each.file) for each in cases), *(["kpi.toml"] if words_kept else []))))
    out.print()
    out.print(_text(f"Kept in {files}.", "dim"))


def report_json(
    cases: Sequence[Case], sources: Sequence[FileSource], report: LoadReport, wording: Wording, age: Note | None = None
) -> str:
    """Return the same as JSON."""
    unreadable = [asdict(each) for source in sources for each in source.unreadable()]
    found: dict[str, Any] = {
        "files": [_case_json(case) for case in cases],
        "rows": [asdict(account) for source in sources for account in source.accounts],
        "entities": [{**asdict(entity), "notes": wording.notes(entity.notes)} for entity in report.entities],
        "quarantine": unreadable,
        "version": report.version,
        "notes": wording.notes([age] if age else []),
        "data_time": report.data_time.isoformat(),
        "seconds": round(report.seconds, 3),
    }
    return json.dumps(found, indent=2, ensure_ascii=False, default=str)


def _case_json(case: Case) -> dict[str, Any]:
    return {
        "file": case.sheet.place,
        "read_as": case.sheet.how,
        "entity": case.mapping.entity,
        "mapping": str(case.file),
        "columns": _readings(case),
        "fields": dict(case.mapping.fields),
        "values": {name: dict(pairs) for name, pairs in case.mapping.values.items()},
        "words": {each.field.name: {word: each.codes.code_of(word) for word in each.words} for each in case.spoken},
        "ends": dict(case.mapping.ends),
        "hints": [*case.told, *case.hints],
    }


def _readings(case: Case) -> dict[str, str]:
    """Return how the columns are read that can be written in several ways, whether the mapping keeps it or not."""
    if case.plan is None:
        return dict(case.mapping.readings)
    every = (*case.plan.direct.values(), *case.plan.inputs.values())
    return {each.column: each.reading.code for each in every if each.reading.code not in ("text", "yes/no")}


def _console() -> Console:
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120, highlight=False)


def _text(text: str, style: str = "") -> Text:
    """Return a text that is shown as it is: no markup, and no signs that steer a terminal."""
    from rich.text import Text

    return Text(harmless(text), style=style)


def _decisions(out: Console, case: Case) -> None:
    from rich.table import Table

    entity = case.mapping.entity or "not imported"
    out.print()
    out.print(_text(f"{case.sheet.place}  {entity}", "bold"))
    out.print(_text(f"  {case.sheet.how}, {counted(case.sheet.rows, 'rows', 'row')}", "dim"))
    if case.plan is None:
        return
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, given in case.mapping.fields.items():
        found = case.plan.direct.get(name)
        told = ""
        if found is not None and found.reading.code not in ("text", "yes/no"):
            told = f"{found.reading.code}: {_evidence(case, found)}"
        elif found is None:
            inputs = [each for each in case.plan.inputs.values() if each.column in given]
            told = "; ".join(_evidence(case, each) for each in inputs if each.reading.code != "text")
        else:
            told = "; ".join(each for each in (_replaced(case, name), _codes(case, name)) if each)
        if name in case.mapping.ends:
            why = case.mapping.notes.get(f"ends.{name}") or "by the mapping"
            told += f"{'; ' if told else ''}{case.mapping.ends[name]}: {why}"
        table.add_row(_text(f"  {name}"), _text(given), _text(told, "dim"))
    out.print(table)
    unused = _unused(case, case.plan)
    if unused:
        more = f" … and {len(unused) - _UNUSED:,} more" if len(unused) > _UNUSED else ""
        out.print(_text(f"  not used: {', '.join(unused[:_UNUSED])}{more}", "yellow"))
    for each in (*case.told, *case.hints):
        out.print(_text(f"  {each}", "yellow"))


def _replaced(case: Case, name: str) -> str:
    return ", ".join(f"{one} = {two}" for one, two in case.mapping.values.get(name, {}).items())


def _codes(case: Case, name: str) -> str:
    """Return what the most frequent words of a column of codes mean, and which are none of them."""
    for each in case.spoken:
        if each.field.name == name:
            codes = {word: each.codes.code_of(word) for word in each.words}
            shown = {word: shortened(word, 60) for word in codes}
            known = [f"{shown[word]} = {code}" for word, code in codes.items() if code and code != word.casefold()]
            unknown = (word for word, code in codes.items() if not code)
            none = [f"{shown[word]} = ?" if word in each.unknown else f"{shown[word]} left out" for word in unknown]
            more = ["…"] if len(known) > _WORDS else []
            return ", ".join((*known[:_WORDS], *more, *(none[:_WORDS] if each.codes.closed else ())))
    return ""


def _unused(case: Case, plan: Plan) -> list[str]:
    """Return the columns with values that no field is made of; of a kept mapping, too."""
    used = {*case.mapping.fields.values(), *plan.inputs}
    return [column for column in case.sheet.columns if column not in used and case.profiles[column].kind != "empty"]


def _evidence(case: Case, given: Input) -> str:
    return case.mapping.notes.get(f"columns.{given.column}", "") or given.reading.decision.evidence


def _account(out: Console, account: Account) -> None:

    parts = [counted(account.read, "rows read", "row read"), f"{account.loaded:,} loaded"]
    for number, told in (
        (account.left_out, "left out by the mapping"),
        (account.totals, "left out as totals"),
        (account.quarantined, "in quarantine"),
        (account.repeated, "the same again"),
    ):
        if number:
            parts.append(f"{number:,} {told}")
    out.print(_text(f"  {parts[0]} = {' + '.join(parts[1:])}"))
    for each in (*account.notes, *account.changes):
        out.print(_text(f"  {each}", "dim"))


def _entities(out: Console, report: LoadReport, wording: Wording) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    table.add_column("\nentity")
    for name in ("new", "changed", "unchanged", "total"):
        table.add_column(f"\n{name}", justify="right")
    for entity in report.entities:
        numbers = (entity.new, entity.changed, entity.unchanged, entity.total)
        table.add_row(_text(entity.entity), *(f"{number:,}" for number in numbers))
    out.print(table)
    for entity in report.entities:
        for text in wording.notes(entity.notes):
            out.print(_text(f"  {entity.entity}: {text}", "dim"))


def _quarantine(out: Console, found: Sequence[Unreadable]) -> None:

    if not found:
        return
    out.print()
    out.print(_text(f"{len(found):,} could not be read (in the quarantine table book.quarantine):", "yellow"))
    for each in found[:_SHOWN]:
        what = f"{each.column} " if each.column else ""
        raw = each.raw if len(each.raw) <= 60 else each.raw[:57] + "..."
        out.print(_text(f"  {each.place} line {each.line}: {what}{raw!r} {each.reason}"))
    if len(found) > _SHOWN:
        out.print(_text(f"  … and {len(found) - _SHOWN:,} more"))
