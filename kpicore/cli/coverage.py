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
        variants = opened.coverage()
        families = {id: metric.family for id, metric in opened.registry.metrics.items()}
    if as_json:
        print_json([_record(variant) for variant in variants])
        return
    screen = console()
    for part in _rendered(variants, families):
        screen.print(part)


def _record(variant: Coverage) -> dict[str, Any]:
    return {
        "kpi": variant.metric,
        "name": variant.name,
        "variant": variant.variant,
        "computable": variant.computable,
        "lacks": list(variant.lacks),
        "partly": list(variant.partly),
    }


def _rendered(variants: Sequence[Coverage], families: Mapping[str, str]) -> Iterator[RenderableType]:
    from rich.text import Text

    sound = [variant for variant in variants if variant.computable]
    yield Text(summary(variants), style="bold")
    if sound:
        by_family = _grouped(sound, lambda variant: families.get(variant.metric) or "other")
        yield _groups("computable", "KPIs", by_family, variants, "green")
    in_part = _grouped(sound, lambda variant: "; ".join(variant.partly))
    if in_part:
        yield _groups("computable in part", "KPIs to read with care", in_part, variants, "yellow")
    if len(sound) < len(variants):
        lacking = _grouped(variants, lambda variant: "; ".join(variant.lacks))
        waiting = sorted(lacking.items(), key=lambda item: (-len({variant.metric for variant in item[1]}), item[0]))
        yield _groups("not computable: what is missing", "KPIs that wait for it", dict(waiting), variants, "yellow")


def _grouped(variants: Iterable[Coverage], head: Callable[[Coverage], str]) -> dict[str, list[Coverage]]:
    """Return the variants by their head, those without one left out."""
    groups: dict[str, list[Coverage]] = {}
    for variant in variants:
        if head(variant):
            groups.setdefault(head(variant), []).append(variant)
    return groups


def _groups(
    head: str, kpis: str, groups: Mapping[str, list[Coverage]], every: Sequence[Coverage], style: str
) -> RenderableType:
    from rich.text import Text

    from kpicore.text.plain_text import harmless

    shown = terminal_table(head, kpis)
    for words, group in groups.items():
        shown.add_row(Text(harmless(words), style=style), Text(", ".join(_named(group, every))))
    return shown


def summary(variants: Sequence[Coverage]) -> str:
    """Return how much is computable: "31 of 45 KPIs are computable (58 of 80 variants)."."""
    kpis, sound = {variant.metric for variant in variants}, [variant for variant in variants if variant.computable]
    if not variants:
        return "No plugin gives a KPI. See: kpi plugins"
    computable, among = len({variant.metric for variant in sound}), f"{len(sound)} of {len(variants)} variants"
    return f"{computable} of {len(kpis)} KPIs are computable with the loaded data ({among})."


def _named(group: Iterable[Coverage], every: Iterable[Coverage]) -> Iterator[str]:
    """Yield each KPI, with its variants where only some of them are meant."""
    variants: dict[str, list[str]] = {}
    for variant in group:
        variants.setdefault(variant.metric, []).append(variant.variant)
    count: dict[str, int] = {}
    for variant in every:
        count[variant.metric] = count.get(variant.metric, 0) + 1
    for kpi, names in variants.items():
        yield kpi if len(names) == count[kpi] else f"{kpi} ({', '.join(names)})"
