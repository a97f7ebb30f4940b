"""A KPI as data: what it is called, what it is made of, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_choice, check_fields, check_range, place
from kpicore.model.field_kinds import Id, Label, Language
from kpicore.model.inputs import MIDDLE, Input, aggregate_name
from kpicore.model.rules import STATUSES, check_grains
from kpicore.model.units import NEUTRAL, Better, Unit
from kpicore.text.plain_text import value_shown

DEFAULT = "default"
"""The name of the only variant of a metric that has one."""

FOLDS = ("", "total", "average", "median", "percentile")
MOST_DAYS = 36_500

RESERVED_IDS = frozenset({"table", "explain", "target", "attainment", "asof", "list", "period", "live"})

# one KPI_ is taken off, so a second one would stay in the id
_ALIAS = re.compile(r"(KPI_)?(?!KPI_)[A-Z][A-Z0-9_]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Calculator:
    """The pure form of a variant: numbers in, number out.

    `arguments` are names in order, `formula` is over them. A `fold` takes any number of values
    instead and gives their "total", "average", "median" or "percentile" (at `share`).
    """

    arguments: tuple[str, ...] = ()
    formula: str = ""
    fold: str = ""
    share: float = 0.0

    def __post_init__(self) -> None:
        check_fields(self, "calculator")
        check_choice("calculator", "fold", self.fold, FOLDS)
        check_range("calculator", "share", self.share, 0, 1)
        if bool(self.fold) == bool(self.arguments and self.formula):
            raise BadDefinition("calculator", "give arguments and a formula, or a fold")

    @property
    def percentile(self) -> float:
        """The share of the percentile that a fold is: of a median that in the middle."""
        return MIDDLE if self.fold == "median" else self.share

    @property
    def fold_name(self) -> str:
        """What people call the fold: a percentile in the middle is a median."""
        return aggregate_name(self.fold, self.share)


@dataclass(frozen=True, slots=True)
class Variant:
    """One published answer to the question that a metric asks.

    What is left empty comes from the metric. `needs_cut` names dimensions without which the answer
    has no meaning; `grains` restricts the periods ("month"). A `cohort` counts what began in the
    period by what became of it later, so that it goes on changing: for the days given here, else for the longest
    window in the conditions of its inputs (`days(created_on, converted_on) <= 60`), else for the days of the
    workspace's setting.
    """

    inputs: Mapping[Label, Input]
    formula: str = ""
    meaning: str = ""
    unit: Unit | None = None
    calculator: Calculator | None = None
    needs_cut: tuple[str, ...] = ()
    grains: tuple[str, ...] = ()
    cohort: bool | int = False

    def __post_init__(self) -> None:
        check_fields(self, "variant")
        check_range("variant", "cohort", self.cohort, 0, MOST_DAYS)
        check_grains("variant", self.grains)


@dataclass(frozen=True, slots=True)
class Band:
    """A range of values with its meaning: `above` <= value < `below`; what to do about it.

    `status` is "good", "fair" or "poor". Where it is not given, the best band of a metric with a
    direction is good, the worst poor, and those between are fair.
    """

    meaning: str
    above: float | None = None
    below: float | None = None
    action: str = ""
    status: str = ""

    def __post_init__(self) -> None:
        check_fields(self, "band", "meaning")
        where = place("band", self.meaning)
        check_choice(where, "status", self.status, ("", *STATUSES))
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise BadDefinition(where, f"no value is {self.above:g} or more and below {self.below:g}")


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: calculator arguments and the number they must give."""

    arguments: tuple[float, ...]
    value: float
    variant: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        check_fields(self, "example")


@dataclass(frozen=True, slots=True)
class Metric:
    """A KPI. Give `variants` (the first is the default), or `inputs` for a single one.

    A variant is either a Variant or just its inputs. `family` groups metrics for people;
    `guards` are metrics to look at before cheering; `synonyms` are other names and `descriptions` the
    meaning in one line, by language code; `aliases` are other ids or functions, as KPI_OTHER_NAME. One that `replaces`
    stands in for the built-in KPI of its id.
    """

    id: Id
    name: Label
    unit: Unit
    formula: str = ""
    better: Better = NEUTRAL
    inputs: Mapping[Label, Input] | None = None
    variants: Mapping[Id, Variant | Mapping[Label, Input]] | None = None
    meaning: str = ""
    family: str = ""
    calculator: Calculator | None = None
    needs_cut: tuple[str, ...] = ()
    grains: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    action: str = ""
    guards: tuple[str, ...] = ()
    synonyms: Mapping[Language, tuple[Label, ...]] = field(default_factory=lambda: MappingProxyType({}))
    descriptions: Mapping[Language, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: tuple[Example, ...] = ()
    aliases: tuple[Label, ...] = ()
    source: str = ""
    replaces: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "metric", "id")
        where = place("metric", self.id)
        if self.id in RESERVED_IDS or self.id.endswith("_calc"):
            raise BadDefinition(where, "its id is reserved for a spreadsheet function")
        if bool(self.inputs) == bool(self.variants):
            raise BadDefinition(where, "give either inputs or variants")
        check_grains(where, self.grains)
        for alias in self.aliases:
            if _ALIAS.fullmatch(alias) is None:
                problem = f"its alias {value_shown(alias)} is no name that a function may have"
                raise BadDefinition(where, problem, hint="Write letters, digits and underscores, as KPI_OTHER_NAME.")
        for example in self.examples:
            if example.variant:
                check_choice(f"{where}, example", "variant", example.variant, self.variant_names)

    @property
    def default(self) -> str:
        """The name of the variant that is used when none is asked for."""
        return next(iter(self.variants)) if self.variants else DEFAULT

    def variant(self, name: str) -> Variant:
        """Return the variant with everything filled in from the metric. Raises KeyError."""
        entry: Variant | Mapping[str, Input]
        if self.variants is None:
            if name != DEFAULT:
                raise KeyError(name)
            entry = self.inputs or {}
        else:
            entry = self.variants[name]
        part = entry if isinstance(entry, Variant) else Variant(entry)
        only = next(iter(part.inputs)) if len(part.inputs) == 1 else ""
        formula = part.formula or self.formula or only
        return Variant(
            inputs=part.inputs,
            formula=formula,
            meaning=part.meaning or self.meaning,
            unit=part.unit or self.unit,
            calculator=part.calculator or self.calculator,
            needs_cut=part.needs_cut or self.needs_cut,
            grains=part.grains or self.grains,
            cohort=part.cohort,
        )

    @property
    def other_ids(self) -> tuple[str, ...]:
        """The ids that its aliases are."""
        return tuple(map(folded_alias, self.aliases))

    @property
    def variant_names(self) -> tuple[str, ...]:
        """The names of the variants, the default first."""
        return tuple(self.variants) if self.variants else (DEFAULT,)


def folded_alias(alias: str) -> str:
    """Return what of an alias stands for an id.

    >>> folded_alias("KPI_LENT")
    'lent'
    """
    return alias.casefold().removeprefix("kpi_")


def names_of(metrics: Iterable[Metric], beside: Iterable[Metric] = ()) -> Mapping[str, str]:
    """Return the ids of metrics by all their names, ids and aliases, but for those that one `beside` has."""
    named = tuple(metrics)
    aliases = {other: metric.id for metric in named for other in metric.other_ids}
    taken = names_of(beside) if named and beside else {}
    # the right side wins: an id means its own metric, whoever has it as an alias
    ids = aliases | {metric.id: metric.id for metric in named}
    return MappingProxyType({name: id for name, id in ids.items() if name not in taken})
