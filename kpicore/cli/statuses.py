"""What numbers mean, for a terminal: statuses as words, intervals, guards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kpicore.cli.screen import terminal_table
from kpicore.insight.result import Result
from kpicore.model.figures import name_of, per_cent, shown
from kpicore.model.rules import FAIR, GOOD, POOR
from kpicore.text.plain_text import harmless
from kpicore.wording.phrases import members

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from kpicore.insight.bands import Judgement
    from kpicore.insight.intervals import Interval
    from kpicore.wording.wording import Wording

_COLOURS: Mapping[str, str] = {GOOD: "green", FAIR: "yellow", POOR: "red"}
_MARKS: Mapping[str, str] = {GOOD: "+", FAIR: "~", POOR: "!"}
_VERDICTS: Mapping[bool | None, tuple[str, str]] = {True: ("bad", "red"), False: ("fine", "green"), None: ("–", "dim")}


def status_words(status: str) -> Text:
    """Return a status as a word with its mark, coloured: "! poor"."""
    from rich.text import Text

    return Text(f"{_MARKS[status]} {status}", style=_COLOURS[status]) if status in _MARKS else Text("")


def status_text(judgement: Judgement | None) -> Text:
    """Return the status of an answer, empty where it has none."""
    return status_words(judgement.status if judgement else "")


def mark(judgement: Judgement | None) -> Text:
    """Return a status as the mark that `legend` explains: " !"."""
    from rich.text import Text

    status = judgement.status if judgement else ""
    return Text(f" {_MARKS[status]}", style=_COLOURS[status]) if status in _MARKS else Text("")


def legend(result: Result) -> Iterator[Text]:
    """Yield the meaning of each band that an answer fell into, once, with what to do."""
    if result.definitions is None:
        return
    several = len({answer.question.metric for answer in result.answers}) > 1
    meanings: dict[tuple[str, Judgement], None] = {}
    for answer in result.answers:
        judgement = result.judgement(answer)
        if judgement is not None:
            meanings.setdefault((answer.question.metric if several else "", judgement))
    for metric, judgement in meanings:
        yield meaning_line(judgement, metric)


def meaning_line(judgement: Judgement, metric: str = "") -> Text:
    """Return a judgement in one line: "~ fair · late_share: More than usual. → what to do"."""
    from rich.text import Text

    status = [status_words(judgement.status), Text(" · ")] if judgement.status else []
    name = f"{metric}: " if metric else ""
    action = f" → {judgement.action}" if judgement.action else ""
    return Text.assemble(*status, f"{name}{judgement.meaning}{action}")


def interval_words(interval: Interval | None, wording: Wording) -> str:
    """Return an interval as a person reads it, "42.8% to 57.2%", or the reason why there is none."""
    if interval is None:
        return ""
    if interval.low is None or interval.high is None:
        return f"– {wording.note(interval.reason)}"
    return f"{per_cent(interval.low)}% to {per_cent(interval.high)}%"


def guard_table(result: Result) -> Table:
    """Return the guards of the answers, one a row, with what tells whether they are bad."""
    from rich.text import Text

    table = terminal_table("look also at", "beside", *result.by, names=2 + len(result.by))
    table.add_numbers("value", "n")
    for name in ("", "why"):
        table.add_column(name)
    for answer, guards in zip(result.answers, result.guarded, strict=True):
        for guard in guards:
            verdict, colour = _VERDICTS[guard.is_bad]
            table.add_row(
                Text(guard.name, style="bold"),
                Text(name_of(answer)),
                *(Text(member) for member in members(answer, result.by)),
                Text(shown(guard.answer) if guard.answer else "–"),
                Text(f"{guard.answer.n:,}" if guard.answer else "", style="dim"),
                Text(verdict, style=colour),
                Text(harmless(result.wording.note(guard.why))),
            )
    return table
