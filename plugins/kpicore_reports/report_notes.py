"""What to know about the numbers of a report: told once, at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from kpicore import NO_DATA, Answer, Note, Period, Wording, told_on_top
from kpicore_reports.filled_sections import MyTable, ReportNumber, RowTable, Shown

_FEW = 4


def notes_on(
    wording: Wording, sections: tuple[Shown, ...], numbers: Sequence[ReportNumber], before: Period | None, today: date
) -> tuple[str, ...]:
    """Return what to know about single numbers, each note once with the KPIs that it is about.

    `before` is the period that most are compared with; another one is told of each that is. `today` is the day of the
    latest data; how far a period is of which the data is older is told too.
    Of notes on one KPI that differ in their counts only, as those of each rep do, the first stands for all.
    """
    first: dict[tuple[str, object], str] = {}
    for number in numbers:
        for subject, text in (*_notes_of(number, today, wording), *_other_period(number, before, wording)):
            first.setdefault((number.kpi.name, subject), text)
    for section in sections:
        if isinstance(section, RowTable):
            first |= {(section.title, text): text for text in wording.notes(section.listed.notes)}
        if isinstance(section, MyTable):
            for mine in section.numbers:
                if mine.median is None and mine.number.value is not None:
                    first[mine.number.kpi.name, mine.why] = wording.note(Note.of("no_median", why=mine.why))
    holders: dict[str, dict[str, None]] = {}
    for (name, _), note in first.items():
        holders.setdefault(note, {})[name] = None
    return tuple(f"{_listed(list(names))}: {note}" for note, names in holders.items())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= _FEW + 1 else f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"


def _other_period(number: ReportNumber, before: Period | None, wording: Wording) -> Iterator[tuple[object, str]]:
    """Yield what a number is compared with that is compared with another period: a plan with the whole one."""
    own = number.before.question.period if number.before is not None and number.before.value is not None else None
    if own is not None and own != before:
        yield ("compared", own.key), wording.note(Note.of("compared", periods=own.with_days))


def _notes_of(number: ReportNumber, today: date, wording: Wording) -> Iterator[tuple[object, str]]:
    """Yield the notes on a number, each with what it is about but for its counts.

    Not the one on the period in progress, which stands at the top.
    """
    answer = number.answer
    for note in answer.notes if answer else ():
        if not answer or not told_on_top(note, answer.question.period, today):
            yield note.subject, wording.note(note)
    if number.value is None and number.why:
        yield ("n/a", _reason(number.answer) or number.why), wording.note(Note.of("no_number", why=number.why))
    if number.value is not None and number.before is not None and number.before.value is None:
        short = number.before.reason == NO_DATA
        period = str(number.before.question.period) if short else ""
        why = wording.why_none(number.before, short=short)
        yield ("before", _reason(number.before)), wording.note(Note.of("nothing_before", why=why, period=period))


def _reason(answer: Answer | None) -> object:
    if answer is None or answer.value is not None:
        return None
    return answer.reason, answer.detail and answer.detail.subject
