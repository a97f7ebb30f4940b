"""A KPI's definition for people and for programs: what `kpi list` and `kpi show` print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kpicore.cli.screen import terminal_table
from kpicore.cli.statuses import meaning_line
from kpicore.errors import KpiError
from kpicore.insight.bands import Judgement, usual_status
from kpicore.model.metrics import DEFAULT, Band, Metric
from kpicore.wording.inputs import function_name, input_words
from kpicore.wording.phrases import range_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.engine.compile.definitions import Definitions
    from kpicore.model.rules import Rule

_ARROWS = {"higher": "↑", "lower": "↓", "neutral": "↔"}


def _variants(metric: Metric, defaults: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the variants, the workspace's default first."""
    first = defaults.get(metric.id, metric.default)
    return tuple(sorted(metric.variant_names, key=lambda name: name != first))


def listed(metric: Metric, giver: str, defaults: Mapping[str, str]) -> dict[str, Any]:
    """Return a KPI as one line of the catalogue."""
    return {
        "id": metric.id,
        "name": metric.name,
        "family": metric.family,
        "unit": str(metric.unit),
        "better": metric.better.value,
        "variants": list(_variants(metric, defaults)),
        "meaning": metric.meaning,
        "function": function_name(metric.id),
        "aliases": list(metric.aliases),
        "given_by": giver,
    }


def calculator_of(definitions: Definitions, metric: Metric) -> str:
    """Return how the calculator is called in a cell, or "" for a plain count or total, or a broken definition."""
    from kpicore.engine.answer.calculators import calculator

    try:
        calculation = calculator(definitions.get(*definitions.named(metric.id)))
    except KpiError:
        return ""  # `problems_of` tells it
    arguments = ", ".join(calculation.arguments) if calculation and not calculation.fold else "values…"
    return f"{function_name(metric.id)}_CALC({arguments})" if calculation else ""


def problems_of(definitions: Definitions, metric: Metric) -> dict[str, str]:
    """Return what is wrong, by variant; empty when all of them stand."""
    problems: dict[str, str] = {}
    for name in metric.variant_names:
        try:
            definitions.get(metric.id, name)
        except KpiError as error:
            problems[name] = str(error)
    return problems


def shown(metric: Metric, giver: str, defaults: Mapping[str, str], definitions: Definitions) -> dict[str, Any]:
    """Return a KPI's definition in full, as plain values."""
    problems = problems_of(definitions, metric)
    full = {name: metric.variant(name) for name in _variants(metric, defaults)}
    return {
        **listed(metric, giver, defaults),
        "variants": [
            {
                "variant": name,
                "meaning": variant.meaning,
                "unit": str(variant.unit or metric.unit),
                "formula": variant.formula,
                "inputs": {key: input_words(input_) for key, input_ in variant.inputs.items()},
                "needs_cut": list(variant.needs_cut),
                "grains": list(variant.grains),
                "problem": problems.get(name),
            }
            for name, variant in full.items()
        ],
        "calculator": calculator_of(definitions, metric),
        "bands": [
            {
                "above": band.above,
                "below": band.below,
                "status": band.status or usual_status(band, metric) or None,
                "meaning": band.meaning,
                "action": band.action,
            }
            for band in metric.bands
        ],
        "action": metric.action,
        "guards": list(metric.guards),
        "rules": [
            {"id": rule.id, "name": rule.name, "when": rule.when, "meaning": rule.meaning, "action": rule.action}
            for rule in _rules_about(metric, definitions)
        ],
        "synonyms": {language: list(names) for language, names in metric.synonyms.items()},
        "descriptions": dict(metric.descriptions),
        "source": metric.source,
    }


def language_table(metrics: Iterable[Metric], language: str) -> RenderableType:
    """Return the catalogue in another language; a KPI that has no words in it keeps its English ones."""
    from rich.text import Text

    table = terminal_table("KPI", "name", "", "")
    for metric in sorted(metrics, key=lambda metric: (metric.family, metric.id)):
        name = next(iter(metric.synonyms.get(language, ())), metric.name)
        meaning = metric.descriptions.get(language, metric.meaning)
        table.add_row(Text(metric.id, style="bold"), Text(name), _ARROWS[metric.better.value], Text(meaning))
    return table


def list_table(metrics: Iterable[Metric], defaults: Mapping[str, str]) -> RenderableType:
    """Return the catalogue as a table, a section for each family."""
    from rich.text import Text

    table = terminal_table("KPI", "name", "unit", "", "variants")
    family = None
    for metric in sorted(metrics, key=lambda metric: (metric.family, metric.id)):
        if metric.family != family and metric.family:
            table.add_section()
            table.add_row(Text(metric.family, style="bold cyan"))
        family = metric.family
        names = _variants(metric, defaults) if metric.variant_names != (DEFAULT,) else ()
        variants = Text(", ").join(Text(name, style="" if place == 0 else "dim") for place, name in enumerate(names))
        table.add_row(
            Text(metric.id, style="bold"), Text(metric.name), str(metric.unit), _ARROWS[metric.better.value], variants
        )
    return table


def definition_page(
    metric: Metric, giver: str, defaults: Mapping[str, str], definitions: Definitions
) -> Iterator[RenderableType]:
    """Yield what `kpi show` prints, part by part."""
    from rich.text import Text

    yield Text.assemble((metric.name, "bold"), "  ", (metric.id, "cyan"))
    if metric.meaning:
        yield Text(metric.meaning)
    yield Text(f"{metric.unit} · better: {metric.better.value} · given by {giver}", style="dim")
    yield _variant_table(metric, defaults)
    for problem in problems_of(definitions, metric).values():
        yield Text(problem, style="red")
    for band in metric.bands:
        judgement = Judgement(band.status or usual_status(band, metric), band.meaning, band.action)
        yield Text.assemble((f"{band_range(band)}  ", "bold"), meaning_line(judgement))
    for title, text in _further(metric, calculator_of(definitions, metric)):
        yield Text.assemble((f"{title}: ", "bold"), text)
    for rule in _rules_about(metric, definitions):
        action = f" → {rule.action}" if rule.action else ""
        yield Text.assemble(("Together with others: ", "bold"), f"{rule.when}: {rule.meaning}{action}")
    for language, description in metric.descriptions.items():
        names = ", ".join(metric.synonyms.get(language, ()))
        yield Text.assemble((f"{language}: ", "bold"), f"{names}. {description}" if names else description)


def _rules_about(metric: Metric, definitions: Definitions) -> list[Rule]:
    return [rule for _, rule in definitions.registry.rules if rule.about == metric.id]


def _variant_table(metric: Metric, defaults: Mapping[str, str]) -> RenderableType:
    from rich.text import Text

    table = terminal_table("variant", "formula", "inputs", show_lines=False)
    for place, name in enumerate(_variants(metric, defaults)):
        variant = metric.variant(name)
        label = Text.assemble((name, "bold"), ("\nthe default" if place == 0 and metric.variants else "", "dim"))
        own_meaning = variant.meaning if variant.meaning != metric.meaning else ""
        unit = str(variant.unit) if variant.unit and variant.unit != metric.unit else ""
        limits = [f"needs a cut by {', '.join(variant.needs_cut)}"] if variant.needs_cut else []
        limits += [f"only by {', '.join(variant.grains)}"] if variant.grains else []
        formula = Text.assemble(
            variant.formula, *((f"\n{extra}", "dim") for extra in [own_meaning, unit, *limits] if extra)
        )
        inputs = Text("\n").join(
            Text.assemble((key, "bold"), " = ", input_words(input_)) for key, input_ in variant.inputs.items()
        )
        table.add_section()
        table.add_row(label, formula, inputs)
    return table


def band_range(band: Band) -> str:
    """Return the values of a band in words: `0.2 to 0.4`, `below 0.2`, `0.4 or more`."""
    return range_words(band.above, band.below)


def _further(metric: Metric, calculator: str) -> Iterator[tuple[str, str]]:
    lines = {
        "In a cell": f'={function_name(metric.id)}("2026-Q1")',
        "With your own numbers": f"={calculator}" if calculator else "",
        "What to do": metric.action,
        "Look also at": ", ".join(metric.guards),
        "Also called": ", ".join(
            name for language, names in metric.synonyms.items() if language not in metric.descriptions for name in names
        ),
        "Source": metric.source,
    }
    yield from ((title, text) for title, text in lines.items() if text)
