"""`kpi goals`: targets as trees of goals, who owns what, how far they are and at what pace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import console, json_option, print_json, terminal_table, workspace_option

if TYPE_CHECKING:
    from rich.text import Text

    from kpicore.targets.attainment import Attainment
    from kpicore.targets.tree import Goal
    from kpicore.wording.wording import Wording

_BAR = 20
_MODES = ("all", "mean", "weighted", "sum")


@click.command()
@click.option("-p", "--period", required=True, metavar="PERIOD", help="2026, 2026-Q3, 2026-03, 'this quarter' …")
@workspace_option
@json_option
def goals(period: str, workspace: Path, as_json: bool) -> None:
    """Show goals with their parts, and the targets of a period.

    \b
    kpi goals --period 2026-Q3
    """
    from kpicore.model.notes import Note
    from kpicore.workspace import open_workspace

    with open_workspace(workspace) as opened:
        days = opened.period(period)
        trees = opened.goals(days)
        alone = opened.attainments(days)
        problems, wording = opened.target_problems(), opened.wording
    if as_json:
        targets = [target.record(wording) for target in alone]
        print_json({"goals": [tree.record(wording) for tree in trees], "targets": targets, "problems": problems})
        return
    screen = console()
    if trees:
        screen.print(_trees(trees, wording))
    if alone:
        screen.print(_table(alone, wording))
    if not trees and not alone:
        screen.print(_text(wording.note(Note.of("no_targets", period=str(days)))))
    for problem in problems:
        screen.print(_text(f"! {problem}", "yellow"))


def _trees(trees: list[Goal], wording: Wording) -> Any:
    table = terminal_table("goal", "", names=2)
    table.add_column("progress", no_wrap=True)
    table.add_column("")
    for goal in trees:
        for row in _rows(goal, wording, 0):
            table.add_row(*row)
    return table


def _rows(goal: Goal, wording: Wording, depth: int) -> Iterator[tuple[Text, ...]]:
    target, branch = goal.target, "  " * depth + ("└ " if depth else "")
    owner = ", ".join(f"{name} {values[0]}" for name, values in target.cuts)
    remark = "; ".join(remark for remark in (_reached(goal, wording), _roll_up(goal)) if remark)
    yield (
        _text(f"{branch}{target.id}", "bold" if goal.parts else ""),
        _text(" · ".join(part for part in (target.kpi, owner) if part), "dim"),
        _text(bar(goal.progress), "green" if goal.is_reached else ""),
        _text(wording.note(goal.why) or remark, "yellow" if goal.why else ""),
    )
    for part in goal.parts:
        yield from _rows(part, wording, depth + 1)


def _reached(goal: Goal, wording: Wording) -> str:
    if goal.attainment:
        return wording.attained(goal.attainment, with_days=False)
    if goal.target.unit == "boolean" or goal.reached is None:
        return "done" if goal.is_reached and not goal.parts else ""
    return f"{goal.reached:,g} of {goal.target.value:,g} {goal.target.unit}".rstrip()


def _roll_up(goal: Goal) -> str:
    if not goal.parts:
        return ""
    from kpicore.model.figures import per_cent

    done = sum(part.is_reached for part in goal.parts)
    shares = [(mode, goal.of_parts(mode).value) for mode in _MODES[1:]]
    words = ", ".join(f"{mode} {per_cent(value, 0)}%" for mode, value in shares if value is not None)
    return f"{done} of {len(goal.parts)} reached" + (f"; {words}" if words else "")


def _table(attained: list[Attainment], wording: Wording) -> Any:
    from kpicore.model.figures import name_of, number, per_cent, shown

    table = terminal_table("KPI", "period", "for", names=3)
    table.add_numbers("reached", "target", "attained", "pace")
    table.add_column("")
    for attainment in attained:
        answer = attainment.answer
        cuts = ", ".join(f"{name} {values[0]}" for name, values in answer.question.cuts)
        behind = attainment.pace is not None and attainment.in_progress and attainment.pace < 1
        table.add_row(
            _text(name_of(answer), "bold"),
            _text(answer.question.period.key),
            _text(cuts, "dim"),
            _text(shown(answer)),
            _text(number(attainment.target, answer.unit) if attainment.target is not None else ""),
            _text("" if attainment.value is None else f"{per_cent(attainment.value, 0)}%"),
            _text(
                "" if attainment.pace is None or not attainment.in_progress else f"{per_cent(attainment.pace, 0)}%",
                "yellow" if behind else "",
            ),
            _text(wording.attained(attainment) if attainment.value is None else _days(attainment), "dim"),
        )
    return table


def _days(attainment: Attainment) -> str:
    return f"{attainment.elapsed} of {attainment.working_days} working days" if attainment.in_progress else ""


def bar(progress: float | None) -> str:
    """Return progress as a bar with its share; a line of dots where it is not known.

    >>> bar(0.5)
    '██████████░░░░░░░░░░  50%'
    """
    if progress is None:
        return "·" * _BAR + "   – "
    full = int(progress * _BAR)  # a bar is full only when the goal is reached
    # 1e-9: 0.29 * 100 is 28.999999999999996
    return "█" * full + "░" * (_BAR - full) + f" {int(progress * 100 + 1e-9):>3}%"


def _text(words: str, style: str = "") -> Text:
    from rich.text import Text

    from kpicore.text.plain_text import harmless

    return Text(harmless(words), style=style)
