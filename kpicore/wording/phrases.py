"""Answers in words for people: how they changed, what they are about, what to know of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import isfinite
from zoneinfo import ZoneInfo

from kpicore.calendar import Period, progress
from kpicore.model.figures import change, change_in_points, is_good, name_of, number, per_cent, rounded
from kpicore.model.notes import TO_DATE, Note
from kpicore.model.questions import Answer
from kpicore.model.units import SHARE, Unit
from kpicore.text.plain_text import harmless
from kpicore.wording.wording import Wording

_FEW = 3


def change_words(answer: Answer, earlier: Answer) -> tuple[str, bool | None]:
    """Return a change with its arrow, and whether it is good: ("▲ +3.2 points", True).

    A share and a score in points change by points, anything else by per cent of the earlier value, or by the
    plain difference where that is 0 or negative. Empty where one of the two has no value, or they are too far apart.
    """
    if answer.value is None or earlier.value is None or not isfinite(answer.value - earlier.value):
        return "", None
    difference = answer.value - earlier.value
    sign = "+" if difference > 0 else "-"
    relative = change(answer, earlier)
    points = None if relative is None else change_in_points(relative, answer.unit)
    if points is not None:
        text = f"{sign}{rounded(abs(points), 1)} points"
    elif relative is not None:
        text = f"{sign}{per_cent(abs(relative))}%"
    else:
        text = ("+" if difference > 0 else "") + number(difference, answer.unit)
    if difference == 0:
        return f"= {text.lstrip('+-')}", None
    return f"{'▲' if difference > 0 else '▼'} {text}", is_good(difference, answer.better)


def range_words(above: float | None, below: float | None, unit: Unit | None = None) -> str:
    """Return the numbers of a band in words, shares in their `unit` in per cent; `above` is part of it, `below` not.

    >>> range_words(0.2, 0.4), range_words(None, 0.2, SHARE), range_words(30, None)
    ('0.2 to 0.4', 'below 20%', '30 or more')
    """
    low, high = (None if end is None else f"{end * 100:g}%" if unit == SHARE else f"{end:g}" for end in (above, below))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"below {high}" if high is not None else f"{low} or more" if low is not None else "any value"


def time_words(moment: datetime, timezone: str) -> str:
    """Return an instant in the organisation's zone: "2026-11-22 10:00 Europe/Berlin"."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M} {timezone}"


def data_words(times: Iterable[datetime], timezone: str) -> str:
    """Return of when data is that is of these instants: of several of them the first and the last.

    >>> at = [datetime(2026, 6, day, 12, tzinfo=ZoneInfo("UTC")) for day in (28, 8, 28)]
    >>> data_words(at, "UTC")
    '2026-06-08 12:00 to 2026-06-28 12:00 UTC'
    """
    first, last = min(known := {*times}), max(known)
    until = time_words(last, timezone)
    return until if first == last else f"{first.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M} to {until}"


def told_on_top(note: Note, period: Period, today: date) -> bool:
    """Whether a note says of a period in progress what stands above all numbers that are of a day.

    >>> june = Period("2026-06", date(2026, 6, 1), date(2026, 7, 1))
    >>> note = Note.of(TO_DATE, elapsed=28, days=30)
    >>> told_on_top(note, june, date(2026, 6, 28)), told_on_top(note, june, date(2026, 6, 30))
    (True, False)
    """
    return note.kind == TO_DATE and note.value("elapsed") == progress(period, today)


def notes_once(wording: Wording, answers: Sequence[Answer], by: Sequence[str] = ()) -> list[str]:
    """Return each note once, with what it is about where that is not everything shown."""
    holders: dict[str, list[Answer]] = {}
    for answer in answers:
        for note in wording.notes(answer.notes):
            holders.setdefault(note, []).append(answer)
    # dicts keep the order in which labels are shown; sets would not
    every = [dict.fromkeys(group) for group in zip(*(_labels(answer, by) for answer in answers), strict=True)]
    return [_about(holding, len(answers), every, by) + harmless(note) for note, holding in holders.items()]


def _about(holding: Sequence[Answer], answers: int, every: Sequence[Mapping[str, None]], by: Sequence[str]) -> str:
    """Return what the answers `holding` a note have in common that the others have not; `every` are all the labels."""
    if len(holding) == answers:
        return ""
    parts = []
    own = [dict.fromkeys(group) for group in zip(*(_labels(answer, by) for answer in holding), strict=True)]
    for place, labels in enumerate(own):
        if len(labels) < len(every[place]):
            few = len(labels) <= _FEW
            parts.append(" or ".join(labels) if few else f"{len(labels)} of {len(every[place])} {_kind(place, by)}")
    return f"{', '.join(parts)}: " if parts else ""


def _kind(place: int, by: Sequence[str]) -> str:
    return ("KPIs", "periods", *(f"{dimension}s" for dimension in by))[place]


def _labels(answer: Answer, by: Sequence[str]) -> tuple[str, ...]:
    return name_of(answer), answer.question.period.key, *members(answer, by)


def members(answer: Answer, by: Iterable[str]) -> tuple[str, ...]:
    """Return what an answer is about in each of the dimensions, as it may be shown."""
    cuts = dict(answer.question.cuts)
    return tuple(" or ".join(harmless(value) for value in cuts.get(name, ())) for name in by)


def cut_words(cuts: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """Return filters in words: "branch North or South, town Buda"."""
    return ", ".join(f"{name} {' or '.join(harmless(value) for value in values)}" for name, values in cuts)
