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
    from kpicore.wording.wording import Wording


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
        findings = opened.advise(period, cuts_given(where))
        if as_json:
            print_json([_record(finding, opened.wording) for finding in findings])
        else:
            _show(findings, opened.wording, str(opened.period(period)), with_all)


def _show(findings: Sequence[Finding], wording: Wording, period: str, with_all: bool) -> None:
    from rich.text import Text

    from kpicore.text.plain_text import harmless

    screen = console()
    applying = [finding for finding in findings if finding.applies]
    others = [finding for finding in findings if finding.applies is False]
    untold = [finding for finding in findings if finding.applies is None]
    screen.print(Text(f"{period}: {len(applying)} of {len(findings)} rules apply", style="cyan"))
    for finding in [*applying, *(others if with_all else ())]:
        _show_one(screen, finding, wording)
    if others and not with_all:
        names = ", ".join(other.rule.name for other in others)
        screen.print(Text(f"\nDo not apply: {names}.", style="dim"))
    for finding in untold:
        screen.print(
            Text(f"– {finding.rule.name}: cannot be told, {harmless(wording.note(finding.reason))}", style="yellow")
        )


def _show_one(screen: Console, finding: Finding, wording: Wording) -> None:
    from rich.text import Text

    from kpicore.cli.statuses import status_words

    rule = finding.rule
    status = status_words(rule.status) if finding.applies else Text("does not apply", style="dim")
    screen.print(Text.assemble("\n", status, "  ", (rule.name, "bold")))
    if finding.applies:
        screen.print(Text(f"   {rule.meaning}"))
        if rule.action:
            screen.print(Text(f"   → {rule.action}"))
    for figure in finding.numbers:
        screen.print(Text(f"   {figure.name.replace('_', ' ')} {_number_words(figure, wording)}", style="dim"))


def _number_words(figure: RuleNumber, wording: Wording) -> str:
    from kpicore.model.figures import number
    from kpicore.text.plain_text import harmless

    value = number(figure.value, figure.unit) if figure.value is not None else harmless(wording.note(figure.reason))
    return f"{value} ({figure.what}{f', n {figure.n:,}' if figure.n else ''})"


def _record(finding: Finding, wording: Wording) -> dict[str, Any]:
    rule = finding.rule
    return {
        "rule": rule.id,
        "name": rule.name,
        "about": rule.about,
        "period": finding.period.key,
        "applies": finding.applies,
        "reason": wording.note(finding.reason) or None,
        "status": rule.status if finding.applies else None,
        "meaning": rule.meaning,
        "action": rule.action,
        "when": rule.when,
        "numbers": [
            {"name": figure.name, "what": figure.what, "value": figure.value, "unit": figure.unit.name, "n": figure.n}
            for figure in finding.numbers
        ],
        "source": rule.source,
    }
