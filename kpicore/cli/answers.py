"""Tables of answers for a terminal: a list, or a pivot where that reads better and fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from kpicore.cli.phrases import change_words, members, why_none
from kpicore.cli.screen import table
from kpicore.questions import Answer
from kpicore.result import Result, name_of, number
from kpicore.units import COUNT

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

_COLOURS = {True: "green", False: "red", None: ""}
_JUDGED = {True: "better", False: "worse", None: ""}


def rendered(result: Result, screen: Console) -> Iterator[RenderableType]:
    """Yield the tables of a result, the pivot where there are two directions to spread it in."""
    pivots = _pivots(result)
    wide = screen.options.update(width=10_000)
    if pivots and all(screen.measure(each, options=wide).maximum <= screen.width for each in pivots):
        yield from pivots
        yield from _legend(result.answers)
    else:
        yield _listed(result)


def _listed(result: Result) -> Table:
    """Return one row an answer."""
    from rich.text import Text

    reasons = any(each.reason for each in result.answers)
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
            *([Text(why_none(each), style="yellow")] if reasons else []),
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


def _pivots(result: Result) -> list[Table]:
    """Return members down and periods across, KPIs taking the place of the one that is missing."""
    kpis = dict.fromkeys(name_of(each) for each in result.answers)
    periods = dict.fromkeys(each.question.period.key for each in result.answers)
    if result.compared or (len(kpis) > 1) + (len(periods) > 1) + bool(result.by) < 2:
        return []
    if not result.by:
        return [_pivot("KPI", result.answers, lambda each: (name_of(each),), _period)]
    if len(periods) == 1:
        return [_pivot("", result.answers, lambda each: members(each, result.by), name_of, result.by)]
    return [
        _pivot(name, [each for each in result.answers if name_of(each) == name], _down(result.by), _period, result.by)
        for name in kpis
    ]


def _down(by: Sequence[str]) -> Callable[[Answer], tuple[str, ...]]:
    return lambda each: members(each, by)


def _period(answer: Answer) -> str:
    return answer.question.period.key


def _pivot(
    title: str,
    answers: Sequence[Answer],
    down: Callable[[Answer], tuple[str, ...]],
    across: Callable[[Answer], str],
    by: Sequence[str] = (),
) -> Table:
    from rich.text import Text

    columns = list(dict.fromkeys(across(each) for each in answers))
    found = table(*(by or (title,)), title=Text(title, style="bold") if by and title else None, title_justify="left")
    for each in columns:
        found.add_column(each, justify="right", no_wrap=True)
    rows: dict[tuple[str, ...], dict[str, Answer]] = {}
    for one in answers:
        rows.setdefault(down(one), {})[across(one)] = one
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
    reasons: dict[str, int] = {}
    for each in answers:
        if each.reason:
            reasons[why_none(each)] = reasons.get(why_none(each), 0) + 1
    for words, cells in reasons.items():
        yield Text(f"– {words}" + (f" ({cells} cells)" if cells > 1 else ""), style="yellow")
