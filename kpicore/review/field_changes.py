"""Which fields two sets of definitions make otherwise, and which KPIs read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kpicore.engine.compile.definitions import Definitions, place
from kpicore.engine.compile.requirements import columns_behind
from kpicore.errors import KpiError
from kpicore.lineage import SETTINGS, Column, Lineage
from kpicore.lineage.differences import outdated
from kpicore.review.changes import Change, ChangeKind


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field ("order.size") that differs, and the variants that read it, directly or through other fields."""

    kind: ChangeKind
    name: str
    kpis: tuple[str, ...] = ()


_Variant = tuple[str, str]


class FieldChanges:
    """Two sets of definitions with their lineages, compared by their fields."""

    def __init__(self, old: Definitions, new: Definitions, before: Lineage, after: Lineage) -> None:
        self._old, self._new, self._before, self._after = old, new, before, after
        self._outdated = outdated(before, after)
        self._reads = {**_reads(old, before), **_reads(new, after)}

    def fields(self) -> Iterator[FieldChange]:
        """Yield the fields that one side lacks or makes otherwise."""
        sides = [_fields(definitions) for definitions in (self._old, self._new)]
        differ = {cause.column for cause in self._outdated.causes}
        for column in sorted(sides[0] | sides[1]):
            if column in sides[0] and column in sides[1] and column not in differ:
                continue
            kind = ChangeKind.CHANGED if column in sides[0] & sides[1] else ChangeKind.ADDED
            kpis = tuple(self._named(key) for key, read in self._reads.items() if column in read)
            yield FieldChange(ChangeKind.REMOVED if column not in sides[1] else kind, ".".join(column), kpis)

    def variants(self, changed: set[_Variant]) -> Iterator[Change]:
        """Yield the variants that mean the same and read what is made otherwise; not those that have `changed`."""
        old = _reads(self._old, self._before)
        for id, variant in _reads(self._new, self._after):
            key = (id, variant)
            # what was added or changed itself is told as that
            if key in old and key not in changed and self._reads[key] & self._outdated.columns:
                was, now = self._old.get(*key), self._new.get(*key)
                yield Change(ChangeKind.MADE, self._new.registry.metrics[id], variant, was, now)

    def _named(self, key: _Variant) -> str:
        registry = self._new.registry if key[0] in self._new.registry.metrics else self._old.registry
        return place(*key, registry.metrics[key[0]])


def _fields(definitions: Definitions) -> set[Column]:
    return {(name, field.name) for name, entity in definitions.registry.entities.items() for field in entity.fields}


def _reads(definitions: Definitions, lineage: Lineage) -> Mapping[_Variant, frozenset[Column]]:
    """Return all that stands behind each variant that can be compiled, its fields' fields too; no settings."""
    reads: dict[_Variant, frozenset[Column]] = {}
    for id, metric in definitions.registry.metrics.items():
        for variant in metric.variant_names:
            try:
                columns = columns_behind(definitions.get(id, variant), definitions)
            except KpiError:
                continue  # a broken definition reads nothing
            reads[id, variant] = frozenset(column for column in lineage.behind(columns) if column[0] != SETTINGS)
    return reads
