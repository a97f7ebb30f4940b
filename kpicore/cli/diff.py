"""`kpi diff`: what two sets of definitions mean differently, and which past numbers that changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import console, json_option, print_json, terminal_table, workspace_option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.model.questions import Answer
    from kpicore.review.changes import Change
    from kpicore.review.compare import Difference
    from kpicore.review.number_changes import Moved
    from kpicore.wording.wording import Wording

_ROWS, _KPIS = 40, 4


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("-p", "--period", metavar="PERIOD", help="Compare numbers of this period, not of the last 12 months.")
@click.option("--grain", metavar="GRAIN", help="Split the period: month, quarter, week, …")
@workspace_option
@json_option
def diff(old: str, new: str, period: str | None, grain: str | None, workspace: Path, as_json: bool) -> None:
    """Show what changes between two definitions files, and which past numbers.

    OLD and NEW are definitions files, folders of them, or `packs`: the installed definitions alone. Nothing is
    written. Without --period the last 12 months, 4 quarters and all 12 months are compared.

    \b
    git show HEAD:metrics/sales.toml > before.toml
    kpi diff before.toml metrics/sales.toml
    """
    from kpicore.calendar.arguments import grain_named
    from kpicore.review.compare import difference
    from kpicore.workspace import open_workspace

    if grain and not period:
        raise click.UsageError("--grain splits a --period, give both", click.get_current_context())
    with open_workspace(workspace, may_remake=False) as opened:
        found = difference(opened, old, new, period, grain_named(grain) if grain else None)
        wording = opened.wording
    if as_json:
        print_json(_record(found, wording))
        return
    screen = console()
    for part in _rendered(found, wording):
        screen.print(part)


def _record(found: Difference, wording: Wording) -> dict[str, Any]:
    return {
        "definitions": [
            {
                "change": change.kind.value,
                "kpi": change.metric.id,
                "variant": change.variant,
                "before": change.before.version if change.before else None,
                "after": change.after.version if change.after else None,
                "problem": change.problem or None,
            }
            for change in found.changes
        ],
        "described_differently": [{"kpi": id, "what": list(what)} for id, what in found.reworded],
        "fields": [
            {"change": field.kind.value, "field": field.name, "kpis": list(field.kpis)} for field in found.fields
        ],
        "periods": [period.key for period in found.periods],
        "numbers": [_number(each) for each in found.numbers],
        "notes": list(wording.notes(found.notes)),
    }


def _number(each: Moved) -> dict[str, Any]:
    return {
        "kpi": each.change.metric.id,
        "variant": each.change.variant,
        "of_the_default": each.change.kind.value == "default",
        "period": each.period.key,
        "cuts": {name: values[0] for name, values in each.cuts},
        "before": each.before.value if each.before else None,
        "after": each.after.value if each.after else None,
        "difference": each.difference,
        "before_reason": each.before.reason if each.before else "no_rows",
        "after_reason": each.after.reason if each.after else "no_rows",
        "unit": next(side.unit.name for side in (each.after, each.before) if side),
    }


def _rendered(found: Difference, wording: Wording) -> Iterator[RenderableType]:
    from rich.text import Text

    if not (found.changes or found.reworded or found.fields):
        yield Text("The definitions mean the same.")
    for change in found.changes:
        yield Text.assemble((f"{_WORDS[change.kind.value]}: ", "bold"), _told(change))
        if change.problem:
            yield Text(f"  cannot be answered: {change.problem}", style="red")
    for id, what in found.reworded:
        yield Text.assemble(("described differently: ", "bold"), f"{id} ({', '.join(_SPOKEN.get(w, w) for w in what)})")
    for field in found.fields:
        kpis = ", ".join(field.kpis[:_KPIS]) + (f" and {more} more" if (more := len(field.kpis) - _KPIS) > 0 else "")
        told = f"field {field.name}, which {kpis} {'read' if len(field.kpis) > 1 else 'reads'}" if kpis else ""
        yield Text.assemble((f"{_WORDS[field.kind.value]}: ", "bold"), told or f"field {field.name}")
    if found.numbers:
        yield _table(found.numbers[:_ROWS], wording)
    if len(found.numbers) > _ROWS:
        yield Text(f"… and {len(found.numbers) - _ROWS} more numbers: see --json")
    if found.periods:
        yield Text(_summary(found))
    yield from (Text(f"· {note}") for note in wording.notes(found.notes))


_WORDS = {
    "added": "added",
    "removed": "removed",
    "changed": "changed in meaning",
    "default": "the default is another",
    "made": "made from other fields",
}
_SPOKEN = {"needs_cut": "needed cuts", "grains": "periods", "better": "direction"}


def _told(each: Change) -> str:
    if each.kind.value == "default":
        return f"{each.metric.id} alone now means {each.metric.id}.{each.variant}"
    return each.name


def _table(numbers: Sequence[Moved], wording: Wording) -> RenderableType:
    from rich.text import Text

    found = terminal_table("KPI", names=1)
    found.add_column("period", no_wrap=True)
    found.add_numbers("before", "after", "difference")
    for each in numbers:
        cuts = "".join(f" · {', '.join(values)}" for _, values in each.cuts)
        sides = (_side(each.before, wording), _side(each.after, wording))
        found.add_row(Text(each.change.name + cuts), each.period.key, *sides, _difference(each))
    return found


def _side(answer: Answer | None, wording: Wording) -> str:
    from kpicore.model.figures import number

    if answer is None:
        return "no rows"
    return number(answer.value, answer.unit) if answer.value is not None else wording.why_none(answer, short=True)


def _difference(each: Moved) -> str:
    from kpicore.model.figures import number
    from kpicore.model.units import SHARE

    if each.difference is None or each.after is None:
        return ""
    if each.after.unit == SHARE:
        return f"{each.difference * 100:+.1f} points"
    text = number(each.difference, each.after.unit)
    return text if each.difference < 0 else f"+{text}"


def _summary(found: Difference) -> str:
    from kpicore.wording.note_words import counted

    first, last = min(period.start for period in found.periods), max(period.last for period in found.periods)
    looked = f"{counted(len(found.periods), 'periods', 'period')} from {first} to {last}"
    if not found.numbers:
        return f"No past number changes ({looked})."
    kpis = len({each.change.name for each in found.numbers})
    verb = "changes" if len(found.numbers) == 1 else "change"
    return f"{counted(len(found.numbers), 'numbers', 'number')} of {counted(kpis, 'KPIs', 'KPI')} {verb} ({looked})."
