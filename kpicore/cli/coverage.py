"""`kpi coverage`: which KPIs the loaded data can answer, and what the others lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import console, json_option, print_json, table, workspace_option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.engine.coverage import Coverage


@click.command()
@workspace_option
@json_option
def coverage(workspace: Path, as_json: bool) -> None:
    """Tell which KPIs the loaded data can answer, and what the others lack."""
    from kpicore.workspace import open_workspace

    with open_workspace(workspace) as opened:
        found = opened.coverage()
    if as_json:
        print_json([_record(each) for each in found])
        return
    screen = console()
    for part in _rendered(found):
        screen.print(part)


def _record(each: Coverage) -> dict[str, Any]:
    return {
        "kpi": each.metric,
        "name": each.name,
        "variant": each.variant,
        "computable": each.computable,
        "lacks": list(each.lacks),
    }


def _rendered(found: Sequence[Coverage]) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    sound = [each for each in found if each.computable]
    kpis = {each.metric for each in found}
    yield Text(summary(found), style="bold")
    if sound:
        yield Text("\nComputable", style="bold green")
        yield Padding(Text(", ".join(_named(sound, found))), (0, 0, 0, 2))
    if len(sound) < len(found):
        lacking = table("what is missing", "KPIs that wait for it", title_justify="left", show_lines=False)
        for lacks, waiting in _by_lack(found):
            lacking.add_row(Text(lacks, style="yellow"), Text(", ".join(_named(waiting, found))))
        yield lacking
        yield Text("Load what is missing: kpi import FILE" if kpis else "")


def summary(found: Sequence[Coverage]) -> str:
    """Return how much is computable: "31 of 45 KPIs are computable (58 of 80 variants)."."""
    kpis, sound = {each.metric for each in found}, [each for each in found if each.computable]
    if not found:
        return "No plugin gives a KPI. See: kpi plugins"
    some = len({each.metric for each in sound})
    return f"{some} of {len(kpis)} KPIs are computable with the loaded data ({len(sound)} of {len(found)} variants)."


def _by_lack(found: Iterable[Coverage]) -> list[tuple[str, list[Coverage]]]:
    """Return what is lacking, that which most KPIs wait for first."""
    groups: dict[str, list[Coverage]] = {}
    for each in found:
        if each.lacks:
            groups.setdefault("; ".join(each.lacks), []).append(each)
    return sorted(groups.items(), key=lambda item: (-len({each.metric for each in item[1]}), item[0]))


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
