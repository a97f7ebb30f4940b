"""Tables of answers for a terminal: a list, or a pivot where that reads better and fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore.cli.phrases import change_words, members, why_none
from kpicore.cli.screen import table
from kpicore.questions import NO_DATA, NOT_STARTED, Answer
from kpicore.result import Result, name_of, number
from kpicore.units import COUNT

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

_COLOURS = {True: "green", False: "red", None: ""}
_JUDGED = {True: "better", False: "worse", None: ""}
_FEW = 5


@dataclass(frozen=True, slots=True)
class Side:
    """What stands down or across a pivot, and how an answer is labelled there."""

    names: tuple[str, ...]
    labels: Callable[[Answer], tuple[str, ...]]


def rendered(result: Result, screen: Console) -> Iterator[RenderableType]:
    """Yield the tables of a result: spread in two directions where that is wanted and fits, else a list."""
    for pivots in (_pivots(result), _pivots(result, turned=True)):
        if pivots and all(_width(each, screen) <= screen.width for each in pivots):
            yield from pivots
            yield from _legend(result.answers)
            return
    yield _listed(result)
    if _many_reasons(result):
        yield from _reasons(result.answers)


def _width(part: RenderableType, screen: Console) -> int:
    return screen.measure(part, options=screen.options.update(width=10_000)).maximum


def _listed(result: Result) -> Table:
    """Return one row an answer."""
    from rich.text import Text

    reasons, short = any(each.reason for each in result.answers), _many_reasons(result)
    found = table("KPI", *result.by, "period")
    found.columns[-1].no_wrap = True
    found.add_column("value", justify="right", no_wrap=True)
    earlier = dict.fromkeys(each.question.period.key for each in result.compared)
    if len(earlier) > 1:
        found.add_column("compared with", no_wrap=True)
    if earlier:
        found.add_column(next(iter(earlier)) if len(earlier) == 1 else "before", justify="right", no_wrap=True)
        found.add_column("change", justify="right", no_wrap=True)
        found.add_column("", no_wrap=True)
    found.add_column("n", justify="right", no_wrap=True)
    if reasons:
        found.add_column("")
    for at, each in enumerate(result.answers):
        before = _compared(each, result.compared[at], len(earlier) > 1) if result.compared else []
        found.add_row(
            Text(name_of(each), style="bold"),
            *(Text(text) for text in members(each, result.by)),
            each.question.period.key,
            _value(each),
            *before,
            Text(f"{each.n:,}", style="dim"),
            *([Text(why_none(each, short=short), style="yellow")] if reasons else []),
        )
    return found


def _compared(answer: Answer, earlier: Answer, with_period: bool) -> list[Text]:
    from rich.text import Text

    words, good = change_words(answer, earlier)
    period = [Text(earlier.question.period.key)] if with_period else []
    return [*period, _value(earlier), Text(words, style=_COLOURS[good]), Text(_JUDGED[good], style=_COLOURS[good])]


def _value(answer: Answer) -> Text:
    from rich.text import Text

    return Text("–", style="dim") if answer.value is None else Text(number(answer.value, answer.unit))


def _pivots(result: Result, *, turned: bool = False) -> list[Table]:
    """Return members down and periods across, or `turned`; KPIs take the place of the one that is missing."""
    kpis = dict.fromkeys(name_of(each) for each in result.answers)
    periods = dict.fromkeys(each.question.period.key for each in result.answers)
    if result.compared or (len(kpis) > 1) + (len(periods) > 1) + bool(result.by) < 2:
        return []
    who = Side(result.by, lambda each: members(each, result.by))
    what, when = Side(("KPI",), lambda each: (name_of(each),)), Side(("period",), _period)
    sides = [who, what] if len(periods) == 1 else [who if result.by else what, when]
    down, across = reversed(sides) if turned else sides
    if len(kpis) == 1 or not result.by or len(periods) == 1:
        title = next(iter(kpis)) if len(kpis) == 1 else ""
        return [_pivot(title, result.answers, down, across)]
    return [_pivot(name, [each for each in result.answers if name_of(each) == name], down, across) for name in kpis]


def _period(answer: Answer) -> tuple[str, ...]:
    return (answer.question.period.key,)


def _pivot(title: str, answers: Sequence[Answer], down: Side, across: Side) -> Table:
    from rich.text import Text

    columns = list(dict.fromkeys(across.labels(each) for each in answers))
    found = table(*down.names, title=Text(title, style="bold") if title else None, title_justify="left")
    for column in found.columns:
        column.no_wrap = True
    for each in columns:
        found.add_column(Text(" · ".join(each)), justify="right", no_wrap=True)
    rows: dict[tuple[str, ...], dict[tuple[str, ...], Answer]] = {}
    for one in answers:
        rows.setdefault(down.labels(one), {})[across.labels(one)] = one
    for labels, cells in rows.items():
        shown = [_cell(cells[each]) if each in cells else Text("") for each in columns]
        found.add_row(*(Text(each) for each in labels), *shown)
    return found


def _cell(answer: Answer) -> Text:
    # A rate or an average of three rows must not look like one of three thousand.
    found = _value(answer)
    if answer.value is not None and answer.unit != COUNT:
        found.append(f" ({answer.n:,})", style="dim")
    return found


def _legend(answers: Sequence[Answer]) -> Iterator[Text]:
    from rich.text import Text

    if any(each.value is not None and each.unit != COUNT for each in answers):
        yield Text("In brackets: n, the rows behind the value.", style="dim")
    yield from _reasons(answers)


def _many_reasons(result: Result) -> bool:
    return sum(each.reason is not None for each in result.answers) > _FEW


def _reasons(answers: Sequence[Answer]) -> Iterator[Text]:
    """Yield why cells are empty, each reason once: those that differ only by their period together."""
    from rich.text import Text

    reasons: dict[str, list[str]] = {}
    for each in answers:
        if each.reason:
            words = why_none(each)
            reasons.setdefault(each.reason if each.reason in (NOT_STARTED, NO_DATA) else words, []).append(words)
    for alike in reasons.values():
        more = f" (and {len(alike) - 1:,} more like it)" if len(alike) > 1 else ""
        yield Text(f"– {alike[0]}{more}", style="yellow")
