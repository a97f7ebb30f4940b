"""Cuts: which dimensions an input can be cut by, and which members a person means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kpicore.engine.definitions import Definition, Definitions, regardless
from kpicore.engine.scans import Filters
from kpicore.errors import BadCut, UnknownName
from kpicore.inputs import Target
from kpicore.questions import NONE
from kpicore.registry import Registry
from kpicore.warehouse import Warehouse

CutGiven = Mapping[str, object]


def folded(text: str) -> str:
    """Return the text as cuts compare it: trimmed, case folded."""
    return text.strip().casefold()


@dataclass(slots=True)
class Members:
    """The members of each dimension by what people may call them: label, display value or id."""

    warehouse: Warehouse
    _known: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=dict)

    def value(self, dimension: str, given: object) -> str:
        """Return the member that a cut value means. Raises BadCut and UnknownName."""
        if isinstance(given, bool) or not isinstance(given, str):
            raise BadCut(f"the {dimension} '{given}' is not text.", hint="Write the name as text.")
        if not given.strip():
            raise BadCut(f"the {dimension} to cut by is empty.", hint=f"Leave the pair out, or ask for '{NONE}'.")
        if given.strip()[0] in "<>=":
            raise BadCut(f"the {dimension} '{given}' is a condition; a cut is a name.", hint="Name the values.")
        if folded(given) == NONE:
            return NONE
        names = self._names(dimension)
        found = names.get(folded(given), ())
        if not found:
            raise UnknownName(dimension, given, self._shown(dimension))
        if len(found) > 1:
            both = ", ".join(f"'{each}'" for each in found)
            raise BadCut(f"{len(found)} {dimension}s are called '{given}'.", hint=f"Say which: {both}.")
        return found[0]

    def count(self, dimension: str) -> int:
        """Return how many members a dimension has, `(none)` included."""
        if dimension not in self._count:
            self._count[dimension] = len(self.warehouse.members(dimension)) + 1
        return self._count[dimension]

    def _shown(self, dimension: str) -> list[str]:
        return [each.value for each in self.warehouse.members(dimension)]

    def _names(self, dimension: str) -> dict[str, tuple[str, ...]]:
        if dimension not in self._known:
            members = self.warehouse.members(dimension)
            names: dict[str, tuple[str, ...]] = {}
            for each in members:
                names[folded(each.label)] = (*names.get(folded(each.label), ()), each.value)
            # an id or a display value is one member's, whatever others are labelled
            names |= {folded(each.id): (each.value,) for each in members}
            names |= {folded(each.value): (each.value,) for each in members}
            self._known[dimension] = names
        return self._known[dimension]


def resolved(given: CutGiven, registry: Registry, members: Members) -> Filters:
    """Return the cuts with canonical names and members, sorted by dimension.

    A value may be a list: then any of its members counts. Raises BadCut and UnknownName.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, values in given.items():
        dimension = registry.dimension(name).name
        if dimension in found:
            raise BadCut(f"the dimension '{dimension}' is given twice.", hint="Give its values together.")
        listed: Sequence[object] = list(values) if isinstance(values, list | tuple | set | frozenset) else [values]
        if not listed:
            raise BadCut(f"the {dimension} to cut by is empty.", hint=f"Leave the pair out, or ask for '{NONE}'.")
        found[dimension] = tuple(dict.fromkeys(members.value(dimension, each) for each in listed))
    return tuple(sorted(found.items()))


def check_cuts(definition: Definition, dimensions: Iterable[str], definitions: Definitions) -> None:
    """Refuse a dimension that an input's entity lacks, or a variant that needs one that is not given.

    Raises: BadCut, naming KPI, input and dimension and what would be needed.
    """
    asked = tuple(dimensions)
    for needed in definition.spec.needs_cut:
        if needed not in asked:
            raise BadCut(f"'{definition.place}' has a meaning only by {needed}.", hint=f"Add a cut by {needed}.")
    for each in definition.inputs:
        if each.measure is None:
            if each.ref and not isinstance(each.given, Target):
                check_cuts(definitions.get(*each.ref), asked, definitions)
            continue
        entity = each.measure.entity
        known = definitions.registry.dimensions_of(entity)
        for dimension in asked:
            if dimension in known or dimension in regardless(each.given):
                continue
            key = definitions.registry.dimensions[dimension].key or dimension
            raise BadCut(
                f"'{definition.place}' cannot be cut by {dimension}: its input '{each.name}' is read from "
                f"'{entity}', which has no {dimension}.",
                hint=f"It would need a field '{key}' on '{entity}'.",
            )
