"""A metric as the text of a definitions file: what `kpi show --toml` prints, and what reading gives back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kpicore.config_text import toml
from kpicore.inputs import Aggregate, Earlier, Input, MetricValue, Per, Standing, Target
from kpicore.metrics import Band, Calculator, Example, Metric, Variant
from kpicore.own.inputs import WORDS


def definitions_text(metrics: Iterable[Metric], replaced: Collection[str]) -> str:
    """Return the text of a file that defines the metrics; those whose ids are `replaced` stand in for a plugin's."""
    return "\n".join("\n".join(_metric(each, each.id in replaced)) + "\n" for each in metrics)


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
    yield from _list("bands", [_band(each) for each in metric.bands])
    yield from _list("examples", [_example(each) for each in metric.examples])
    yield from _inputs(metric.inputs or {})
    for name, given in (metric.variants or {}).items():
        each = given if isinstance(given, Variant) else Variant(given)
        yield f"\n[metric.{metric.id}.variants.{name}]"
        yield from _variant(each)


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
    return (f"{key} = {toml(value)}" for key, value in _filled(words).items())


def _list(key: str, tables: list[dict[str, Any]]) -> Iterator[str]:
    if tables:
        yield f"{key} = ["
        yield from (f"  {toml(each)}," for each in tables)
        yield "]"


def _inputs(inputs: Mapping[str, Input]) -> Iterator[str]:
    return (f"inputs.{name} = {toml(_input(each))}" for name, each in inputs.items())


def _input(given: Input) -> dict[str, Any]:
    match given:
        case MetricValue(ref):
            return {"metric": ref}
        case Earlier(ref, step):
            return {"earlier": ref, "step": step}
        case Target(ref):
            return {"target": ref}
        case Standing():
            found = {"standing": given.entity, "value": given.value, "since": given.since, "until": given.until}
            return _filled({**found, "at": given.at.value, "where": given.where, "regardless_of": given.regardless_of})
        case Aggregate():
            return _aggregate(given)


def _aggregate(given: Aggregate) -> dict[str, Any]:
    rows = given.entity
    of = {"per": rows.key, "of": _input(rows.input)} if isinstance(rows, Per) else rows
    word = "median" if given.word == "percentile" and given.share == 0.5 else given.word
    found = _filled(
        {
            "value": given.value,
            "share": given.share if "share" in WORDS[word] else "",
            "when": given.when,
            "where": given.where,
            "regardless_of": given.regardless_of,
            "expects": dict(given.expects),
        }
    )
    return {word: of, **found}


def _calculator(given: Calculator | None) -> dict[str, Any]:
    if given is None:
        return {}
    share = given.share if given.share else ""
    return _filled({"arguments": given.arguments, "formula": given.formula, "fold": given.fold, "share": share})


def _band(given: Band) -> dict[str, Any]:
    found = {"meaning": given.meaning, "above": given.above, "below": given.below, "action": given.action}
    return _filled({**found, "status": given.status})


def _example(given: Example) -> dict[str, Any]:
    found = {"variant": given.variant, "source": given.source}
    return {"arguments": list(given.arguments), "value": given.value, **_filled(found)}


def _filled(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words that say something; an absent key reads as nothing, but 0 is a number."""
    return {key: each for key, each in words.items() if each or (each == 0 and each is not False)}
