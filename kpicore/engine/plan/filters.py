"""Cuts: which dimensions an input can be cut by, and which members a person means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kpicore.engine.compile.definitions import Definition, Definitions, regardless
from kpicore.engine.plan.scans import Filters
from kpicore.errors import BadCut, UnknownName
from kpicore.model.codes import Codes
from kpicore.model.inputs import Target
from kpicore.model.questions import NONE
from kpicore.model.schema import given_name
from kpicore.registry.registry import Registry
from kpicore.text.nearest import LONGEST_NAME, KnownNames
from kpicore.text.plain_text import said
from kpicore.turns import one_by_one
from kpicore.warehouse import Member, State, Warehouse

CutGiven = Mapping[str, object]


def folded(text: str) -> str:
    """Return the text as cuts compare it: trimmed, case folded."""
    return text.strip().casefold()


@dataclass(slots=True)
class Members:
    """The members of each dimension by what people may call them: label, display value, id or a spelling of a code.

    Those of an earlier day may be called as they are `today`, too.
    """

    warehouse: Warehouse
    codes: Mapping[str, tuple[Codes, ...]] = field(default_factory=dict)
    today: Members | None = None
    _known: dict[str, dict[str, tuple[Member, ...]]] = field(default_factory=dict)
    _listed: dict[str, tuple[Member, ...]] = field(default_factory=dict)
    _near: dict[str, KnownNames] = field(default_factory=dict)

    def values(self, dimension: str, given: object) -> tuple[str, ...]:
        """Return the member that a cut value means. Raises BadCut and UnknownName.

        They are several only where plain texts differ in nothing but case and spaces around them, or where the
        fields of several entities know the word as codes of their own.
        """
        if isinstance(given, bool) or not isinstance(given, str):
            raise BadCut(f"the {dimension} '{said(given)}' is not text.", hint="Write the name as text.")
        if not given.strip():
            raise BadCut(f"the {dimension} to cut by is empty.", hint=f"Leave the pair out, or ask for '{NONE}'.")
        if given.strip()[0] in "<>=":
            raise BadCut(f"the {dimension} '{given}' is a condition; a cut is a name.", hint="Name the values.")
        if folded(given) == NONE:
            return (NONE,)
        found = self._names(dimension).get(folded(given), ())
        codes = self._meant(dimension, given)
        if not found and not codes and self.today is not None:
            return tuple(self._then(dimension, value) for value in self.today.values(dimension, given))
        if not found and not codes:
            self._refuse_unexplained(dimension, given)
            raise UnknownName(dimension, given, self._proposed(dimension))
        if len(found) == 1 or all(each.id == each.value for each in found):
            return tuple(dict.fromkeys((*(each.value for each in found), *codes)))
        written = [each for each in found if given.strip() in (each.id, each.value)]
        if len(written) != 1:
            both = ", ".join(f"'{each.id if folded(each.value) == folded(given) else each.value}'" for each in found)
            raise BadCut(f"{len(found)} {dimension}s are called '{given}'.", hint=f"Say which: {both}.")
        return (written[0].value,)

    def _refuse_unexplained(self, dimension: str, given: str) -> None:
        """Point to the words as given where a word of a source is no code of the dimension."""
        words = given_name(dimension)
        if self.codes.get(dimension) and folded(given) in self._names(words):
            hint = f"Cut by {words} '{given.strip()}', or say in kpi.toml what it means."
            raise BadCut(f"'{given.strip()}' is a {dimension} as it was given, and no code.", hint=hint)

    def _then(self, dimension: str, value: str) -> str:
        """Return what a member of today was called then; one that was not there yet is called as nobody was."""
        assert self.today is not None
        ids = [member.id for member in one_by_one(self.today._members(dimension)) if member.value == value]
        called = next((member.value for member in self._members(dimension) if member.id in ids), None)
        if called is None and any(member.value == value for member in self._members(dimension)):
            return f"{value} [{ids[0]}]"
        return called or value

    def spellings(self, dimension: str, text: str) -> tuple[str, ...]:
        """Return how a value that a definition names is written in the data; as it is named where it is not."""
        named = (each.value for each in self._names(dimension).get(folded(text), ()))
        return tuple(dict.fromkeys((*named, *self._meant(dimension, text)))) or (text,)

    def count(self, dimension: str) -> int:
        """Return how many members a dimension has, `(none)` included."""
        return len(self._members(dimension)) + 1

    def _meant(self, dimension: str, word: str) -> tuple[str, ...]:
        """Return the codes that a word is a spelling of: those that rows have, or where none has one all."""
        known = self.codes.get(dimension, ()) if len(word) <= LONGEST_NAME else ()
        codes = [code for each in known if (code := each.meant(word)) is not None]
        names = self._names(dimension) if len(codes) > 1 else {}
        return tuple(dict.fromkeys([each for each in codes if folded(each) in names] or codes))

    def _code_names(self, dimension: str) -> list[str]:
        return [name for each in self.codes.get(dimension, ()) for name in each.names]

    def _proposed(self, dimension: str) -> KnownNames:
        """Return what may be meant by a name that is none."""
        if dimension not in self._near:
            shown = (member.value for member in one_by_one(self._members(dimension)))
            self._near[dimension] = KnownNames(dict.fromkeys((*shown, *self._code_names(dimension))))
        return self._near[dimension]

    def _members(self, dimension: str) -> tuple[Member, ...]:
        if dimension not in self._listed:
            self._listed[dimension] = self.warehouse.members(dimension)
        return self._listed[dimension]

    def _names(self, dimension: str) -> dict[str, tuple[Member, ...]]:
        if dimension not in self._known:
            names: dict[str, tuple[Member, ...]] = {}
            for member in one_by_one(self._members(dimension)):
                for name in {folded(member.id), folded(member.label), folded(member.value)}:
                    names[name] = (*names.get(name, ()), member)
            self._known[dimension] = names
        return self._known[dimension]


def resolved(given: CutGiven, registry: Registry, members: Members) -> Filters:
    """Return the cuts with canonical names and members, sorted by dimension.

    A value may be a list: then any of its members counts. Raises BadCut and UnknownName.
    """
    if not isinstance(given, Mapping):
        raise BadCut("cuts are pairs of a dimension and its value.", hint='Write where={"rep": "Ann Lee"}.')
    found: dict[str, tuple[str, ...]] = {}
    for name, values in given.items():
        dimension = registry.dimension(name).name
        if dimension in found:
            raise BadCut(f"the dimension '{dimension}' is given twice.", hint="Give its values together.")
        listed: Sequence[object] = list(values) if isinstance(values, list | tuple | set | frozenset) else [values]
        if not listed:
            raise BadCut(f"the {dimension} to cut by is empty.", hint=f"Leave the pair out, or ask for '{NONE}'.")
        meant = (one for each in one_by_one(listed) for one in members.values(dimension, each))
        found[dimension] = tuple(dict.fromkeys(meant))
    return tuple(sorted(found.items()))


def check_cuts(definition: Definition, dimensions: Iterable[str], definitions: Definitions, state: State) -> None:
    """Refuse a dimension that an input's rows lack, or a variant that needs one that is not given.

    Raises: BadCut, naming KPI, input and dimension and what would be needed.
    """
    asked = tuple(dimensions)
    for needed in definition.spec.needs_cut:
        if needed not in asked:
            raise BadCut(f"'{definition.place}' has a meaning only by {needed}.", hint=f"Add a cut by {needed}.")
    for each in definition.inputs:
        if each.measure is not None:
            cut = [name for name in asked if name not in regardless(each.given)]
            refused = f"'{definition.place}' cannot be cut by {{}}: its input '{each.name}' is read"
            check_entity(refused, each.measure.entity, cut, definitions.registry, state)
        elif each.ref and not isinstance(each.given, Target):
            check_cuts(definitions.get(*each.ref), asked, definitions, state)


def check_entity(refused: str, entity: str, cut: Iterable[str], registry: Registry, state: State) -> None:
    """Refuse a dimension that the rows of an entity lack; `refused` says so, with {} for the dimension.

    Raises: BadCut, naming the entity and what would be needed.
    """
    known = registry.dimensions_of(entity)
    loaded = state.entities.get(entity)
    for dimension in cut:
        field = registry.dimensions[dimension].key or dimension
        said = f"{refused.format(dimension)} from '{entity}'"
        if dimension not in known:
            raise BadCut(f"{said}, which has no {dimension}.", hint=f"It would need a field '{field}' on '{entity}'.")
        if loaded is not None and loaded.rows and not loaded.filled.get(dimension):
            raise BadCut(f"{said}, and no row of it has a {dimension}.", hint=f"Load '{entity}.{field}'.")
