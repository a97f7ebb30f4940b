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
    from kpicore.review.compare import DefinitionDifference
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
    git show HEAD:metrics/own.toml > before.toml
    kpi diff before.toml metrics/own.toml
    """
    from kpicore.calendar.arguments import grain_named
    from kpicore.review.compare import difference
    from kpicore.workspace import open_workspace

    if grain and not period:
        raise click.UsageError("--grain splits a --period, give both", click.get_current_context())
    with open_workspace(workspace, may_remake=False) as opened:
        differences = difference(opened, old, new, period, grain_named(grain) if grain else None)
        wording = opened.wording
    if as_json:
        print_json(_record(differences, wording))
        return
    screen = console()
    for part in _rendered(differences, wording):
        screen.print(part)


def _record(differences: DefinitionDifference, wording: Wording) -> dict[str, Any]:
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
            for change in differences.changes
        ],
        "described_differently": [{"kpi": id, "what": list(what)} for id, what in differences.reworded],
        "fields": [
            {"change": field.kind.value, "field": field.name, "kpis": list(field.kpis)} for field in differences.fields
        ],
        "periods": [period.key for period in differences.periods],
        "numbers": [_number(number) for number in differences.numbers],
        "notes": list(wording.notes(differences.notes)),
    }


def _number(number: Moved) -> dict[str, Any]:
    return {
        "kpi": number.change.metric.id,
        "variant": number.change.variant,
        "of_the_default": number.change.kind.value == "default",
        "period": number.period.key,
        "cuts": {name: values[0] for name, values in number.cuts},
        "before": number.before.value if number.before else None,
        "after": number.after.value if number.after else None,
        "difference": number.difference,
        "before_reason": number.before.reason if number.before else "no_rows",
        "after_reason": number.after.reason if number.after else "no_rows",
        "unit": next(side.unit.name for side in (number.after, number.before) if side),
    }


def _rendered(differences: DefinitionDifference, wording: Wording) -> Iterator[RenderableType]:
    from rich.text import Text

    if not (differences.changes or differences.reworded or differences.fields):
        yield Text("The definitions mean the same.")
    for change in differences.changes:
        yield Text.assemble((f"{_WORDS[change.kind.value]}: ", "bold"), _change_words(change))
        if change.problem:
            yield Text(f"  cannot be answered: {change.problem}", style="red")
    for id, what in differences.reworded:
        yield Text.assemble(("described differently: ", "bold"), f"{id} ({', '.join(_SPOKEN.get(w, w) for w in what)})")
    for field in differences.fields:
        kpis = ", ".join(field.kpis[:_KPIS]) + (f" and {more} more" if (more := len(field.kpis) - _KPIS) > 0 else "")
        sentence = f"field {field.name}, which {kpis} {'read' if len(field.kpis) > 1 else 'reads'}" if kpis else ""
        yield Text.assemble((f"{_WORDS[field.kind.value]}: ", "bold"), sentence or f"field {field.name}")
    if differences.numbers:
        yield _table(differences.numbers[:_ROWS], wording)
    if len(differences.numbers) > _ROWS:
        yield Text(f"… and {len(differences.numbers) - _ROWS} more numbers: see --json")
    if differences.periods:
        yield Text(_summary(differences))
    yield from (Text(f"· {note}") for note in wording.notes(differences.notes))


_WORDS = {
    "added": "added",
    "removed": "removed",
    "changed": "changed in meaning",
    "default": "the default is another",
    "made": "made from other fields",
}
_SPOKEN = {"needs_cut": "needed cuts", "grains": "periods", "better": "direction"}


def _change_words(change: Change) -> str:
    if change.kind.value == "default":
        return f"{change.metric.id} alone now means {change.metric.id}.{change.variant}"
    return change.name


def _table(numbers: Sequence[Moved], wording: Wording) -> RenderableType:
    from rich.text import Text

    table = terminal_table("KPI", names=1)
    table.add_column("period", no_wrap=True)
    table.add_numbers("before", "after", "difference")
    for number in numbers:
        cuts = "".join(f" · {', '.join(values)}" for _, values in number.cuts)
        sides = (_side(number.before, wording), _side(number.after, wording))
        table.add_row(Text(number.change.name + cuts), number.period.key, *sides, _difference(number))
    return table


def _side(answer: Answer | None, wording: Wording) -> str:
    from kpicore.model.figures import number

    if answer is None:
        return "no rows"
    return number(answer.value, answer.unit) if answer.value is not None else wording.why_none(answer, short=True)


def _difference(moved: Moved) -> str:
    from kpicore.model.figures import number, per_cent
    from kpicore.model.units import SHARE

    if moved.difference is None or moved.after is None:
        return ""
    if moved.after.unit == SHARE:
        return f"{'+' if moved.difference > 0 else '-'}{per_cent(abs(moved.difference))} points"
    text = number(moved.difference, moved.after.unit)
    return text if moved.difference < 0 else f"+{text}"


def _summary(differences: DefinitionDifference) -> str:
    from kpicore.wording.note_words import counted

    first, last = (
        min(period.start for period in differences.periods),
        max(period.last for period in differences.periods),
    )
    looked = f"{counted(len(differences.periods), 'periods', 'period')} from {first} to {last}"
    if not differences.numbers:
        return f"No past number changes ({looked})."
    kpis = len({number.change.name for number in differences.numbers})
    verb = "changes" if len(differences.numbers) == 1 else "change"
    return (
        f"{counted(len(differences.numbers), 'numbers', 'number')} of {counted(kpis, 'KPIs', 'KPI')} {verb} ({looked})."
    )
