"""Definitions as the text of a file: what `kpi show --toml` and `kpi list --toml` print, and reading gives back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kpicore.config.template import toml
from kpicore.definitions.field_writer import field_lines
from kpicore.definitions.input_writer import filled, input_table
from kpicore.model.inputs import Input
from kpicore.model.metrics import Band, Calculator, Example, Metric, Variant
from kpicore.model.schema import Field


def definitions_text(
    metrics: Iterable[Metric], replaced: Collection[str], fields: Iterable[tuple[Field, bool]] = ()
) -> str:
    """Return the text of a file that defines the metrics and fields.

    Metrics whose ids are `replaced` stand in for a plugin's; of each field it is told.
    """
    tables = [
        *(_metric(metric, metric.id in replaced) for metric in metrics),
        *(field_lines(*field) for field in fields),
    ]
    return "\n".join("\n".join(table) + "\n" for table in tables)


def _metric(metric: Metric, replaces: bool) -> Iterator[str]:
    yield f"[metric.{metric.id}]"
    if replaces:
        yield "replaces = true"
    words = {
        "name": metric.name,
        "unit": metric.unit.name,
        "better": metric.better.value,
        "meaning": metric.meaning,
        "family": metric.family,
        "formula": metric.formula,
        "calculator": _calculator(metric.calculator),
        "needs_cut": metric.needs_cut,
        "grains": metric.grains,
        "action": metric.action,
        "guards": metric.guards,
        "synonyms": dict(metric.synonyms),
        "descriptions": dict(metric.descriptions),
        "aliases": metric.aliases,
        "source": metric.source,
    }
    yield from _lines(words)
    yield from _list("bands", [_band(band) for band in metric.bands])
    yield from _list("examples", [_example(example) for example in metric.examples])
    yield from _inputs(metric.inputs or {})
    for name, entry in (metric.variants or {}).items():
        variant = entry if isinstance(entry, Variant) else Variant(entry)
        yield f"\n[metric.{metric.id}.variants.{name}]"
        yield from _variant(variant)


def _variant(variant: Variant) -> Iterator[str]:
    words = {
        "meaning": variant.meaning,
        "unit": variant.unit.name if variant.unit else "",
        "formula": variant.formula,
        "calculator": _calculator(variant.calculator),
        "needs_cut": variant.needs_cut,
        "grains": variant.grains,
        "cohort": variant.cohort,
    }
    yield from _lines(words)
    yield from _inputs(variant.inputs)


def _lines(words: Mapping[str, Any]) -> Iterator[str]:
    return (f"{key} = {toml(value)}" for key, value in filled(words).items())


def _list(key: str, tables: list[dict[str, Any]]) -> Iterator[str]:
    if tables:
        yield f"{key} = ["
        yield from (f"  {toml(table)}," for table in tables)
        yield "]"


def _inputs(inputs: Mapping[str, Input]) -> Iterator[str]:
    return (f"inputs.{name} = {toml(input_table(input_))}" for name, input_ in inputs.items())


def _calculator(calculator: Calculator | None) -> dict[str, Any]:
    if calculator is None:
        return {}
    share = calculator.share if calculator.share else ""
    return filled(
        {"arguments": calculator.arguments, "formula": calculator.formula, "fold": calculator.fold, "share": share}
    )


def _band(band: Band) -> dict[str, Any]:
    words = {"meaning": band.meaning, "above": band.above, "below": band.below, "action": band.action}
    return filled({**words, "status": band.status})


def _example(example: Example) -> dict[str, Any]:
    words = {"variant": example.variant, "source": example.source}
    return {"arguments": list(example.arguments), "value": example.value, **filled(words)}
