"""Two variants of one KPI side by side, with the rows that make the difference."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from kpicore.cli.screen import console, print_json
from kpicore.insight.result import record
from kpicore.model.figures import name_of, shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.engine.explain.bridge import Bridge, Group
    from kpicore.wording.wording import Wording


def show_bridge(bridge: Bridge, wording: Wording, as_json: bool) -> None:
    """Print a bridge: a line for each answer, then, for each input, who counts what."""
    if as_json:
        steps = [asdict(step) for step in bridge.steps]
        first, second = (record(answer, wording) for answer in (bridge.first, bridge.second))
        print_json({"first": first, "second": second, "steps": steps})
        return
    screen = console()
    for part in _page(bridge):
        screen.print(part)


def _page(bridge: Bridge) -> list[RenderableType]:
    from rich.text import Text

    first, second = name_of(bridge.first), name_of(bridge.second)
    page: list[RenderableType] = [
        Text.assemble((f"{name}  ", "bold"), shown(answer), (f"  of {answer.n:,} rows", "dim"))
        for name, answer in ((first, bridge.first), (second, bridge.second))
    ]
    for step in bridge.steps:
        page.append(Text(f"\n{step.name}: {step.both:,} rows of {step.entity} count in both", style="bold"))
        page += [_line(first, group) for group in step.only_first]
        page += [_line(second, group) for group in step.only_second]
    return page


def _line(variant: str, group: Group) -> RenderableType:
    from rich.text import Text

    return Text(f"  only in {variant}: {group.rows:,} {group.words}")
