"""`kpi advise`: what several KPIs mean together, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.asking import cuts_given
from kpicore.cli.screen import console, json_option, print_json, workspace_option

if TYPE_CHECKING:
    from rich.console import Console

    from kpicore.insight.joint_rules import Finding, RuleNumber


@click.command()
@click.option("-p", "--period", required=True, metavar="PERIOD", help="2026-Q3, 2026-03, 'last quarter' …")
@click.option("--where", multiple=True, metavar="DIM=VALUE", help="Only these rows, e.g. team=North.")
@click.option("--all", "with_all", is_flag=True, help="Also the rules that do not apply, with their numbers.")
@workspace_option
@json_option
def advise(period: str, where: tuple[str, ...], with_all: bool, workspace: Path, as_json: bool) -> None:
    """Tell which joint rules apply to a period: their meaning, what to do, and the numbers that tell.

    \b
    kpi advise --period "last quarter"
    kpi advise --period 2026-Q3 --where team=North --all
    """
    from kpicore.workspace import open_workspace

    with open_workspace(workspace) as opened:
        found = opened.advise(period, cuts_given(where))
        if as_json:
            print_json([_record(each) for each in found])
        else:
            _show(found, str(opened.period(period)), with_all)


def _show(found: Sequence[Finding], period: str, with_all: bool) -> None:
    from rich.text import Text

    from kpicore.text.plain_text import harmless

    screen = console()
    applying = [each for each in found if each.applies]
    others = [each for each in found if each.applies is False]
    untold = [each for each in found if each.applies is None]
    screen.print(Text(f"{period}: {len(applying)} of {len(found)} rules apply", style="cyan"))
    for each in [*applying, *(others if with_all else ())]:
        _show_one(screen, each)
    if others and not with_all:
        names = ", ".join(other.rule.name for other in others)
        screen.print(Text(f"\nDo not apply: {names}.", style="dim"))
    for each in untold:
        screen.print(Text(f"– {each.rule.name}: cannot be told, {harmless(each.reason)}", style="yellow"))


def _show_one(screen: Console, finding: Finding) -> None:
    from rich.text import Text

    from kpicore.cli.statuses import status_words

    rule = finding.rule
    status = status_words(rule.status) if finding.applies else Text("does not apply", style="dim")
    screen.print(Text.assemble("\n", status, "  ", (rule.name, "bold")))
    if finding.applies:
        screen.print(Text(f"   {rule.meaning}"))
        if rule.action:
            screen.print(Text(f"   → {rule.action}"))
    for each in finding.numbers:
        screen.print(Text(f"   {each.name.replace('_', ' ')} {_number_words(each)}", style="dim"))


def _number_words(given: RuleNumber) -> str:
    from kpicore.model.figures import number
    from kpicore.text.plain_text import harmless

    value = number(given.value, given.unit) if given.value is not None else harmless(given.reason)
    return f"{value} ({given.what}{f', n {given.n:,}' if given.n else ''})"


def _record(finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    return {
        "rule": rule.id,
        "name": rule.name,
        "about": rule.about,
        "period": finding.period.key,
        "applies": finding.applies,
        "reason": finding.reason or None,
        "status": rule.status if finding.applies else None,
        "meaning": rule.meaning,
        "action": rule.action,
        "when": rule.when,
        "numbers": [
            {"name": each.name, "what": each.what, "value": each.value, "unit": each.unit.name, "n": each.n}
            for each in finding.numbers
        ],
        "source": rule.source,
    }
