"""`kpi check`: reads every definition, own and the plugins', and runs their worked examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import json_option, print_json, tell_outdated, workspace_option
from kpicore.errors import KpiError

if TYPE_CHECKING:
    from kpicore.definitions.files import OwnFile
    from kpicore.plugins.manager import Plugins
    from kpicore.review.findings import CheckFinding


@click.command()
@workspace_option
@json_option
@click.pass_context
def check(ctx: click.Context, workspace: Path, as_json: bool) -> None:
    """Check all definitions and run their examples.

    Prints one line a problem, with file and line of an own definition; the exit code is 1 when there is any.
    Tables that other definitions have made are no problem of these: they are told on stderr.
    """
    from kpicore.text.plain_text import harmless

    findings, summary = _checked(workspace)
    if as_json:
        print_json([_record(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(harmless(" ".join(str(finding).split())))
        click.echo(summary)
    tell_outdated(workspace)
    ctx.exit(1 if findings else 0)


def _record(finding: CheckFinding) -> dict[str, Any]:
    return {"given_by": finding.giver, "line": finding.line or None, "of": finding.item, "problem": finding.problem}


def _checked(workspace: Path) -> tuple[list[CheckFinding], str]:
    """Return the problems, and what was checked in one line."""
    from kpicore.config.reader import FILE, Config, check_default_variants, read_config, unread_sources
    from kpicore.config.word_answers import unread_answers, with_answers
    from kpicore.definitions import own_files, registry_with
    from kpicore.engine.compile.definitions import Definitions
    from kpicore.plugins.installed import load_plugins
    from kpicore.plugins.settled import settled_in_part, undeclared
    from kpicore.review.findings import CheckFinding, check_findings

    config = read_config(workspace) if (workspace / FILE).exists() else Config(workspace, "")
    plugins = load_plugins()
    own = own_files(workspace)
    registry = registry_with(plugins.contributions, [file for file in own if not file.is_unread])
    config, refused = settled_in_part(config, plugins)
    of_config = [CheckFinding(FILE, 0, "", str(error)) for error in refused]
    unread = [CheckFinding(FILE, 0, "", problem) for _, problem in undeclared(config, plugins)]
    unread += [CheckFinding(FILE, 0, "", str(error)) for error in unread_sources(config)]
    try:
        registry = with_answers(registry, config)
        check_default_variants(config, registry)
        unread += [CheckFinding(FILE, 0, "", str(answer)) for answer in unread_answers(registry, config)]
    except KpiError as error:
        of_config.append(CheckFinding(FILE, 0, "", str(error)))
    problems = [*_of_plugins(plugins), *check_findings(Definitions(registry, config.settings), own), *of_config]
    if not of_config and not any(file.is_unread for file in own):  # which stops the workspace, and is told above
        problems += _of_data(workspace, own)
    problems += [*unread, *_of_kept_cubes(workspace)]
    metrics = registry.metrics.values()
    variants, examples = (
        sum(len(metric.variant_names) for metric in metrics),
        sum(len(metric.examples) for metric in metrics),
    )
    mine = sum(len(file.metrics) for file in own)
    counted = f"{len(metrics)} KPIs ({mine} of your own), {variants} variants, {examples} examples"
    problems = list(dict.fromkeys(problems))
    in_words = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}" if problems else "no problem"
    return problems, f"{counted}: {in_words}."


def _of_data(workspace: Path, own: Sequence[OwnFile]) -> Iterator[CheckFinding]:
    """Yield the targets that cannot be; names, and texts as rows have them, can only be told once data is loaded."""
    from kpicore.config.reader import FILE, written_targets
    from kpicore.review.findings import CheckFinding
    from kpicore.review.other_spellings import other_spellings
    from kpicore.targets.problems import written_problems
    from kpicore.workspace import open_workspace

    if not (workspace / FILE).exists():
        return
    try:
        with open_workspace(workspace, may_remake=False) as opened:
            loaded = bool(opened.config.warehouse_kind.stamped(opened.config))
            parts = opened.definitions, opened.calendar
            problems = opened.target_problems() if loaded else written_problems(written_targets(opened.config), *parts)
            spelled = [*other_spellings(opened.definitions, own, opened.warehouse)] if loaded else []
    except KpiError as error:
        yield CheckFinding("workspace", 0, "", str(error))
        return
    yield from (CheckFinding("targets", 0, "", problem) for problem in problems)
    yield from spelled


def _of_kept_cubes(workspace: Path) -> Iterator[CheckFinding]:
    from kpicore.engine.plan.cube_store import FILE, CubeStore
    from kpicore.review.findings import CheckFinding

    problem = CubeStore(workspace / FILE, "").problem()
    if problem:
        yield CheckFinding(FILE, 0, "", problem)


def _of_plugins(plugins: Plugins) -> Iterator[CheckFinding]:
    from kpicore.review.findings import CheckFinding

    for report in plugins.reports:
        yield from (CheckFinding(report.name, 0, "", problem) for problem in report.problems)
