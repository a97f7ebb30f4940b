"""The log of what was redefined: definitions, settings and KPIs that have changed, and since when.

An answer as of an earlier day is made by today's definitions; this is how it can tell which of them are others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from kpicore.lineage import digest
from kpicore.lineage.differences import LineageDifference
from kpicore.lineage.lineage import name_of
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
    known, today = _kept(connection), kpi_digests(registry)
    lines += [(KPI + name, f"the KPI {name} has changed", time) for name in _changed(known, today)]
    if lines:
        connection.executemany("INSERT INTO book.redefined VALUES (?, ?, ?)", lines)
    # joined, not replaced: KPIs of a plugin that is shut out today are compared with what they meant once it is back
    if known != (now := known | today):
        connection.execute("DELETE FROM book.kpi")
        connection.execute("INSERT INTO book.kpi SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                           [list(now), list(now.values())])  # fmt: skip


def kpi_digests(registry: Registry) -> dict[str, str]:
    """Return what each variant of each KPI means, as a short text by name: "loans.all"."""
    digests: dict[str, str] = {}
    for metric in registry.metrics.values():
        for name in metric.variant_names:
            spec = metric.variant(name)
            meant = spec.formula, dict(spec.inputs), spec.needs_cut, spec.grains, spec.cohort
            digests[f"{metric.id}.{name}" if len(metric.variant_names) > 1 else metric.id] = digest(repr(meant))
    return digests


def _changed(known: dict[str, str], today: dict[str, str]) -> list[str]:
    """Return the KPIs that were there and meant something else; one that is not there today is no other one."""
    return [name for name, meaning in today.items() if known.get(name, meaning) != meaning]


def _kept(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, digest FROM book.kpi").fetchall())
