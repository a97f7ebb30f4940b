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


def show_bridge(found: Bridge, wording: Wording, as_json: bool) -> None:
    """Print a bridge: a line for each answer, then, for each input, who counts what."""
    if as_json:
        steps = [asdict(step) for step in found.steps]
        first, second = (record(each, wording) for each in (found.first, found.second))
        print_json({"first": first, "second": second, "steps": steps})
        return
    screen = console()
    for part in _page(found):
        screen.print(part)


def _page(found: Bridge) -> list[RenderableType]:
    from rich.text import Text

    first, second = name_of(found.first), name_of(found.second)
    page: list[RenderableType] = [
        Text.assemble((f"{each}  ", "bold"), shown(answer), (f"  of {answer.n:,} rows", "dim"))
        for each, answer in ((first, found.first), (second, found.second))
    ]
    for step in found.steps:
        page.append(Text(f"\n{step.name}: {step.both:,} rows of {step.entity} count in both", style="bold"))
        page += [_line(first, each) for each in step.only_first]
        page += [_line(second, each) for each in step.only_second]
    return page


def _line(variant: str, group: Group) -> RenderableType:
    from rich.text import Text

    return Text(f"  only in {variant}: {group.rows:,} {group.words}")
