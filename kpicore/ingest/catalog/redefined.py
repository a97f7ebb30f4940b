"""The log of what was redefined: definitions, settings and KPIs that have changed, and since when.

An answer as of an earlier day is made by today's definitions; this is how it can tell which of them are others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from kpicore.lineage import digest
from kpicore.lineage.differences import LineageDifference
from kpicore.lineage.lineage import name_of
from kpicore.model.metrics import Metric
from kpicore.registry.registry import Registry

KPI = "kpi:"
"""Before the name of a KPI's variant, where a column or a setting is named else."""


@dataclass(frozen=True, slots=True)
class Redefined:
    """A definition, setting or KPI by the name of its column, what is to be said of it, and since when it holds.

    `since` is None for one that no load has seen yet.
    """

    name: str
    words: str
    since: date | None


def log_redefined(
    connection: duckdb.DuckDBPyConnection, registry: Registry, differences: Iterable[LineageDifference], time: datetime
) -> None:
    """Write down what differs from the definitions of the tables before, and the KPIs that mean something else now."""
    lines = [(name_of(difference.column), difference.words, time) for difference in differences]
    known, digests = _kept(connection), _digests(registry)
    lines += [(redefined.name, redefined.words, time) for redefined in changed_kpis(registry, known)]
    if lines:
        connection.executemany("INSERT INTO book.redefined VALUES (?, ?, ?)", lines)
    # joined, not replaced: KPIs of a plugin that is shut out today are compared with what they meant once it is back
    renamed = {name for (*earlier, _), _ in digests.values() for name in earlier}
    now = {name: meaning for name, meaning in known.items() if name not in renamed}
    now |= {names[-1]: meaning for names, meaning in digests.values()}
    if known != now:
        connection.execute("DELETE FROM book.kpi")
        connection.execute("INSERT INTO book.kpi SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                           [list(now), list(now.values())])  # fmt: skip


def kpi_names(metric: Metric, variant: str) -> tuple[str, ...]:
    """Return what a variant was called in the book at any time, last what it is called: "loans", "loans.renewed".

    The default one has the name of the KPI, so that it is the same one whatever variants stand beside it.
    """
    name = f"{metric.id}.{variant}"
    return (name, metric.id) if variant == metric.default else (name,)


def changed_kpis(registry: Registry, known: Mapping[str, str]) -> list[Redefined]:
    """Return the KPIs that were there and meant something else; `known` is what they meant, by name.

    One that is not there today is no other one.
    """
    return [
        Redefined(KPI + names[-1], f"the KPI {shown} has changed", None)
        for shown, (names, meaning) in _digests(registry).items()
        if next((known[name] for name in names if name in known), meaning) != meaning
    ]


def _digests(registry: Registry) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return the names of each variant of each KPI, and what it means as a short text; by what it is called today."""
    digests: dict[str, tuple[tuple[str, ...], str]] = {}
    for metric in registry.metrics.values():
        for name in metric.variant_names:
            spec = metric.variant(name)
            meant = spec.formula, dict(spec.inputs), spec.needs_cut, spec.grains, spec.cohort
            shown = f"{metric.id}.{name}" if len(metric.variant_names) > 1 else metric.id
            digests[shown] = kpi_names(metric, name), digest(repr(meant))
    return digests


def _kept(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, digest FROM book.kpi").fetchall())
