"""`kpi coverage`: which KPIs the loaded data can answer, and what the others lack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import console, json_option, print_json, terminal_table, workspace_option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.engine.explain.coverage import Coverage


@click.command()
@workspace_option
@json_option
def coverage(workspace: Path, as_json: bool) -> None:
    """Tell which KPIs the loaded data can answer, and what the others lack."""
    from kpicore.workspace import open_workspace

    with open_workspace(workspace) as opened:
        found = opened.coverage()
        families = {id: metric.family for id, metric in opened.registry.metrics.items()}
    if as_json:
        print_json([_record(each) for each in found])
        return
    screen = console()
    for part in _rendered(found, families):
        screen.print(part)


def _record(each: Coverage) -> dict[str, Any]:
    return {
        "kpi": each.metric,
        "name": each.name,
        "variant": each.variant,
        "computable": each.computable,
        "lacks": list(each.lacks),
        "partly": list(each.partly),
    }


def _rendered(found: Sequence[Coverage], families: Mapping[str, str]) -> Iterator[RenderableType]:
    from rich.text import Text

    sound = [each for each in found if each.computable]
    yield Text(summary(found), style="bold")
    if sound:
        by_family = _grouped(sound, lambda each: families.get(each.metric) or "other")
        yield _groups("computable", "KPIs", by_family, found, "green")
    in_part = _grouped(sound, lambda each: "; ".join(each.partly))
    if in_part:
        yield _groups("computable in part", "KPIs to read with care", in_part, found, "yellow")
    if len(sound) < len(found):
        lacking = _grouped(found, lambda each: "; ".join(each.lacks))
        waiting = sorted(lacking.items(), key=lambda item: (-len({each.metric for each in item[1]}), item[0]))
        yield _groups("not computable: what is missing", "KPIs that wait for it", dict(waiting), found, "yellow")


def _grouped(found: Iterable[Coverage], head: Callable[[Coverage], str]) -> dict[str, list[Coverage]]:
    """Return the variants by their head, those without one left out."""
    groups: dict[str, list[Coverage]] = {}
    for each in found:
        if head(each):
            groups.setdefault(head(each), []).append(each)
    return groups


def _groups(
    head: str, kpis: str, groups: Mapping[str, list[Coverage]], found: Sequence[Coverage], style: str
) -> RenderableType:
    from rich.text import Text

    from kpicore.text.plain_text import harmless

    shown = terminal_table(head, kpis)
    for words, some in groups.items():
        shown.add_row(Text(harmless(words), style=style), Text(", ".join(_named(some, found))))
    return shown


def summary(found: Sequence[Coverage]) -> str:
    """Return how much is computable: "31 of 45 KPIs are computable (58 of 80 variants)."."""
    kpis, sound = {each.metric for each in found}, [each for each in found if each.computable]
    if not found:
        return "No plugin gives a KPI. See: kpi plugins"
    some = len({each.metric for each in sound})
    return f"{some} of {len(kpis)} KPIs are computable with the loaded data ({len(sound)} of {len(found)} variants)."


def _named(some: Iterable[Coverage], every: Iterable[Coverage]) -> Iterator[str]:
    """Yield each KPI, with its variants where only some of them are meant."""
    variants: dict[str, list[str]] = {}
    for each in some:
        variants.setdefault(each.metric, []).append(each.variant)
    count: dict[str, int] = {}
    for each in every:
        count[each.metric] = count.get(each.metric, 0) + 1
    for kpi, names in variants.items():
        yield kpi if len(names) == count[kpi] else f"{kpi} ({', '.join(names)})"
