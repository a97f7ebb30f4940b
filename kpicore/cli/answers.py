"""Tables of answers for a terminal: a list, or a pivot where that reads better and fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kpicore.cli.screen import fits, terminal_table
from kpicore.cli.statuses import guard_table, interval_words, legend, mark, status_text
from kpicore.insight.result import Result
from kpicore.model.figures import name_of, number
from kpicore.model.notes import Note
from kpicore.model.questions import NO_DATA, NOT_STARTED, Answer
from kpicore.model.units import COUNT
from kpicore.wording.phrases import change_words, members

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from kpicore.wording.wording import Wording

_COLOURS = {True: "green", False: "red", None: ""}
_JUDGED = {True: "better", False: "worse", None: ""}
_FEW = 5
_MOST_COLUMNS = 60
_MEASURED = 200
"""So many rows tell how wide a list is; measuring all of a long one takes as long as printing it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which of the columns that one can do without a list has."""

    reasons: bool = True
    compared_with: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """What stands down or across a pivot, and how an answer is labelled there."""

    names: tuple[str, ...]
    labels: Callable[[Answer], tuple[str, ...]]


def rendered(result: Result, screen: Console) -> Iterator[RenderableType]:
    """Yield the tables of a result: spread in two directions where that is wanted and fits, else a list."""
    for pivots in (_pivots(result), _pivots(result, turned=True)):
        if pivots and all(fits(pivot, screen) for pivot in pivots):
            yield from pivots
            yield from _legend(result)
            yield from legend(result)
            break
    else:
        yield from _list(result, screen)
        yield from legend(result)
    if any(result.guarded):
        yield guard_table(result)


def _list(result: Result, screen: Console) -> Iterator[RenderableType]:
    """Yield the fullest list that fits, and below it what it leaves out."""
    wanted = [Columns(), Columns(reasons=False), Columns(reasons=False, compared_with=False)]
    # a column of the same few reasons is longer than a line for each below the table
    if sum(answer.reason is not None for answer in result.answers) > _FEW:
        del wanted[0]
    # only widths are wanted here; numbers further down are hardly wider, and the table itself cuts none
    first = replace(result, answers=result.answers[:_MEASURED], compared=result.compared[:_MEASURED])
    while len(wanted) > 1 and not fits(_listed(first, wanted[0]), screen):
        del wanted[0]
    yield _listed(result, wanted[0])
    if not wanted[0].reasons:
        yield from _reasons(result.answers, result.wording)
    yield from _reasons(result.compared, result.wording, of_period=True)


def _listed(result: Result, wanted: Columns) -> Table:
    """Return one row an answer."""
    from rich.text import Text

    periods = dict.fromkeys(answer.question.period.key for answer in result.answers)
    earlier = dict.fromkeys(answer.question.period.key for answer in result.compared)
    compared_with = wanted.compared_with and len(earlier) > 1
    table = terminal_table("KPI", *result.by, names=1 + len(result.by))
    for name in _value_columns(list(periods), list(earlier), compared_with):
        table.add_column(name, justify="left" if name in ("period", "compared with") else "right", no_wrap=True)
    statuses = any(map(result.judgement, result.answers))
    for name in [*(["95 % interval"] if result.with_intervals else []), *(["status"] if statuses else [])]:
        table.add_column(name, no_wrap=True)
    wording = result.wording
    reasons = wanted.reasons and any(answer.reason for answer in result.answers)
    if reasons:
        table.add_column("")
    for at, answer in enumerate(result.answers):
        table.add_row(
            Text(name_of(answer), style="bold"),
            *(Text(text) for text in members(answer, result.by)),
            *([Text(answer.question.period.key)] if len(periods) > 1 else []),
            _value(answer) if wanted.reasons or not answer.reason else _yellow(wording.why_none(answer, short=True)),
            *(_compared(answer, result.compared[at], compared_with) if earlier else []),
            Text(f"{answer.n:,}", style="dim"),
            *(
                [Text(interval_words(result.interval(answer), result.wording), style="dim")]
                if result.with_intervals
                else []
            ),
            *([status_text(result.judgement(answer))] if statuses else []),
            *([_yellow(wording.why_none(answer))] if reasons else []),
        )
    return table


def _value_columns(periods: list[str], earlier: list[str], compared_with: bool) -> list[str]:
    """Return the columns from the period to n; a period that is everywhere the same is the head of its values."""
    own = periods if len(periods) == 1 else ["period", "value"]
    before = earlier if len(earlier) == 1 else [*(["compared with"] if compared_with else []), "before"]
    return [*own, *([*before, "change", ""] if earlier else []), "n"]


def _compared(answer: Answer, earlier: Answer, with_period: bool) -> list[Text]:
    from rich.text import Text

    words, good = change_words(answer, earlier)
    period = [Text(earlier.question.period.key)] if with_period else []
    return [*period, _value(earlier), Text(words, style=_COLOURS[good]), Text(_JUDGED[good], style=_COLOURS[good])]


def _value(answer: Answer) -> Text:
    from rich.text import Text

    return Text("–", style="dim") if answer.value is None else Text(number(answer.value, answer.unit))


def _yellow(words: str) -> Text:
    from rich.text import Text

    return Text(words, style="yellow")


def _pivots(result: Result, *, turned: bool = False) -> list[Table]:
    """Return dimension values down and periods across, or `turned`; KPIs take the place of the one that is missing."""
    kpis = dict.fromkeys(name_of(answer) for answer in result.answers)
    periods = dict.fromkeys(answer.question.period.key for answer in result.answers)
    # two of the three have to vary: KPIs, periods, members
    if result.compared or result.with_intervals or (len(kpis) > 1) + (len(periods) > 1) + bool(result.by) < 2:
        return []
    who = Side(result.by, lambda answer: members(answer, result.by))
    what, when = Side(("KPI",), lambda answer: (name_of(answer),)), Side(("period",), _period)
    sides = [who, what] if len(periods) == 1 else [who if result.by else what, when]
    down, across = reversed(sides) if turned else sides
    if len(dict.fromkeys(across.labels(answer) for answer in result.answers)) > _MOST_COLUMNS:
        return []
    if len(kpis) == 1 or not result.by or len(periods) == 1:
        title = next(iter(kpis)) if len(kpis) == 1 else ""
        return [_pivot(title, result, result.answers, down, across)]
    named = {name: [answer for answer in result.answers if name_of(answer) == name] for name in kpis}
    return [_pivot(name, result, answers, down, across) for name, answers in named.items()]


def _period(answer: Answer) -> tuple[str, ...]:
    return (answer.question.period.key,)


def _pivot(title: str, result: Result, answers: Sequence[Answer], down: Side, across: Side) -> Table:
    from rich.text import Text

    columns = list(dict.fromkeys(across.labels(answer) for answer in answers))
    heading = Text(title, style="bold") if title else None
    table = terminal_table(*down.names, names=len(down.names), title=heading, title_justify="left")
    for column in columns:
        table.add_column(Text(" · ".join(column)), justify="right", no_wrap=True)
    rows: dict[tuple[str, ...], dict[tuple[str, ...], Answer]] = {}
    for answer in answers:
        rows.setdefault(down.labels(answer), {})[across.labels(answer)] = answer
    for labels, cells in rows.items():
        shown = [_cell(cells[column], result) if column in cells else Text("") for column in columns]
        table.add_row(*(Text(label) for label in labels), *shown)
    return table


def _cell(answer: Answer, result: Result) -> Text:
    # A rate or an average of three rows must not look like one of three thousand.
    text = _value(answer)
    if answer.value is not None and answer.unit != COUNT:
        text.append(f" ({answer.n:,})", style="dim")
    return text.append(mark(result.judgement(answer)))


def _legend(result: Result) -> Iterator[Text]:
    from rich.text import Text

    if any(answer.value is not None and answer.unit != COUNT for answer in result.answers):
        yield Text(result.wording.note(Note.of("rows_in_brackets")), style="dim")
    yield from _reasons(result.answers, result.wording)


def _reasons(answers: Sequence[Answer], wording: Wording, *, of_period: bool = False) -> Iterator[Text]:
    """Yield why values are missing, each reason once: those that differ only by their period together."""
    from rich.text import Text

    reasons: dict[str, list[str]] = {}
    for answer in answers:
        if answer.reason:
            why = wording.why_none(answer)
            words = f"{answer.question.period.key}: {why}" if of_period else why
            reasons.setdefault(answer.reason if answer.reason in (NOT_STARTED, NO_DATA) else words, []).append(words)
    for alike in reasons.values():
        more = f" (and {len(alike) - 1:,} more like it)" if len(alike) > 1 else ""
        yield Text(f"– {alike[0]}{more}", style="yellow")
