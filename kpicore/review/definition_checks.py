"""Reads every definition there is, so that a mistake is found before somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose

from kpicore.engine.answer.calculators import calculated
from kpicore.engine.compile.definitions import Definitions, place
from kpicore.errors import KpiError
from kpicore.insight.joint_rules import condition
from kpicore.language import parse_formula
from kpicore.model.metrics import Example, Metric
from kpicore.plugins.makeable import ways_to_make
from kpicore.registry.contributions import Problem
from kpicore.registry.registry import Registry
from kpicore.review.references import is_unknown_kpi, missing


@dataclass(frozen=True, slots=True)
class BrokenVariant:
    """A variant that does not stand; `error` may name the text that is to blame."""

    metric: str
    variant: str
    error: KpiError


def broken_variants(definitions: Definitions) -> Iterator[BrokenVariant]:
    """Yield each variant whose inputs, formula or calculator do not stand."""
    for id, metric in definitions.registry.metrics.items():
        for variant in metric.variant_names:
            try:
                _read(definitions, id, variant)
            except KpiError as error:
                yield BrokenVariant(id, variant, error)


def _read(definitions: Definitions, id: str, variant: str) -> None:
    definition = definitions.get(id, variant)
    calculator = definition.spec.calculator
    if calculator is not None and calculator.formula:
        where = f"metric '{definition.place}', calculator"
        parse_formula(calculator.formula, calculator.arguments, settings=definitions.settings, where=where)


def definition_problems(registry: Registry, settings: Mapping[str, object]) -> list[Problem]:
    """Return one problem for each variant and each joint rule that does not stand, naming its giver."""
    definitions = Definitions(registry, settings)
    variants = [
        Problem(registry.givers.get(variant.metric, ""), variant.metric, str(variant.error))
        for variant in broken_variants(definitions)
    ]
    return [*variants, *broken_rules(definitions)]


def broken_rules(definitions: Definitions) -> Iterator[Problem]:
    """Yield each joint rule whose condition or earlier period does not stand, or that means a variant there is none of.

    It may speak of a KPI of another plugin that is not installed; `unknown_names` tells it.
    """
    for giver, rule in definitions.registry.rules:
        item = f"rule {rule.id}"
        try:
            condition(rule, definitions.settings)
        except KpiError as error:
            yield Problem(giver, item, str(error))
        for name, absent in missing(definitions, rule):
            if not is_unknown_kpi(absent):
                yield Problem(giver, item, f"{name}: {absent}")


def broken_fields(registry: Registry, settings: Mapping[str, object]) -> Iterator[tuple[str, str, KpiError]]:
    """Yield entity, field and problem for each field that cannot be made at load."""
    for entity in registry.entities.values():
        _, broken = ways_to_make(registry, settings, entity, entity.fields)
        yield from ((entity.name, name, error) for name, error in broken.items())


def unknown_guards(definitions: Definitions) -> Iterator[tuple[Metric, KpiError]]:
    """Yield each metric that says to look at another one, or a variant, that does not exist."""
    for metric in definitions.registry.metrics.values():
        for _, error in missing(definitions, metric):
            yield metric, error


def failed_examples(definitions: Definitions) -> Iterator[tuple[Metric, int, str]]:
    """Yield metric, place in its examples and problem, for each that its calculator does not give."""
    for metric in definitions.registry.metrics.values():
        for at, example in enumerate(metric.examples):
            problem = _failure(definitions, metric, example) if _stands(definitions, metric, example) else ""
            if problem:
                yield metric, at, problem


def _stands(definitions: Definitions, metric: Metric, example: Example) -> bool:
    """Whether the example's variant can be compiled; `broken_variants` tells it when it cannot."""
    try:
        _read(definitions, metric.id, example.variant or metric.default)
    except KpiError:
        return False
    return True


def _failure(definitions: Definitions, metric: Metric, example: Example) -> str:
    variant = example.variant or metric.default
    name = place(metric.id, variant, metric)
    numbers = ", ".join(f"{argument:g}" for argument in example.arguments)
    try:
        value = calculated(definitions, f"{metric.id}.{variant}", example.arguments, {})
    except KpiError as error:
        return f"example {name}({numbers}) fails: {error}"
    if isclose(value, example.value, rel_tol=1e-9, abs_tol=1e-9):
        return ""
    return f"example {name}({numbers}) says {example.value:.12g}, but the formula gives {value:.12g}."
