"""What an import tells of rows that earlier files gave and this one does not have, and how to say what that means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import counted, shortened

if TYPE_CHECKING:
    from kpicore import Vanished
    from kpicore_sources.files.doctor import TableCase
    from kpicore_sources.files.source import FileSource

_LONGEST = 40


def vanished_lines(
    vanished: Sequence[Vanished], sources: Sequence[FileSource], cases: Sequence[TableCase]
) -> list[str]:
    """Return a line for each stream of which rows have vanished."""
    planned = (pair for source in sources for pair in zip(source.plans, source.streams, strict=True))
    streams = {plan.sheet.place: stream for plan, stream in planned}
    mappings = {streams[case.sheet.place]: case.file for case in cases if case.sheet.place in streams}
    return [_line(lost, mappings.get(lost.stream)) for lost in vanished]


def _line(lost: Vanished, mapping: Path | None) -> str:
    what = f"{counted(lost.rows, 'rows', 'row')} of {lost.entity} of the {lost.of:,} that were there"
    named = ", ".join(shortened(name, _LONGEST) for name in lost.examples)
    more = ", …" if lost.rows > len(lost.examples) else ""
    if lost.removed:
        return f"{what} {'is' if lost.rows == 1 else 'are'} not in this file, and taken out: {named}{more}"
    write = f'write keeps = "all" (or "changes", to hear no more of it) in {mapping}' if mapping else ""
    told = f"{what} {'is' if lost.rows == 1 else 'are'} not in this file, and stay: {named}{more}"
    return f"{told}. If the file is all there is, {write}" if write else told
