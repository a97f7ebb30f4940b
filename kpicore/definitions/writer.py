"""Definitions as the text of a file: what `kpi show --toml` and `kpi list --toml` print, and reading gives back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kpicore.config.template import toml
from kpicore.definitions.fields import FIRST_SINCE, KEY, LOOK_UP
from kpicore.definitions.inputs import WORDS
from kpicore.model.inputs import Aggregate, Earlier, Input, MetricValue, Per, Standing, Target, aggregate_name
from kpicore.model.metrics import Band, Calculator, Example, Metric, Variant
from kpicore.model.schema import Field, FirstSince, How, LookUp

_INHERITED = ("refers_to", "dimension", "plan", "tracked")
"""What a field that replaces another keeps of it unless it says so."""


def definitions_text(
    metrics: Iterable[Metric], replaced: Collection[str], fields: Iterable[tuple[Field, bool]] = ()
) -> str:
    """Return the text of a file that defines the metrics and fields.

    Metrics whose ids are `replaced` stand in for a plugin's; of each field it is told.
    """
    tables = [
        *(_metric(metric, metric.id in replaced) for metric in metrics),
        *(_field(*field) for field in fields),
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
        # a variant without anything of its own may be given as its inputs alone
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
    return (f"{key} = {toml(value)}" for key, value in _filled(words).items())


def _list(key: str, tables: list[dict[str, Any]]) -> Iterator[str]:
    if tables:
        yield f"{key} = ["
        yield from (f"  {toml(table)}," for table in tables)
        yield "]"


def _inputs(inputs: Mapping[str, Input]) -> Iterator[str]:
    return (f"inputs.{name} = {toml(_input(input_))}" for name, input_ in inputs.items())


def _calculator(calculator: Calculator | None) -> dict[str, Any]:
    if calculator is None:
        return {}
    share = calculator.share if calculator.share else ""
    return _filled(
        {"arguments": calculator.arguments, "formula": calculator.formula, "fold": calculator.fold, "share": share}
    )


def _band(band: Band) -> dict[str, Any]:
    words = {"meaning": band.meaning, "above": band.above, "below": band.below, "action": band.action}
    return _filled({**words, "status": band.status})


def _example(example: Example) -> dict[str, Any]:
    words = {"variant": example.variant, "source": example.source}
    return {"arguments": list(example.arguments), "value": example.value, **_filled(words)}


def _input(input_: Input) -> dict[str, Any]:
    """Return an input as the table that says it."""
    match input_:
        case MetricValue(ref):
            return {"metric": ref}
        case Earlier(ref, step):
            return {"earlier": ref, "step": step}
        case Target(ref):
            return {"target": ref}
        case Standing():
            words = {"standing": input_.entity, "value": input_.value, "since": input_.since, "until": input_.until}
            return _filled(
                {**words, "at": input_.at.value, "where": input_.where, "regardless_of": input_.regardless_of}
            )
        case Aggregate():
            return _aggregate(input_)


def _aggregate(aggregate: Aggregate) -> dict[str, Any]:
    """Return an aggregate as the table that says it."""
    rows = aggregate.entity
    of = {"per": rows.key, "of": _input(rows.input)} if isinstance(rows, Per) else rows
    word = aggregate_name(aggregate.word, aggregate.share)
    words = _filled(
        {
            "value": aggregate.value,
            "share": aggregate.share if "share" in WORDS[word] else "",
            "when": aggregate.when,
            "where": aggregate.where,
            "regardless_of": aggregate.regardless_of,
            "expects": dict(aggregate.expects),
        }
    )
    return {word: of, **words}


def _filled(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words that say something; an absent key reads as nothing, but 0 is a number."""
    # False == 0 in Python, so it is shut out by identity: `plan = false` is what an absent key says anyhow
    return {key: value for key, value in words.items() if value or (value == 0 and value is not False)}


def _field(field: Field, replaces: bool) -> Iterator[str]:
    """Yield the lines of the table that says the field; one that `replaces` another says all that it keeps else."""
    yield f"[field.{field.entity}.{field.name}]"
    words: dict[str, Any] = {
        "replaces": replaces,
        "type": field.type.value,
        "meaning": field.meaning,
        "unit": field.unit,
        "refers_to": field.refers_to,
        "dimension": field.dimension,
        "plan": field.plan,
        "tracked": field.tracked,
    }
    # who replaces a field and says nothing keeps what it had, so false and "" must be written there
    yield from (f"{key} = {toml(value)}" for key, value in words.items() if value or (replaces and key in _INHERITED))
    ways = [_way(how) for how in field.how]
    if len(ways) < 2:
        yield f"how = {toml(ways[0] if ways else [])}"
    else:
        yield "how = ["
        yield from (f"  {toml(way)}," for way in ways)
        yield "]"


def _way(how: How) -> str | dict[str, Any]:
    if isinstance(how, str):
        return how
    if isinstance(how, LookUp):
        return {LOOK_UP: f"{how.entity}.{how.field}", "through": how.through}
    if isinstance(how, FirstSince):
        return {FIRST_SINCE: f"{how.entity}.{how.field}", KEY: how.key, "through": how.through, "since": how.since}
    return {**_aggregate(how.aggregate), KEY: how.key}
