"""Dimension values beside each other on screen: a leaderboard that was asked for, or only me and the median of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kpicore.cli.screen import console, print_json, terminal_table
from kpicore.cli.statuses import interval_words, status_text
from kpicore.insight.result import Result
from kpicore.model.figures import name_of, number, shown
from kpicore.model.notes import LAGGING, Note
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
    boards = [ranked(answers, dimension, least_rows) for answers in _groups(result.answers)]
    if below is None:
        print_json([_ranked_record(result, entry) for board in boards for entry in board])
        return
    screen = console()
    for board in boards:
        screen.print(_board(result, board, dimension))
    if not boards:
        screen.print(_nothing_by(dimension, result))
    screen.print(below, style="dim", markup=False)


def _board(result: Result, board: list[Ranked], dimension: str) -> Any:
    from rich.text import Text

    first = board[0].answer
    title = Text(f"{name_of(first)} · {first.question.period}", style="bold")
    table = terminal_table("", dimension, names=2, title=title, title_justify="left")
    table.add_numbers("value", "n")
    extra = ["95 % interval"] if result.with_intervals else []
    extra += ["status"] if any(result.judgement(entry.answer) for entry in board) else []
    for name in extra:
        table.add_column(name, no_wrap=True)
    table.add_column("")
    ranks = [entry for entry in board if entry.place is not None]
    for entry in board:
        # who is ranked stands first, so this is the first of the others
        if entry.place is None and ranks and entry is board[len(ranks)]:
            table.add_section()
        answer = entry.answer
        table.add_row(
            Text(str(entry.place) if entry.place is not None else "–"),
            *(Text(name, style="bold" if entry.place else "") for name in members(answer, result.by)),
            Text(number(answer.value, answer.unit) if answer.value is not None else "–"),
            Text(f"{answer.n:,}", style="dim"),
            *([Text(interval_words(result.interval(answer), result.wording))] if result.with_intervals else []),
            *([status_text(result.judgement(answer))] if "status" in extra else []),
            Text(f"not ranked: {result.wording.note(entry.why)}" if entry.why else "", style="dim"),
        )
    return table


def _ranked_record(result: Result, entry: Ranked) -> dict[str, Any]:
    (record,) = replace(result, answers=[entry.answer], compared=(), guarded=()).records()
    return {**record, "rank": entry.place, "not_ranked": result.wording.note(entry.why) or None}


def show_beside(result: Result, me: str, least_rows: int, below: str | None) -> None:
    """Print my number and the median of all for each KPI and period; nobody else's number or name.

    `below` is the line under it all; without one, JSON is printed.
    """
    from kpicore.insight.ranking import beside

    (dimension,) = result.by
    compared = [(answers[0], beside(answers, dimension, me, least_rows)) for answers in _groups(result.answers)]
    if below is None:
        print_json([_beside_record(any_one, median, dimension, me, result.wording) for any_one, median in compared])
        return
    from rich.text import Text

    rows = terminal_table("KPI", names=1)
    rows.add_column("period", no_wrap=True)
    for name in (harmless(me), "n", "median", f"{dimension}s"):
        rows.add_column(Text(name), justify="right", no_wrap=True)
    rows.add_column("")
    for any_one, median in compared:
        mine = median.answer
        rows.add_row(
            Text(name_of(any_one), style="bold"),
            Text(any_one.question.period.key),
            Text(shown(mine) if mine else "–"),
            Text(f"{mine.n:,}" if mine else "0", style="dim"),
            Text(_median_words(median, any_one.unit)),
            Text(str(median.members), style="dim"),
            Text("; ".join(_remarks(median, me, result.wording)), style="yellow"),
        )
    screen = console()
    screen.print(rows if compared else _nothing_by(dimension, result))
    screen.print(below, style="dim", markup=False)


def _median_words(beside: Beside, unit: Unit) -> str:
    return "–" if beside.median is None else number(beside.median, unit)


def _nothing_by(dimension: str, result: Result) -> str:
    return result.wording.note(Note.of("no_rows_by", dimensions=(dimension,), period=""))


def _remarks(beside: Beside, me: str, wording: Wording) -> Iterable[str]:
    if beside.answer is None:
        yield wording.note(Note.of("no_rows_of_value", value=harmless(me)))
    elif beside.answer.reason:
        yield wording.why_none(beside.answer)
    if beside.why:
        yield wording.note(beside.why)


def _beside_record(any_one: Answer, beside: Beside, dimension: str, me: str, wording: Wording) -> dict[str, Any]:
    mine, question = beside.answer, any_one.question
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
        "median": beside.median,
        "median_reason": wording.note(beside.why) or None,
        "members": beside.members,
        "data_time": any_one.data_time.isoformat() if any_one.data_time else None,
        "notes": list(wording.only((LAGGING,)).notes(any_one.notes)),
    }


def _groups(answers: Iterable[Answer]) -> list[list[Answer]]:
    """Return the answers of each KPI and period together."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        groups.setdefault((name_of(answer), answer.question.period.key), []).append(answer)
    return list(groups.values())
