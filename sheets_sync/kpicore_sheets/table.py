"""A `[[sheet]]` of kpi.toml: what stands where in which spreadsheet, and when it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

REPLACE, HISTORY = "replace", "history"
"""Modes: a table takes the place of the one before, or each run appends a block."""

ANSWERS_TAB = "_kpi"
"""The hidden tab with the answers to formulas."""


@dataclass(frozen=True, slots=True)
class KpiContent:
    """A table of KPIs, as KPI_TABLE shows it; `compare` is a step as in `kpi get`, "" for none."""

    kpis: tuple[str, ...]
    period: str
    grain: str = ""
    by: tuple[str, ...] = ()
    where: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    compare: str = ""
    targets: bool = False
    status: bool = False


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report, as `kpi report` shows it."""

    report: str
    period: str
    by: tuple[str, ...] = ()
    where: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class FormulaContent:
    """The answers to the KPI calls in the formulas of the spreadsheet, on a hidden tab."""


Content = KpiContent | ReportContent | FormulaContent


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One `[[sheet]]`. Row and column of the top left cell count from 0.

    Where `tab` is empty `gid` is the id of the tab, as the address has it.

    `refresh` is "data" where a new version of the data is written at once; else `every` or `cron` says when, or nobody
    but `kpi sheets sync`.
    """

    name: str
    spreadsheet: str
    content: Content
    tab: str = ""
    gid: int | None = None
    row: int = 0
    column: int = 0
    mode: str = REPLACE
    chart: str = ""
    refresh: str = ""
    every: str = ""
    cron: str = ""
