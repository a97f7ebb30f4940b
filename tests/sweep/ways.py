"""The ways of asking one question: each gives pairs of an answer and what the same question gave in another way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from random import Random

from kpicore import NONE, Answer, At, CellCall, CellFailure, Definition, KpiError, Period, Question, Workspace
from kpicore.engine.explain.explain import Explanation
from kpicore.model.figures import name_of
from kpicore.spreadsheet.answering import Answering
from kpicore.testing import run_kpi
from kpicore.wording.inputs import function_name
from tests.fresh import fresh

SPELLINGS: Mapping[str, tuple[str | int, ...]] = {
    "2024": (2024, "2024-01..2024-12", "2024-Q1..2024-Q4", "2024-01-01..2024-12-31", "FY2024", "fy2024"),
    "2025-Q1": ("2025-q1", "2025-01..2025-03", "2025-01-01..2025-03-31", "FY2025-Q1"),
    "2025-03": ("2025-03-01..2025-03-31", "FY2025-M03", "2025-03..2025-03"),
    "2025-W10": ("2025-w10", "2025-03-03..2025-03-09"),
    "2025-02-28": ("2025-02-28..2025-02-28", 45716),  # the serial number of that day
    "2024-05-14..2024-08-03": ("2024-05-14 .. 2024-08-03",),
    "2025-07": ("this month", "2025-07-01..2025-07-31"),  # in progress: the data are of July 15
    "2025-06": ("last month", "2025-06-01..2025-06-30"),
    "2025-Q3": ("2025-07..2025-09",),
    "2025-10": ("FY2025-M10",),  # not begun
}
"""Periods, and the same ones written in other ways."""

SPLIT = {"2024": ("month", "quarter", "half"), "2025-Q1": ("month",), "2025-03": ("day",), "2025-W10": ("day",)}


@dataclass(frozen=True, slots=True)
class Case:
    """A KPI with dimensions to cut it by (those it needs, and one more or none), and a period."""

    kpi: str
    by: tuple[str, ...]
    period: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ways of asking one question: what each of them told. They are to be equal."""

    way: str
    asked: object
    one: object
    other: object


def cases(of: Workspace) -> list[Case]:
    """Return every KPI and variant by every dimension that it can be cut by, and by none, in every period."""
    whole = []
    for definition in definitions(of):
        needed = definition.spec.needs_cut
        ref = f"{definition.metric.id}.{definition.variant}"
        periods = [each for each in SPELLINGS if can_ask(of, definition, needed, each)]
        more = [name for name in of.registry.dimensions if name not in needed]
        cut = [needed, *((*needed, name) for name in more)]
        whole += [Case(ref, by, period) for by in cut for period in periods if can_ask(of, definition, by, period)]
    return whole


def definitions(of: Workspace) -> Iterator[Definition]:
    for id, metric in of.registry.metrics.items():
        for variant in metric.variant_names:
            yield of.definitions.get(id, variant)


def can_ask(of: Workspace, definition: Definition, by: tuple[str, ...], period: str) -> bool:
    question = Question(definition.metric.id, definition.variant, of.period(period))
    try:
        of.engine.check(question, by)
    except KpiError:
        return False
    return True


def told(answer: Answer) -> tuple[object, ...]:
    """Return all of an answer that may not depend on how it was asked for."""
    return (
        *(answer.value, answer.n, answer.reason, answer.detail, answer.notes, answer.data_time),
        dict(answer.inputs),
    )


def pairs(of: Workspace, case: Case, chance: Random, most: int) -> Iterator[Pair]:
    """Give the pairs of one case; of many members only so many, chosen by dice."""
    answers = list(of.get(case.kpi, case.period, by=case.by).answers)
    chosen = answers if len(answers) <= most else chance.sample(answers, most)
    yield from _table(of, case, answers)
    yield from _parts(of, case, answers)
    for answer in chosen:
        cuts = {name: values[0] for name, values in answer.question.cuts}
        [alone] = of.get(case.kpi, case.period, where=cuts).answers
        yield Pair("by and where", answer.question, told(answer), told(alone))
        for way, other in _other_ways(of, case, alone, cuts, chance):
            yield Pair(way, alone.question, told(alone), told(other))
        yield from _periods(of, case, alone, cuts)
        yield from _explained(of, case, alone, cuts)
        yield from _cells(of, case, alone, cuts)
        yield from _series(of, case, cuts)
        yield from _compared(of, case, alone, cuts)


def _other_ways(
    of: Workspace, case: Case, alone: Answer, cuts: Mapping[str, str], chance: Random
) -> Iterator[tuple[str, Answer]]:
    shouted = {name.upper(): f" {value.upper()} " for name, value in reversed(cuts.items())}
    yield "where in capitals", _one(of, case, case.period, shouted)
    yield "where in small letters", _one(of, case, case.period, {name: each.casefold() for name, each in cuts.items()})
    yield "as of today", of.get(case.kpi, case.period, where=cuts, as_of=of.engine.today).answers[0]
    yield "KPI in capitals", of.get(case.kpi.upper(), case.period, where=cuts).answers[0]
    yield "asked first", fresh(of).answer([alone.question])[0]
    yield "asked again", of.engine.answer([alone.question])[0]


def _periods(of: Workspace, case: Case, alone: Answer, cuts: Mapping[str, str]) -> Iterator[Pair]:
    """The same days written in another way. A fiscal key stays one, and is named in the notes."""
    for period in SPELLINGS[case.period]:
        other = _one(of, case, period, cuts)
        shown = told if other.question.period == alone.question.period else _number_and_reason
        yield Pair(f"period as {period!r}", alone.question, shown(alone), shown(other))


def _number_and_reason(answer: Answer) -> tuple[object, ...]:
    return answer.value, answer.n, answer.reason, [note.kind for note in answer.notes], dict(answer.inputs)


def _one(of: Workspace, case: Case, period: str | int, cuts: Mapping[str, str]) -> Answer:
    return of.get(case.kpi, period, where=cuts).answers[0]


def _table(of: Workspace, case: Case, answers: Sequence[Answer]) -> Iterator[Pair]:
    """The values of the whole table, its rows in a spreadsheet, and all of its questions asked at once."""
    result = of.get(case.kpi, case.period, by=case.by)
    yield Pair("values of a table", case, [answer.value for answer in answers], list(result.values()))
    batch = of.engine.answer([answer.question for answer in answers])
    yield Pair("asked at once", case, [told(answer) for answer in answers], [told(each) for each in batch])
    if case.by and answers:
        reversed_ = of.get(case.kpi, case.period, by=case.by[::-1]).answers
        by_question = {each.question: told(each) for each in reversed_}
        yield Pair(
            "dimensions the other way round", case, {answer.question: told(answer) for answer in answers}, by_question
        )
        [shown] = Answering(of).answer([CellCall("KPI_TABLE", (case.kpi, case.period, "", *case.by))])
        assert isinstance(shown, tuple), (case, shown)
        rows = {row[:-1]: _number(row[-1]) for row in shown[1:]}
        expected = {tuple(dict(answer.question.cuts)[name][0] for name in case.by): answer.value for answer in answers}
        yield Pair("KPI_TABLE", case, expected, rows)


def _parts(of: Workspace, case: Case, answers: Sequence[Answer]) -> Iterator[Pair]:
    """The sum of the members of what can be added, and several members asked for together."""
    definition = of.definitions.get(*of.definitions.named(case.kpi))
    extra = [name for name in case.by if name not in definition.spec.needs_cut]
    if not is_additive(definition) or not extra or not answers:
        return
    [whole] = of.get(case.kpi, case.period).answers
    summed = sum(answer.value or 0 for answer in answers), sum(answer.n for answer in answers)
    yield Pair("sum of the members", case, (whole.value or 0, whole.n), summed)
    [name] = case.by
    yield from _without_rows(of, case, name, {dict(answer.question.cuts)[name][0] for answer in answers})
    some = answers[: len(answers) // 2 + 1]
    [both] = of.get(case.kpi, case.period, where={name: [dict(each.question.cuts)[name][0] for each in some]}).answers
    summed = sum(each.value or 0 for each in some), sum(each.n for each in some)
    yield Pair("members together", (case, len(some)), (both.value or 0, both.n), summed)


def _without_rows(of: Workspace, case: Case, name: str, listed: Set[str]) -> Iterator[Pair]:
    """Members that are known and not listed have no rows: nothing is there, or there is a reason why."""
    for member in sorted({*of.members(name), NONE} - listed)[:2]:
        [answer] = of.get(case.kpi, case.period, where={name: member}).answers
        nothing = (0 if answer.reason is None else None, 0)
        yield Pair("member without rows", answer.question, nothing, (answer.value, answer.n))


def is_additive(definition: Definition) -> bool:
    """Whether the members of a KPI make the whole: one count or total of rows."""
    first, *others = definition.inputs
    if others or first.measure is None or definition.spec.needs_cut:
        return False
    return first.measure.adds_over_cuts and first.measure.word != "average"


def _explained(of: Workspace, case: Case, alone: Answer, cuts: Mapping[str, str]) -> Iterator[Pair]:
    explanation = of.explain(case.kpi, case.period, cuts)
    yield Pair("explained", alone.question, told(alone), told(explanation.answer))
    yield from _rows(explanation)


def _rows(explanation: Explanation) -> Iterator[Pair]:
    """How many rows are listed behind each count."""
    for one in explanation.inputs:
        asked = explanation.answer.question, one.name
        if one.below is not None:
            yield Pair("input explained", asked, (one.value, one.n), (one.below.answer.value, one.below.answer.n))
            yield from _rows(one.below)
        measure = one._prepared.compiled.measure if one._prepared else None
        if measure is not None and measure.word == "count" and measure.at is not At.MEAN and one.value is not None:
            yield Pair("rows listed", asked, (one.value, one.n), (one.rows().total, one.rows().total))


def _cells(of: Workspace, case: Case, alone: Answer, cuts: Mapping[str, str]) -> Iterator[Pair]:
    id, variant = of.definitions.named(case.kpi)
    pairs = [each for pair in cuts.items() for each in pair]
    calls = [
        CellCall(function_name(id), (case.period, *pairs, "variant", variant)),
        CellCall("KPI", (name_of(alone), case.period, *pairs)),
        CellCall("KPI_EXPLAIN", (case.kpi, case.period, *pairs)),
    ]
    one, other, explained = Answering(of).answer(calls)
    assert isinstance(explained, tuple), explained
    value = alone.value
    yield Pair("cells", alone.question, (value,) * 3, (_number(one), _number(other), _number(explained[1][1])))


def printed(of: Workspace, case: Case, chance: Random) -> Iterator[Pair]:
    """What `kpi get --json` prints for one member, in capitals, and for all."""
    answers = list(of.get(case.kpi, case.period, by=case.by).answers)
    words = ["get", case.kpi, "-p", case.period, "--json", "-w", str(of.config.folder)]
    by = [word for name in case.by for word in ("--by", name)]
    yield Pair("kpi get --by", case, [_shown(each) for each in answers], _printed([*words, *by]))
    if answers:
        answer = chance.choice(answers)
        cuts = dict(answer.question.cuts)
        where = [word for name, values in cuts.items() for word in ("--where", f"{name}={values[0].upper()}")]
        yield Pair("kpi get --where", answer.question, [_shown(answer)], _printed([*words, *where]))


def _shown(answer: Answer) -> object:
    return answer.value, answer.n, answer.reason


def _printed(words: Sequence[str]) -> list[object]:
    result = run_kpi(*words)
    assert result.exit_code == 0, (words, result.output)
    return [(load["value"], load["n"], load["reason"]) for load in json.loads(result.stdout)]


def _number(cell: object) -> float | None:
    """Return what a cell shows: a number, or None where it shows why there is none."""
    if isinstance(cell, CellFailure):
        return None
    assert isinstance(cell, int | float), cell
    return cell


def _series(of: Workspace, case: Case, cuts: Mapping[str, str]) -> Iterator[Pair]:
    for grain in SPLIT.get(case.period, ()):
        try:
            series = list(of.get(case.kpi, case.period, grain=grain, where=cuts).answers)
        except KpiError as refused:
            yield Pair("refused by grain", (case, grain), str(refused), _refusal(of, case, grain))
            continue
        alone = [of.get(case.kpi, each.question.period.key, where=cuts).answers[0] for each in series]
        yield Pair("series", (case, grain, cuts), [told(each) for each in alone], [told(each) for each in series])


def _refusal(of: Workspace, case: Case, grain: str) -> str:
    parts: Sequence[Period] = [answer.question.period for answer in of.get("revenue", case.period, grain=grain).answers]
    try:
        of.engine.check(Question(*of.definitions.named(case.kpi), parts[0]), case.by)
    except KpiError as refused:
        return str(refused)
    return "not refused"


def _compared(of: Workspace, case: Case, alone: Answer, cuts: Mapping[str, str]) -> Iterator[Pair]:
    for step in ("previous", "year"):
        try:
            result = of.get(case.kpi, case.period, where=cuts, compare=step)
        except KpiError:
            continue
        yield Pair("compared", alone.question, told(alone), told(result.answers[0]))
        [before] = result.compared
        again = of.get(case.kpi, before.question.period, where=cuts).answers[0]
        yield Pair(f"compared with {step}", before.question, told(again), told(before))
