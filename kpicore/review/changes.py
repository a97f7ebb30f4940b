"""What differs between two sets of definitions, before any number is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import Enum

from kpicore.engine.compile.definitions import Definition, Definitions, place
from kpicore.errors import KpiError
from kpicore.model.metrics import Metric
from kpicore.registry.registry import Registry


class ChangeKind(Enum):
    """How a variant, or a field, differs.

    DEFAULT: the KPI's name alone means another variant now. MADE: a field that it reads is made otherwise.
    """

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    DEFAULT = "default"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Change:
    """A variant that differs; `before` and `after` are the variants to compare, None where there is none.

    A variant that cannot be compiled is None too, and `problem` says why.
    """

    kind: ChangeKind
    metric: Metric
    variant: str
    before: Definition | None = None
    after: Definition | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """What to call it: "loans.opened", "loans" for its default."""
        return self.metric.id if self.kind is ChangeKind.DEFAULT else place(self.metric.id, self.variant, self.metric)


def changes(old: Definitions, new: Definitions) -> Iterator[Change]:
    """Yield each variant that was added or removed, or whose meaning (its definition's version) changed."""
    before, after = old.registry.metrics, new.registry.metrics
    for id in sorted({*before, *after}):
        if id not in after:
            yield from (Change(ChangeKind.REMOVED, before[id], name) for name in before[id].variant_names)
        elif id not in before:
            yield from (_added(new, after[id], name) for name in after[id].variant_names)
        else:
            yield from _of_variants(old, new, before[id], after[id])


def _of_variants(old: Definitions, new: Definitions, before: Metric, after: Metric) -> Iterator[Change]:
    for name in before.variant_names:
        if name not in after.variant_names:
            yield Change(ChangeKind.REMOVED, before, name)
    for name in after.variant_names:
        if name not in before.variant_names:
            yield _added(new, after, name)
            continue
        was, _ = _compiled(old, after.id, name)
        now, problem = _compiled(new, after.id, name)
        # two that cannot be compiled are equal, whatever is wrong with each
        if (was and was.version) != (now and now.version):
            yield Change(ChangeKind.CHANGED, after, name, was, now, problem)
    if before.default != after.default:
        was, now = _compiled(old, before.id, before.default)[0], _compiled(new, after.id, after.default)[0]
        yield Change(ChangeKind.DEFAULT, after, after.default, was, now)


def _added(new: Definitions, metric: Metric, variant: str) -> Change:
    _, problem = _compiled(new, metric.id, variant)
    return Change(ChangeKind.ADDED, metric, variant, problem=problem)


def _compiled(definitions: Definitions, id: str, variant: str) -> tuple[Definition | None, str]:
    try:
        return definitions.get(id, variant), ""
    except KpiError as error:
        return None, str(error)


def reworded(old: Registry, new: Registry) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each metric that is described or limited differently, and by which of its words."""
    for id in sorted({*old.metrics} & {*new.metrics}):
        before, after = old.metrics[id], new.metrics[id]
        words = [field.name for field in fields(Metric) if field.name not in ("inputs", "variants", "formula")]
        differing = [word for word in words if getattr(before, word) != getattr(after, word)]
        for variant in (name for name in after.variant_names if name in before.variant_names):
            was, now = before.variant(variant), after.variant(variant)
            parts = ("meaning", "unit", "calculator", "needs_cut", "grains", "cohort")
            differing += [part for part in parts if getattr(was, part) != getattr(now, part)]
        if differing:
            yield id, tuple(dict.fromkeys(differing))
