"""What to know about the numbers of a report: told once, at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kpicore import Period, why_none
from kpicore_reports.filled import MyTable, Number, RowTable, Shown

_FEW = 4


def notes_on(sections: tuple[Shown, ...], numbers: Sequence[Number], before: Period | None) -> tuple[str, ...]:
    """Return what to know about single numbers, each note once with the KPIs that it is about.

    `before` is the period that most are compared with; another one is told of each that is.
    Of notes on one KPI that differ in their counts only, as those of each rep do, the first stands for all.
    """
    first: dict[tuple[str, str], str] = {}
    for each in numbers:
        for note in (*_notes_of(each), *_other_period(each, before)):
            first.setdefault((each.kpi.name, re.sub(r"[\d.,-]+", "0", note)), note)
    for section in sections:
        if isinstance(section, RowTable):
            first |= {(section.title, note): note for note in section.listed.notes}
        if isinstance(section, MyTable):
            told = [each for each in section.numbers if each.median is None and each.number.value is not None]
            first |= {(each.number.kpi.name, each.why): f"no median, {each.why}" for each in told}
    holders: dict[str, dict[str, None]] = {}
    for (name, _), note in first.items():
        holders.setdefault(note, {})[name] = None
    return tuple(f"{_listed(list(names))}: {note}" for note, names in holders.items())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= _FEW + 1 else f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"


def _other_period(number: Number, before: Period | None) -> list[str]:
    """Return what a number is compared with that is compared with another period: a plan with the whole one."""
    own = number.before.question.period if number.before is not None and number.before.value is not None else None
    return [f"compared with {own.with_days}"] if own is not None and own != before else []


def _notes_of(number: Number) -> list[str]:
    """Return the notes on a number; not the one on the period in progress, which stands at the top."""
    found = [each for each in number.answer.notes if not each.startswith("to date")] if number.answer else []
    if number.value is None and number.why:
        found.append(f"n/a, {number.why}")
    if number.value is not None and number.before is not None and number.before.value is None:
        short = number.before.reason == "no_data"
        why = why_none(number.before, short=short) + (f" for {number.before.question.period}" if short else "")
        found.append(f"nothing to compare with, {why}")
    return found
