"""The inputs of a metric made ready, beside what each ought to have rows of."""

from __future__ import annotations

from dataclasses import dataclass

from kpicore.engine.compile.measures import Measure
from kpicore.model.inputs import Input


@dataclass(frozen=True, slots=True)
class Coverage:
    """Values of a dimension that an input ought to have rows of, and the count that tells."""

    dimension: str
    values: tuple[str, ...]
    rows: Measure


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An input with its measure, or with the metric variant it stands for."""

    name: str
    given: Input
    measure: Measure | None = None
    ref: tuple[str, str] | None = None
    coverage: tuple[Coverage, ...] = ()
    is_share: bool = False
