"""Members beside each other on screen: a leaderboard that was asked for, or only me and the median of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kpicore.cli.screen import console, print_json, terminal_table
from kpicore.cli.statuses import interval_words, status_text
from kpicore.insight.result import Result
from kpicore.model.figures import name_of, number, shown
from kpicore.text.plain_text import harmless
from kpicore.wording.phrases import members

if TYPE_CHECKING:
    from kpicore.insight.ranking import Beside, Ranked
    from kpicore.model.questions import Answer
    from kpicore.model.units import Unit
    from kpicore.wording.wording import Wording


def show_ranked(result: Result, least_rows: int, below: str | None) -> None:
    """Print a leaderboard for each KPI and period: who is ranked, and apart from them who is not and why.

    `below` is the line under it all; without one, JSON is printed.
    """
    from kpicore.insight.ranking import ranked

    (dimension,) = result.by
    boards = [ranked(some, dimension, least_rows) for some in _groups(result.answers)]
    if below is None:
        print_json([_ranked_record(result, each) for board in boards for each in board])
        return
    screen = console()
    for board in boards:
        screen.print(_board(result, board, dimension))
    if not boards:
        screen.print(f"No rows by {dimension}.")
    screen.print(below, style="dim", markup=False)


def _board(result: Result, board: list[Ranked], dimension: str) -> Any:
    from rich.text import Text

    first = board[0].answer
    title = Text(f"{name_of(first)} · {first.question.period}", style="bold")
    found = terminal_table("", dimension, names=2, title=title, title_justify="left")
    found.add_numbers("value", "n")
    extra = ["95 % interval"] if result.with_intervals else []
    extra += ["status"] if any(result.judgement(each.answer) for each in board) else []
    for name in extra:
        found.add_column(name, no_wrap=True)
    found.add_column("")
    ranks = [each for each in board if each.place is not None]
    for each in board:
        if each.place is None and ranks and each is board[len(ranks)]:
            found.add_section()
        answer = each.answer
        found.add_row(
            Text(str(each.place) if each.place is not None else "–"),
            *(Text(name, style="bold" if each.place else "") for name in members(answer, result.by)),
            Text(number(answer.value, answer.unit) if answer.value is not None else "–"),
            Text(f"{answer.n:,}", style="dim"),
            *([Text(interval_words(result.interval(answer)))] if result.with_intervals else []),
            *([status_text(result.judgement(answer))] if "status" in extra else []),
            Text(f"not ranked: {result.wording.note(each.why)}" if each.why else "", style="dim"),
        )
    return found


def _ranked_record(result: Result, each: Ranked) -> dict[str, Any]:
    (found,) = replace(result, answers=[each.answer], compared=(), guarded=()).records()
    return {**found, "rank": each.place, "not_ranked": result.wording.note(each.why) or None}


def show_beside(result: Result, me: str, least_rows: int, below: str | None) -> None:
    """Print my number and the median of all for each KPI and period; no other member's number or name.

    `below` is the line under it all; without one, JSON is printed.
    """
    from kpicore.insight.ranking import beside

    (dimension,) = result.by
    found = [(some[0], beside(some, dimension, me, least_rows)) for some in _groups(result.answers)]
    if below is None:
        print_json([_beside_record(any_one, each, dimension, me, result.wording) for any_one, each in found])
        return
    from rich.text import Text

    rows = terminal_table("KPI", names=1)
    rows.add_column("period", no_wrap=True)
    for name in (harmless(me), "n", "median", f"{dimension}s"):
        rows.add_column(Text(name), justify="right", no_wrap=True)
    rows.add_column("")
    for any_one, each in found:
        mine = each.answer
        rows.add_row(
            Text(name_of(any_one), style="bold"),
            Text(any_one.question.period.key),
            Text(shown(mine) if mine else "–"),
            Text(f"{mine.n:,}" if mine else "0", style="dim"),
            Text(_median_words(each, any_one.unit)),
            Text(str(each.members), style="dim"),
            Text("; ".join(_remarks(each, me, result.wording)), style="yellow"),
        )
    screen = console()
    screen.print(rows if found else f"No rows by {dimension}.")
    screen.print(below, style="dim", markup=False)


def _median_words(given: Beside, unit: Unit) -> str:
    return "–" if given.median is None else number(given.median, unit)


def _remarks(given: Beside, me: str, wording: Wording) -> Iterable[str]:
    if given.answer is None:
        yield f"no rows of {harmless(me)}"
    elif given.answer.reason:
        yield wording.why_none(given.answer)
    if given.why:
        yield wording.note(given.why)


def _beside_record(any_one: Answer, given: Beside, dimension: str, me: str, wording: Wording) -> dict[str, Any]:
    mine, question = given.answer, any_one.question
    cuts = {name: list(values) for name, values in question.cuts if name != dimension}
    return {
        "kpi": question.metric,
        "variant": question.variant,
        "period": question.period.key,
        "cuts": {**{name: values[0] if len(values) == 1 else values for name, values in cuts.items()}, dimension: me},
        "value": mine.value if mine else None,
        "unit": any_one.unit.name,
        "reason": mine.reason if mine else "no_rows",
        "n": mine.n if mine else 0,
        "median": given.median,
        "median_reason": wording.note(given.why) or None,
        "members": given.members,
        "data_time": any_one.data_time.isoformat() if any_one.data_time else None,
    }


def _groups(answers: Iterable[Answer]) -> list[list[Answer]]:
    """Return the answers of each KPI and period together."""
    found: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        found.setdefault((name_of(answer), answer.question.period.key), []).append(answer)
    return list(found.values())
