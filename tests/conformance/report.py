"""The table of the report: a line a KPI variant and a line a calculator, a column a host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpicore import CellFailure
from tests.conformance.asked import Case
from tests.conformance.told import DIFFERENT, EQUAL, NOT_POSSIBLE, NotPossible, Told, verdict

_SIGNS = {EQUAL: "equal", DIFFERENT: "**different**"}
HEAD = """\
# The same number in every host

<!-- Written by `make conformance`. Do not edit. -->

Every scalar KPI in every variant, on the demo company, whole and for one rep where it can be cut by rep; and every
calculator. *Equal* is the value of the Python API to 1e-12 of it or 1e-9, or the same native error. A number in
brackets is a footnote that says why a host cannot be asked.

Apps Script is Google Sheets: its functions under node, with stand-ins for Google's services. A function there cannot
give a native error: it throws, the cell shows `#ERROR!`, and code and line stand in its message. That code is compared.

"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that a host answers in another way than Python."""

    case: Case
    host: str
    told: Told
    expected: Told

    def __str__(self) -> str:
        shown = f"{self.case.call.name}({', '.join(map(str, self.case.call.arguments))})"
        return f"{self.host}: {shown} gives {said(self.told)} instead of {said(self.expected)}"


def said(told: Told) -> str:
    """Return what a host told in a word."""
    if isinstance(told, CellFailure):
        return f"{told.code or 'nothing'} {told.message}".strip()
    return told.why if isinstance(told, NotPossible) else repr(told)


def differences(cases: Sequence[Case], told: Mapping[str, Sequence[Told]]) -> list[Difference]:
    """Return every case that a host tells in another way than the first one."""
    first, *others = told
    return [
        Difference(case, host, value, expected)
        for host in others
        for case, value, expected in zip(cases, told[host], told[first], strict=True)
        if verdict(value, expected) == DIFFERENT
    ]


def page(cases: Sequence[Case], told: Mapping[str, Sequence[Told]]) -> str:
    """Return the report as a page of Markdown, the same for the same answers."""
    notes: dict[str, int] = {}
    hosts = list(told)
    lines = {}
    for calculates in (False, True):
        kind = "calculator" if calculates else "KPI"
        lines[calculates] = [f"| {kind} | calls | {' | '.join(hosts)} |", "| --- " * (len(hosts) + 2) + "|"]
        for ref in dict.fromkeys(case.ref for case in cases if case.calculates == calculates):
            places = [at for at, each in enumerate(cases) if each.ref == ref and each.calculates == calculates]
            cells = [_cell([(told[host][at], told[hosts[0]][at]) for at in places], notes) for host in hosts]
            lines[calculates].append(f"| `{ref}` | {len(places)} | {' | '.join(cells)} |")
    footnotes = [f"{number}. {why}" for why, number in notes.items()]
    parts = [_summary(cases, told), "\n".join(lines[False]), "\n".join(lines[True]), "\n".join(footnotes)]
    return HEAD + "\n\n".join(part for part in parts if part) + "\n"


def _cell(told: Sequence[tuple[Told, Told]], notes: dict[str, int]) -> str:
    verdicts = [verdict(one, expected) for one, expected in told]
    if DIFFERENT in verdicts:
        return _SIGNS[DIFFERENT]
    reasons = dict.fromkeys(one.why for one, _ in told if isinstance(one, NotPossible))
    marks = " ".join(f"[{notes.setdefault(why, len(notes) + 1)}]" for why in reasons)
    return " ".join(each for each in (_SIGNS[EQUAL] if EQUAL in verdicts else "", marks) if each)


def _summary(cases: Sequence[Case], told: Mapping[str, Sequence[Told]]) -> str:
    first = next(iter(told))
    lines = ["| host | equal | different | not possible |", "| --- | --: | --: | --: |"]
    for host, values in told.items():
        found = [verdict(one, expected) for one, expected in zip(values, told[first], strict=True)]
        counts = [str(found.count(each)) for each in (EQUAL, DIFFERENT, NOT_POSSIBLE)]
        lines.append(f"| {host} | {' | '.join(counts)} |")
    return "\n".join(lines)
