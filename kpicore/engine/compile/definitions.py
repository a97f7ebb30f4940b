"""A variant made ready to be answered: parsed, checked, hashed. Each is compiled once, when first asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from kpicore.calendar.arguments import text_given
from kpicore.engine.compile.compare_steps import settled_step
from kpicore.engine.compile.input_measures import measure_of
from kpicore.engine.compile.maturity import maturity
from kpicore.engine.compile.measures import CompiledInput, ExpectedRows, Measure
from kpicore.engine.compile.rows_behind import behind
from kpicore.errors import BadDefinition, KpiError, UnknownName
from kpicore.language import Node, formula_python, names, parse_formula, text
from kpicore.model.expressions import Arithmetic, Literal, walk
from kpicore.model.inputs import Aggregate, Earlier, Input, MetricValue, Standing, Target, count
from kpicore.model.metrics import Metric, Variant
from kpicore.model.schema import Type
from kpicore.model.units import SHARE, Unit
from kpicore.registry.registry import Registry
from kpicore.turns import TurnLock

_HIGHEST = 20
"""The most KPIs that are made one from the other: whatever follows them calls itself as often."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric's variant, ready. `version` changes exactly when the meaning does.

    `below` are the inputs that the formula divides by; `counted` is the formula of how many rows stand behind
    its value, over those of the inputs, and `rows` counts them. What it counts of a period can change for so many
    days after it, as it `matures`; None of one that is no cohort.
    """

    metric: Metric
    variant: str
    spec: Variant
    unit: Unit
    inputs: tuple[CompiledInput, ...]
    formula: Node = field(compare=False)
    compute: Callable[[Mapping[str, float | None]], float] = field(compare=False)
    below: frozenset[str] = frozenset()
    version: str = ""
    counted: Node = field(default=Literal(0, Type.INTEGER), compare=False)
    rows: Callable[[Mapping[str, float | None]], float] = field(default=lambda counts: 0.0, compare=False)
    matures: int | None = None

    @property
    def divides(self) -> bool:
        """Whether its formula divides by anything: then a number says little without the rows behind it."""
        return any(isinstance(node, Arithmetic) and node.operator == "/" for node in walk(self.formula))

    @property
    def place(self) -> str:
        """What to call it in messages."""
        return place(self.metric.id, self.variant, self.metric)


def place(id: str, variant: str, metric: Metric) -> str:
    """Return "loans.renewed", or just the id of a metric with a single variant."""
    return f"{id}.{variant}" if len(metric.variant_names) > 1 else id


class Definitions:
    """Compiles variants on demand and keeps them."""

    def __init__(
        self, registry: Registry, settings: Mapping[str, object], defaults: Mapping[str, str] | None = None
    ) -> None:
        self.registry, self.settings = registry, settings
        self._defaults = defaults or {}
        self._known: dict[tuple[str, str], Definition] = {}
        self._measures: dict[str, Measure] = {}
        self._heights: dict[tuple[str, str] | None, int] = {}
        self._compiling: list[tuple[str, str]] = []
        self._lock = TurnLock()

    def named(self, ref: str) -> tuple[str, str]:
        """Return id and variant for "loans" or "loans.renewed". Raises UnknownName."""
        id, dot, variant = text_given(ref, "a KPI").strip().partition(".")
        metric = self.registry.metric(id)
        if not dot:
            return metric.id, self.default_of(metric)
        folded = variant.strip().casefold()
        if folded not in metric.variant_names:
            raise UnknownName("variant", variant, metric.variant_names, where=f"KPI '{metric.id}'")
        return metric.id, folded

    def default_of(self, metric: Metric) -> str:
        """Return the variant that this organisation means when none is named."""
        return self._defaults.get(metric.id, metric.default)

    def get(self, id: str, variant: str) -> Definition:
        """Return the compiled variant. Raises BadDefinition, BadExpression and UnknownName."""
        key = (id, variant)
        if key not in self._known:
            with self._lock:  # what another thread compiles is no circle
                self._compile(key)
        return self._known[key]

    def _compile(self, key: tuple[str, str]) -> None:
        id, variant = key
        if key in self._compiling:
            circle = " -> ".join(f"{a}.{b}" for a, b in [*self._compiling, key])
            raise BadDefinition(f"metric '{id}'", f"is defined by itself: {circle}")
        # on the way down, before Python calls itself too often; below by heights, as what is there may be known already
        self._refuse_height(id, len(self._compiling) + 1)
        self._compiling.append(key)
        try:
            definition = self._compiled(self.registry.metric(id), variant)
            # a target is read, not computed: whether its KPI is high must not depend on who asked for that first
            below = (
                self._heights[compiled.ref]
                for compiled in definition.inputs
                if compiled.ref in self._heights and not isinstance(compiled.given, Target)
            )
            self._heights[key] = 1 + max(below, default=0)
            self._refuse_height(id, self._heights[key])
            self._known[key] = definition
        finally:
            self._compiling.pop()

    def _refuse_height(self, id: str, height: int) -> None:
        if height > _HIGHEST:
            raise BadDefinition(f"metric '{id}'", f"more than {_HIGHEST} KPIs are made one from the other")

    def _compiled(self, metric: Metric, name: str) -> Definition:
        spec = metric.variant(name)
        where = f"metric '{place(metric.id, name, metric)}'"
        if not spec.formula:
            raise BadDefinition(where, "a variant with several inputs needs a formula")
        inputs = tuple(self._named_input(key, input_, where) for key, input_ in spec.inputs.items())
        formula = parse_formula(spec.formula, tuple(spec.inputs), settings=self.settings, where=where)
        used = {name for space, name in names(formula) if not space}
        for compiled in inputs:
            if compiled.name not in used:
                unused = BadDefinition(where, f"input '{compiled.name}' is not used in the formula '{spec.formula}'")
                unused.input = compiled.name
                raise unused
        for dimension in spec.needs_cut:
            self._need_dimension(dimension, where)
        counted = behind(formula, {compiled.name: compiled for compiled in inputs})
        return Definition(
            metric,
            name,
            spec,
            spec.unit or metric.unit,
            inputs,
            formula,
            formula_python(formula),
            denominators(formula),
            self._version(formula, inputs),
            counted,
            formula_python(counted),
            maturity(spec, (compiled.measure for compiled in inputs), self.settings),
        )

    def _named_input(self, name: str, input_: Input, where: str) -> CompiledInput:
        try:
            compiled = self._input(name, input_, where)
        except KpiError as error:
            error.input = name
            raise
        if compiled.ref is None or isinstance(input_, Target):
            return compiled
        return replace(compiled, is_share=self._unit_of(compiled.ref) == SHARE)

    def _unit_of(self, ref: tuple[str, str]) -> Unit:
        try:
            return self.get(*ref).unit
        except KpiError as error:
            error.input = ""  # it names an input of the other metric
            raise

    def _input(self, name: str, input_: Input, where: str) -> CompiledInput:
        if isinstance(input_, Aggregate | Standing):
            where = f"{where}, input '{name}'"
            content = repr(
                input_
            )  # many variants have an input in common; a plugin's may hold lists, which have no hash
            if content not in self._measures:
                self._measures[content] = measure_of(input_, self.registry, self.settings, where)
            for dimension in input_.regardless_of:
                self._need_dimension(dimension, where)
            return CompiledInput(name, input_, self._measures[content], coverage=self._coverage(input_, where))
        input_ = self.settled(input_, f"{where}, input '{name}'")
        id, variant = self._referred(input_, f"{where}, input '{name}'")
        return CompiledInput(name, input_, ref=(id, variant))

    def _referred(self, input_: MetricValue | Earlier | Target, where: str) -> tuple[str, str]:
        try:
            return self._pinned(input_.ref)
        except UnknownName as error:
            raise UnknownName(error.kind, error.name, error.known, where=where) from None

    def settled(self, input_: MetricValue | Earlier | Target, where: str) -> MetricValue | Earlier | Target:
        """Return an input with the setting in its step settled: the number is part of what it means.

        Raises: BadDefinition, UnknownName.
        """
        if not isinstance(input_, Earlier):
            return input_
        step = settled_step(input_.step, self.settings)
        if step is None:
            raise BadDefinition(where, f"an earlier period is previous, year or 3 months, not '{input_.step}'")
        return replace(input_, step=step)

    def _need_dimension(self, name: str, where: str) -> None:
        if name not in self.registry.dimensions:
            raise UnknownName("dimension", name, self.registry.dimensions, where=where)

    def _coverage(self, input_: Aggregate | Standing, where: str) -> tuple[ExpectedRows, ...]:
        if not isinstance(input_, Aggregate) or not isinstance(input_.entity, str) or not input_.expects:
            return ()
        rows = measure_of(
            count(input_.entity, when=input_.when, where=input_.where), self.registry, self.settings, where
        )
        known = self.registry.dimensions_of(input_.entity)
        for dimension, _ in input_.expects:
            if dimension not in known:
                raise UnknownName("dimension", dimension, known, where=where)
        return tuple(ExpectedRows(dimension, values, rows) for dimension, values in input_.expects)

    def _pinned(self, ref: str) -> tuple[str, str]:
        # What a definition refers to without a variant is the metric's own default, whatever this
        # organisation prefers to see: a definition means the same everywhere.
        id, variant = self.named(ref)
        return (id, variant) if "." in ref else (id, self.registry.metric(id).default)

    def _version(self, formula: Node, inputs: tuple[CompiledInput, ...]) -> str:
        used = sorted(name for space, name in names(formula) if space == "setting")
        parts = [text(formula), *(f"{name}={self.settings.get(name)}" for name in used)]
        for compiled in inputs:
            if compiled.measure:
                parts.append(f"{compiled.name}={compiled.measure.key}{regardless(compiled.given)}")
                parts += [f"{name}={self.settings.get(name)}" for name in sorted(compiled.measure.settings)]
            elif compiled.ref:
                kind = type(compiled.given).__name__ + (
                    compiled.given.step if isinstance(compiled.given, Earlier) else ""
                )
                # a target is what somebody set, however its KPI is computed
                version = "" if isinstance(compiled.given, Target) else self.get(*compiled.ref).version
                parts.append(f"{compiled.name}={kind}:{compiled.ref}:{version}")
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def regardless(input_: Input) -> tuple[str, ...]:
    """Return the dimensions whose cut an input ignores."""
    return input_.regardless_of if isinstance(input_, Aggregate | Standing) else ()


def denominators(formula: Node) -> frozenset[str]:
    """Return the inputs that the formula divides by."""
    divided = [node.right for node in walk(formula) if isinstance(node, Arithmetic) and node.operator == "/"]
    return frozenset(name for denominator in divided for space, name in names(denominator) if not space)
