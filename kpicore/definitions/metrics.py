"""A metric as a table of a definitions file: the keys are those of the records."""

from __future__ import annotations

from kpicore.definitions.inputs import input_of
from kpicore.definitions.toml_tables import TomlTable
from kpicore.model.inputs import Input
from kpicore.model.metrics import FOLDS, Band, Calculator, Example, Metric, Variant
from kpicore.model.rules import STATUSES
from kpicore.model.units import (
    COUNT,
    DAYS,
    HOURS,
    MEAN_COUNT,
    MINUTES,
    MONEY,
    MONEY_PER_MONTH,
    NEUTRAL,
    PER_YEAR,
    POINTS,
    RATIO,
    SCORE,
    SHARE,
    YEARS,
    Better,
    Unit,
)

_ALL = (COUNT, MEAN_COUNT, MONEY, MONEY_PER_MONTH, SHARE, RATIO, POINTS, SCORE, MINUTES, HOURS, DAYS, YEARS, PER_YEAR)
UNITS: dict[str, Unit] = {unit.name: unit for unit in _ALL}
"""The words for units."""

BETTER: dict[str, Better] = {better.value: better for better in Better}

_SHARED = ("formula", "inputs", "meaning", "unit", "calculator", "needs_cut", "grains")
VARIANT_KEYS = (*_SHARED, "cohort")
METRIC_KEYS = (
    *("name", "better", "family", "variants", "bands", "action", "guards"),
    *("synonyms", "descriptions", "examples", "aliases", "source", "replaces"),
    *_SHARED,
)
BAND_KEYS = ("meaning", "above", "below", "action", "status")
EXAMPLE_KEYS = ("arguments", "value", "variant", "source")
CALCULATOR_KEYS = ("arguments", "formula", "fold", "share")


def metric_of(id: str, table: TomlTable) -> Metric:
    """Return the metric that a table says. Raises DefinitionRefused."""
    table.only(METRIC_KEYS, "a metric")
    if ("inputs" in table.values) == ("variants" in table.values):
        hint = f'Write inputs.loans = {{ count = "loan", when = "lent_on" }} below [metric.{id}].'
        table.refuse("variants", "give either inputs or variants", hint)
    name, unit = table.needed("name", '"Loans"'), table.choice("unit", UNITS)
    if unit is None:
        table.refuse("unit", "it needs a 'unit'", f"The units: {', '.join(UNITS)}.")
    metric = Metric(
        id,
        name,
        unit,
        formula=table.text("formula"),
        better=table.choice("better", BETTER) or NEUTRAL,
        inputs=_inputs(table) if "inputs" in table.values else None,
        variants=_variants(table) if "variants" in table.values else None,
        meaning=table.prose("meaning"),
        family=table.prose("family"),
        calculator=_calculator(table),
        needs_cut=table.texts("needs_cut"),
        grains=table.texts("grains"),
        bands=tuple(_band(band) for band in table.tables("bands")),
        action=table.prose("action"),
        guards=table.texts("guards"),
        synonyms={language: table.table("synonyms").texts(language) for language in table.table("synonyms").values},
        descriptions={value: table.table("descriptions").prose(value) for value in table.table("descriptions").values},
        examples=tuple(_example(example) for example in table.tables("examples")),
        aliases=table.texts("aliases"),
        source=table.prose("source"),
    )
    table.flag("replaces")  # for those who join the files; here it must only be sound
    return metric


def _variants(table: TomlTable) -> dict[str, Variant]:
    variants = {name: _variant(inner) for name, inner in table.table("variants").named("variant")}
    if not variants:
        table.refuse("variants", "it has no variant")
    return variants


def _variant(table: TomlTable) -> Variant:
    table.only(VARIANT_KEYS, "a variant")
    return Variant(
        _inputs(table),
        table.text("formula"),
        table.prose("meaning"),
        table.choice("unit", UNITS),
        _calculator(table),
        table.texts("needs_cut"),
        table.texts("grains"),
        table.flag_or_days("cohort"),
    )


def _inputs(table: TomlTable) -> dict[str, Input]:
    inputs = {name: input_of(inner) for name, inner in table.table("inputs").named("input")}
    if not inputs:
        table.refuse("inputs", "it has no inputs", 'Write inputs.loans = { count = "loan", when = "lent_on" }.')
    return inputs


def _calculator(table: TomlTable) -> Calculator | None:
    if "calculator" not in table.values:
        return None
    calculator = table.table("calculator")
    calculator.only(CALCULATOR_KEYS, "a calculator")
    folds = {word: word for word in FOLDS if word}
    fold, share = calculator.choice("fold", folds) or "", calculator.number("share") or 0.0
    with table.refusing("calculator"):
        return Calculator(calculator.texts("arguments"), calculator.text("formula"), fold, share)


def _band(table: TomlTable) -> Band:
    table.only(BAND_KEYS, "a band")
    above, below = table.number("above"), table.number("below")
    status = table.choice("status", {word: word for word in STATUSES}) or ""
    with table.refusing("below"):
        return Band(table.needed("meaning", '"healthy"'), above, below, table.prose("action"), status)


def _example(table: TomlTable) -> Example:
    table.only(EXAMPLE_KEYS, "an example")
    value = table.number("value")
    if value is None:
        table.refuse("value", "an example needs a 'value'", "Write { arguments = [4, 10], value = 0.4 }.")
    return Example(table.numbers("arguments"), value, table.text("variant"), table.prose("source"))
