"""The functions of spreadsheets as records: what hosts and pages are told of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpicore.model.expressions import Node

KPI, CALCULATOR, GENERAL = "kpi", "calculator", "general"


@dataclass(frozen=True, slots=True)
class CellArgument:
    """An argument of a function. One that `repeats` is the last and takes any number of values."""

    name: str
    help: str
    optional: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class CellFunction:
    """A spreadsheet function as its host shows it.

    `kind` is "kpi", "calculator" or "general"; `metric` and `variant` are set for the first two, `variant`
    only where the name fixes one. `gives` is "number", "text", "date" or "table" (a range that spills).
    `alias_of` names the function that an alias stands for.
    """

    name: str
    kind: str
    help: str
    arguments: tuple[CellArgument, ...]
    metric: str = ""
    variant: str = ""
    gives: str = "number"
    alias_of: str = ""


@dataclass(frozen=True, slots=True)
class CellCalculator:
    """How a calculator is computed, for hosts that do so on their own side without data.

    Either a `formula` over the `arguments` in order, for `formula_javascript` and `formula_excel`, which may also
    name "setting.x" of `settings`; ranges are summed for arguments in `sums` only, and those in `shares` lie
    between -1 and 1. Or a `fold` of any number of values: "total", "average", "median", "percentile" at `share`.
    """

    name: str
    place: str
    arguments: tuple[str, ...] = ()
    formula: Node | None = None
    settings: Mapping[str, float] | None = None
    sums: frozenset[str] = frozenset()
    shares: frozenset[str] = frozenset()
    fold: str = ""
    share: float = 0.0
