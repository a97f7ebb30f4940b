"""Cuts: which dimensions an input can be cut by, and which members a person means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kpicore.engine.compile.definitions import Definition, Definitions, regardless
from kpicore.engine.compile.measures import CompiledInput
from kpicore.engine.compile.requirements import walk_inputs
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
class MemberNames:
    """The members of each dimension by what people may call them: label, display value, id or a spelling of a code.

    Those of an earlier day may be called as they are `today`, too.
    """

    warehouse: Warehouse
    codes: Mapping[str, tuple[Codes, ...]] = field(default_factory=dict)
    today: MemberNames | None = None
    _known: dict[str, dict[str, list[Member]]] = field(default_factory=dict)
    _listed: dict[str, tuple[Member, ...]] = field(default_factory=dict)
    _near: dict[str, KnownNames] = field(default_factory=dict)

    def values(self, dimension: str, name: object) -> tuple[str, ...]:
        """Return the member that a cut value means. Raises BadCut and UnknownName.

        They are several only where plain texts differ in nothing but case and spaces around them, or where the
        fields of several entities know the word as codes of their own.
        """
        if isinstance(name, bool) or not isinstance(name, str):
            raise BadCut(f"the {dimension} '{said(name)}' is not text.", hint="Write the name as text.")
        if not name.strip():
            raise BadCut(f"the {dimension} to cut by is empty.", hint=f"Leave the pair out, or ask for '{NONE}'.")
        # else ">100" would be a name that nobody has, and "nearest names" the answer to it
        if name.strip()[0] in "<>=":
            raise BadCut(f"the {dimension} '{name}' is a condition; a cut is a name.", hint="Name the values.")
        if folded(name) == NONE:
            return (NONE,)
        members = self._named(dimension, name)
        codes = self._meant(dimension, name)
        if not members and not codes and self.today is not None:
            return tuple(then for value in self.today.values(dimension, name) for then in self.then(dimension, value))
        if not members and not codes:
            self._refuse_unexplained(dimension, name)
            raise UnknownName(dimension, name, self._proposed(dimension))
        if len(members) == 1 or all(member.id == member.value for member in members):
            return tuple(dict.fromkeys((*(member.value for member in members), *codes)))
        # several members of one label: the id, or the value with the id behind it, tells which
        written = [member for member in members if name.strip() in (member.id, member.value)]
        if len(written) != 1:
            both = ", ".join(
                f"'{member.id if folded(member.value) == folded(name) else member.value}'" for member in members
            )
            raise BadCut(f"{len(members)} {dimension}s are called '{name}'.", hint=f"Say which: {both}.")
        return (written[0].value,)

    def _refuse_unexplained(self, dimension: str, name: str) -> None:
        """Point to the words as given where a word of a source is no code of the dimension."""
        words = given_name(dimension)
        if self.codes.get(dimension) and folded(name) in self._names(words):
            hint = f"Cut by {words} '{name.strip()}', or say in kpi.toml what it means."
            raise BadCut(f"'{name.strip()}' is a {dimension} as it was given, and no code.", hint=hint)

    def then(self, dimension: str, value: str) -> tuple[str, ...]:
        """Return what a member of today was called then; one that was not there yet is called as nobody was.

        They are several only where plain texts differ in nothing but case.
        """
        if self.today is None:
            return (value,)
        # of a plain text, a code and (none) the value is the id
        ids = [member.id for member in self.today._named(dimension, value) if member.value == value] or [value]
        called = [
            member.value
            for id in ids
            for member in self._named(dimension, id)
            if member.id == id or (id == value and member.id == member.value)
        ]
        if not called and any(member.value == value for member in self._named(dimension, value)):
            # somebody else was called so then: a name that nobody had
            return (f"{value} [{ids[0]}]",)
        return tuple(called) or (value,)

    def spellings(self, dimension: str, text: str) -> tuple[str, ...]:
        """Return how a value that a definition names is written in the data; as it is named where it is not."""
        named = (member.value for member in self._named(dimension, text))
        return tuple(dict.fromkeys((*named, *self._meant(dimension, text)))) or (text,)

    def count(self, dimension: str) -> int:
        """Return how many members a dimension has, `(none)` included."""
        return len(self._members(dimension)) + 1

    def _meant(self, dimension: str, word: str) -> tuple[str, ...]:
        """Return the codes that a word is a spelling of: those that rows have, or where none has one all."""
        known = self.codes.get(dimension, ()) if len(word) <= LONGEST_NAME else ()
        codes = [code for codes_of_field in known if (code := codes_of_field.meant(word)) is not None]
        names = self._names(dimension) if len(codes) > 1 else {}
        return tuple(dict.fromkeys([code for code in codes if folded(code) in names] or codes))

    def _code_names(self, dimension: str) -> list[str]:
        return [name for codes in self.codes.get(dimension, ()) for name in codes.names]

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

    def _named(self, dimension: str, name: str) -> Sequence[Member]:
        return self._names(dimension).get(folded(name), ())

    def _names(self, dimension: str) -> dict[str, list[Member]]:
        if dimension not in self._known:
            names: dict[str, list[Member]] = {}
            for member in one_by_one(self._members(dimension)):
                # a set: of a plain text the three are one, under which it is listed once
                for name in {folded(member.id), folded(member.label), folded(member.value)}:
                    names.setdefault(name, []).append(member)
            self._known[dimension] = names
        return self._known[dimension]


def resolved(cuts: CutGiven, registry: Registry, members: MemberNames) -> Filters:
    """Return the cuts with canonical names and members, sorted by dimension.

    A value may be a list: then any of its members counts. Raises BadCut and UnknownName.
    """
    if not isinstance(cuts, Mapping):
        hint = f'Write where={{"{registry.example_dimension}": "a value"}}.'
        raise BadCut("cuts are pairs of a dimension and its value.", hint=hint)
    filters: dict[str, tuple[str, ...]] = {}
    for name, values in cuts.items():
        dimension = registry.dimension(name).name
        if dimension in filters:
            raise BadCut(f"the dimension '{dimension}' is given twice.", hint="Give its values together.")
        listed: Sequence[object] = list(values) if isinstance(values, list | tuple | set | frozenset) else [values]
        if not listed:
            raise BadCut(f"the {dimension} to cut by is empty.", hint=f"Leave the pair out, or ask for '{NONE}'.")
        meant = (member for value in one_by_one(listed) for member in members.values(dimension, value))
        filters[dimension] = tuple(dict.fromkeys(meant))
    return tuple(sorted(filters.items()))


def check_cuts(definition: Definition, dimensions: Iterable[str], definitions: Definitions, state: State) -> None:
    """Refuse a dimension that an input's rows lack, or a variant that needs one that is not given.

    Raises: BadCut, naming KPI, input and dimension and what would be needed.
    """
    cut_by = tuple(dimensions)
    _check_needed(definition, cut_by)
    for owner, compiled in walk_inputs(definition, definitions):
        if compiled.measure is not None:
            check_input(owner, compiled, cut_by, definitions.registry, state)
        elif compiled.ref and not isinstance(compiled.given, Target):
            _check_needed(definitions.get(*compiled.ref), cut_by)


def check_input(
    owner: Definition, compiled: CompiledInput, dimensions: Iterable[str], registry: Registry, state: State
) -> None:
    """Refuse a dimension that the rows of an input of its own lack. Raises BadCut."""
    assert compiled.measure is not None
    cut = [name for name in dimensions if name not in regardless(compiled.given)]
    refused = f"'{owner.place}' cannot be cut by {{}}: its input '{compiled.name}' is read"
    check_entity(refused, compiled.measure.entity, cut, registry, state)


def _check_needed(definition: Definition, cut_by: Collection[str]) -> None:
    for dimension in definition.spec.needs_cut:
        if dimension not in cut_by:
            raise BadCut(f"'{definition.place}' has a meaning only by {dimension}.", hint=f"Add a cut by {dimension}.")


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
        # by a field that is empty throughout every member but (none) would be 0: a wrong number
        if loaded is not None and loaded.rows and not loaded.filled.get(dimension):
            raise BadCut(f"{said}, and no row of it has a {dimension}.", hint=f"Load '{entity}.{field}'.")
