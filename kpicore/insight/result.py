"""The answers to one request, as records, as a table for people, or as a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpicore.engine.answer.answer_table import AnswerTable
from kpicore.model.figures import change, is_good, name_of, shown
from kpicore.model.notes import Note
from kpicore.model.questions import Answer
from kpicore.wording.wording import Wording

if TYPE_CHECKING:
    import pandas as pd

    from kpicore.calendar import Calendar, Period
    from kpicore.engine.compile.definitions import Definitions
    from kpicore.insight.bands import Judgement
    from kpicore.insight.guards import Guard
    from kpicore.insight.intervals import Interval

_NESTED = ("cuts", "inputs", "earlier_periods", "notes", "note_records", "detail_record", "guards", "interval")
"""What of a record is no column of a table."""


@dataclass(frozen=True, slots=True)
class Result:
    """Answers in the order they were asked: metrics, then cuts, then periods.

    `compared` holds, for each answer, the one of the period it is compared with; `guarded` its guards,
    where they were asked for. `definitions` tell what the numbers mean. `covers` are the days of a series of
    weeks that covers other days than the period asked for. Printing it gives a table.
    """

    answers: Sequence[Answer]
    compared: Sequence[Answer] = ()
    by: tuple[str, ...] = ()
    guarded: Sequence[tuple[Guard, ...]] = ()
    definitions: Definitions | None = None
    with_intervals: bool = False
    covers: Period | None = None

    @property
    def wording(self) -> Wording:
        """The words for notes and reasons: without definitions those of the core alone."""
        return self.definitions.registry.wording if self.definitions else Wording()

    def values(self) -> list[float | None]:
        """Return the numbers alone, in order; None where there is none."""
        # whole answers of a large table take ten times as long as its numbers
        if isinstance(self.answers, AnswerTable):
            return self.answers.values()
        return [answer.value for answer in self.answers]

    def judgement(self, answer: Answer) -> Judgement | None:
        """Return the status and meaning of an answer; None where its KPI has no band for it."""
        from kpicore.insight.bands import judged

        return judged(answer, self.definitions.registry.metric(answer.question.metric)) if self.definitions else None

    def interval(self, answer: Answer) -> Interval | None:
        """Return the interval that a share has at 95 %, where intervals were asked for."""
        from kpicore.insight.intervals import interval

        if self.definitions is None or not self.with_intervals:
            return None
        return interval(answer, self.definitions.get(answer.question.metric, answer.question.variant))

    def records(self) -> list[dict[str, Any]]:
        """Return one dict an answer, as `kpi get --json` prints them. Numbers are numbers or None.

        `status`, `meaning` and `action` are None where the KPI has no band for the value; `better` is
        None where nothing changed, or a change is neither good nor bad.
        """
        wording = self.wording
        records = [{**record(answer, wording), **self._judged(answer)} for answer in self.answers]
        # not strict: both are empty where nobody asked for them, and then nothing is added
        for of_answer, guards in zip(records, self.guarded, strict=False):
            of_answer["guards"] = [_guard_record(guard, self.wording) for guard in guards]
        for of_answer, answer, earlier in zip(records, self.answers, self.compared, strict=False):
            of_answer |= {f"compared_{name}": value for name, value in period_record(earlier.question.period).items()}
            of_answer["compared_value"] = earlier.value
            of_answer["compared_reason"] = earlier.reason
            of_answer["change"] = change(answer, earlier)
            of_answer["better"] = _is_better(answer, earlier)
        return records

    def days_told(self) -> list[str]:
        """Return what to say of the days that numbers are of: of a series of weeks, and of what is compared with."""
        notes = day_notes(self.covers, self.earlier_periods())
        inside: dict[str, set[Period]] = {}
        answers = self.answers
        if isinstance(answers, AnswerTable) and not (answers and answers[0].earlier):
            answers = ()  # all answers of a table look back, or none does
        for answer in answers:
            for name, period in answer.earlier.items():
                inside.setdefault(f"{name_of(answer)}: {name}", set()).add(period)
        notes += (
            Note.of("input_is_of", input=name, periods=_with_days(_in_order(periods)))
            for name, periods in inside.items()
        )
        return [self.wording.note(note) for note in notes]

    def earlier_periods(self) -> list[Period]:
        """Return the periods that answers are compared with, each once, the earliest first."""
        return _in_order({answer.question.period for answer in self.compared})

    def _judged(self, answer: Answer) -> dict[str, Any]:
        judged, interval = judgement_record(self.judgement(answer)), self.interval(answer)
        if interval is not None:
            judged |= {"interval": interval.bounds, "interval_reason": self.wording.note(interval.reason) or None}
        return judged

    def frame(self) -> pd.DataFrame:
        """Return one row an answer, a column for each cut, values as floats (NaN: see `reason`)."""
        import pandas as pd

        rows = []
        for of_answer in self.records():
            cuts = {
                name: ", ".join(value) if isinstance(value, list) else value
                for name, value in of_answer["cuts"].items()
            }
            # a cell holds one value: lists and dicts of a record are left out
            kept = {name: value for name, value in of_answer.items() if name not in _NESTED}
            if "interval" in of_answer:
                low, high = of_answer["interval"] or (None, None)
                kept |= {"interval_low": low, "interval_high": high}
            # a cut may have the name of a column ("status"): then it is what was asked for
            rows.append({**cuts, **{name: value for name, value in kept.items() if name not in cuts}})
        return pd.DataFrame(rows).astype({"value": "float64"}) if rows else pd.DataFrame(columns=["kpi", "value"])

    def __str__(self) -> str:
        several = len(self.earlier_periods()) > 1
        beside = (*(("compared with",) if several else ()), "before", "change") if self.compared else ()
        rows = [("kpi", "period", *self.by, "value", "n", *beside)]
        for at, answer in enumerate(self.answers):
            cuts = dict(answer.question.cuts)
            members = (", ".join(cuts.get(name, ())) for name in self.by)
            beside = _beside(answer, self.compared[at], several) if self.compared else ()
            rows.append(
                (name_of(answer), answer.question.period.key, *members, shown(answer), f"{answer.n:,}", *beside)
            )
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        texts = 2 + len(self.by)
        lines = [
            "  ".join(
                text.ljust(width) if at < texts else text.rjust(width)
                for at, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        return "\n".join([*lines, *self.days_told()])


def covered_otherwise(calendar: Calendar, periods: Sequence[Period], whole: Period) -> Period | None:
    """Return the days that periods cover together, None where they are those of the whole.

    Whole weeks may begin before it, and end after it.
    """
    covered = calendar.between(periods[0].start, periods[-1].last)
    return covered if (covered.start, covered.end) != (whole.start, whole.end) else None


def day_notes(covers: Period | None, compared: Iterable[Period]) -> list[Note]:
    """Return what to say of the days of a table, which `covers` others than asked for, and of those compared with."""
    notes = [Note.of("weeks_cover", first=covers.start, last=covers.last)] if covers else []
    earlier = _in_order(set(compared))
    return [*notes, *([Note.of("all_compared", periods=_with_days(earlier))] if earlier else [])]


def _in_order(periods: Iterable[Period]) -> list[Period]:
    return sorted(periods, key=lambda period: (period.start, period.end))


def _with_days(periods: Sequence[Period]) -> tuple[str, ...]:
    return tuple([period.with_days for period in periods])


def _beside(answer: Answer, earlier: Answer, with_period: bool) -> tuple[str, ...]:
    from kpicore.wording.phrases import change_words

    period = (earlier.question.period.key,) if with_period else ()
    return *period, shown(earlier), change_words(answer, earlier)[0]


def record(answer: Answer, wording: Wording) -> dict[str, Any]:
    """Return an answer as a dict that JSON can hold."""
    question = answer.question
    return {
        "kpi": question.metric,
        "variant": question.variant,
        **period_record(question.period),
        "cuts": {name: values[0] if len(values) == 1 else list(values) for name, values in question.cuts},
        "value": answer.value,
        "unit": answer.unit.name,
        "reason": answer.reason,
        "detail": wording.note(answer.detail),
        "inputs": dict(answer.inputs),
        "earlier_periods": {name: period_record(period) for name, period in answer.earlier.items()},
        "n": answer.n,
        "notes": list(wording.notes(answer.notes)),
        "definition": answer.definition,
        "data_version": answer.data_version,
        "data_time": answer.data_time.isoformat() if answer.data_time else None,
        "note_records": [note.record() for note in dict.fromkeys(answer.notes)],
        "detail_record": answer.detail.record() if answer.detail else None,
    }


def period_record(period: Period) -> dict[str, str]:
    """Return a period's key and days, both included, as a dict that JSON can hold."""
    return {"period": period.key, "first_day": period.start.isoformat(), "last_day": period.last.isoformat()}


def judgement_record(judgement: Judgement | None) -> dict[str, Any]:
    """Return status, meaning and action as a dict that JSON can hold; each None where there is none."""
    if judgement is None:
        return {"status": None, "meaning": None, "action": None}
    return {
        "status": judgement.status or None,
        "meaning": judgement.meaning,
        "action": judgement.action or None,
    }


def _guard_record(guard: Guard, wording: Wording) -> dict[str, Any]:
    answer = guard.answer
    return {
        "kpi": guard.name,
        "value": answer.value if answer else None,
        "unit": answer.unit.name if answer else None,
        "n": answer.n if answer else 0,
        "bad": guard.is_bad,
        "why": wording.note(guard.why),
    }


def _is_better(answer: Answer, earlier: Answer) -> bool | None:
    if answer.value is None or earlier.value is None:
        return None
    return is_good(answer.value - earlier.value, answer.better)
