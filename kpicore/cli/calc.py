"""`kpi calc`: the calculator of a KPI, for plain numbers; no data is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore.cli.screen import json_option, print_json, workspace_option
from kpicore.errors import BadArgument

if TYPE_CHECKING:
    from kpicore.engine.compile.definitions import Definition
    from kpicore.insight.bands import Judgement
    from kpicore.workspace import Workspace

_NUMBER = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)(%?)", re.ASCII)


# Without ignore_unknown_options, -5 would be taken for an option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("kpi", metavar="KPI[.VARIANT]")
@click.argument("numbers", metavar="[NAME=]VALUE...", nargs=-1)
@workspace_option
@json_option
def calc(kpi: str, numbers: tuple[str, ...], workspace: Path, as_json: bool) -> None:
    """Calculate a KPI from numbers you have.

    \b
    kpi calc KPI won=4238 base=6711
    kpi calc cac 10000 20
    kpi calc sales_cycle 10 20 60

    Write numbers as 10000 or 0.25 or 25%.
    """
    from kpicore.insight.bands import meant
    from kpicore.text.plain_text import harmless

    plain, named = numbers_given(numbers)
    opened = _workspace(workspace)
    value = opened.calc(kpi, *plain, **named)
    definition = opened.definitions.get(*opened.definitions.named(kpi))
    judgement = meant(value, definition.unit, definition.metric)
    if not as_json:
        click.echo(_line(definition, value, plain, named, opened.config.settings))
        if judgement:
            click.echo(harmless(_meaning(judgement)))
        return
    print_json(
        {
            "kpi": definition.metric.id,
            "variant": definition.variant,
            "value": value,
            "unit": definition.unit.name,
            "status": judgement.status or None if judgement else None,
            "meaning": judgement.meaning if judgement else None,
            "definition": definition.version,
        }
    )


def _meaning(judgement: Judgement) -> str:
    """Return "good: Excellent. Invest more in marketing."."""
    status = f"{judgement.status}: " if judgement.status else ""
    return f"{status}{judgement.meaning} {judgement.action}".rstrip()


def _line(
    definition: Definition, value: float, plain: list[float], named: dict[str, float], settings: Mapping[str, object]
) -> str:
    """Return the calculation in full: "loans.renewed = renewed / base = 4,238 / 6,711 = 63.2%"."""
    from kpicore.cli.formula import setting_values, with_numbers
    from kpicore.engine.answer.calculators import calculator
    from kpicore.model.figures import number

    steps = []
    calculation = calculator(definition)
    if calculation is not None and calculation.formula:
        values = {**setting_values(settings), **dict(zip(calculation.arguments, plain, strict=False)), **named}
        steps = [calculation.formula, with_numbers(calculation.formula, values)]
    return " = ".join([definition.place, *steps, number(value, definition.unit)])


def numbers_given(texts: Iterable[str]) -> tuple[list[float], dict[str, float]]:
    """Return the plain numbers in order and the named ones. Raises BadArgument.

    >>> numbers_given(["10", "share=25%"])
    ([10.0], {'share': 0.25})
    """
    plain: list[float] = []
    named: dict[str, float] = {}
    for argument in texts:
        name, sign, text = argument.rpartition("=")
        folded = name.strip().casefold()
        if folded in named:
            raise BadArgument(f"'{folded}' is given twice.")
        if sign:
            named[folded] = _number(text)
        else:
            plain.append(_number(text))
    return plain, named


def _number(text: str) -> float:
    match = _NUMBER.fullmatch(text.strip())
    value = float(match[1]) / (100 if match[2] else 1) if match else inf
    if value in (inf, -inf):
        raise BadArgument(f"'{text}' is not a number.", hint="Write 10000 or 0.25 or 25%.")
    return value


def _workspace(folder: Path) -> Workspace:
    """Return the workspace, or one with the default settings where there is none: a calculator needs no data."""
    from kpicore.config.reader import FILE, Config
    from kpicore.plugins.installed import load_plugins
    from kpicore.workspace import Workspace, open_workspace

    if (folder / FILE).exists():
        return open_workspace(folder)
    return Workspace(Config(folder, "no workspace"), load_plugins())
