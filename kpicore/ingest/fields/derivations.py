"""What each field is filled from, and which of these ways can be taken in this load."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from kpicore.errors import BadDefinition, BadExpression, UnknownName
from kpicore.ingest.fields.dated_rows import GIVEN_SPACE, Dating, dating
from kpicore.ingest.raw.sql_types import KEPT_DECIMALS
from kpicore.language import Node, decimals, names, parse_row
from kpicore.language.coded import literals_as_codes
from kpicore.lineage import Column
from kpicore.model.codes import Codes
from kpicore.model.expressions import Call, Case, Known, Literal, Name
from kpicore.model.inputs import Aggregate
from kpicore.model.schema import Entity, Field, FirstSince, How, LookUp, RollUp, Type, given_name
from kpicore.registry.registry import Registry

ID = "id"
GIVEN, APART = "given ", "apart "
"""Before a field's name: the column as sources gave it, in the organisation's currency; and the same
filled by those ways that do not come back to the field, for a reader on a circle with it."""
AT_THE_EDGE = ("earliest", "latest")
"""The words of roll-ups that take the value of one row, which their `when` picks."""
_DAYS = (Type.DATE, Type.MOMENT)


@dataclass(frozen=True, slots=True)
class FieldDerivation:
    """One way to fill one field. `own` are fields of the same row that it reads, `read` fields of `other`.

    `value`, `when` and `where` are the trees of its expressions, None where it has none: `when` tells which row
    is the earliest or latest. `dating` is what dates the rows that it takes. One that `is_settled` is what the field
    is in the end, whatever was given.
    """

    entity: str
    field: Field
    how: How
    own: frozenset[str] = frozenset()
    other: str = ""
    read: frozenset[str] = frozenset()
    value: Node | None = None
    when: Node | None = None
    where: Node | None = None
    dating: Dating | None = None
    is_settled: bool = False
    words: FieldDerivation | None = None
    """Of a field with codes, the same way for the field beside it that holds the word as given."""

    @property
    def is_endless(self) -> bool:
        """Whether it works out a NUMBER that may have any number of decimals."""
        if self.field.type is not Type.NUMBER or self.value is None:
            return False
        averaged = isinstance(self.how, RollUp) and self.how.aggregate.word in ("average", "percentile")
        return averaged or decimals(self.value) > KEPT_DECIMALS[Type.NUMBER]


Derivations = Mapping[Column, tuple[FieldDerivation, ...]]
"""The ways to fill each field, in order."""


@dataclass(frozen=True, slots=True)
class DerivationReader:
    """Reads the definitions: entities that are not there (`available`) fill nothing."""

    registry: Registry
    settings: Mapping[str, object]
    available: Collection[str]

    def derivations(self, entity: Entity) -> Iterator[FieldDerivation]:
        """Yield the derivations of all fields, in order, that which settles a field first.

        Raises: BadDefinition, UnknownName.
        """
        for field in entity.fields:
            self._check_names(entity.name, field)
            if field.settled:
                # first, as `derived_rows` looks for it in the first place
                yield replace(self.derivation(entity, field, field.settled), is_settled=True)
            for how in field.how:
                derivation = self.derivation(entity, field, how)
                # what reads an entity that nobody loaded is checked all the same, and then left out
                if not derivation.other or derivation.other in self.available:
                    yield self.coded(entity, derivation)

    def _check_names(self, entity: str, field: Field) -> None:
        """Refuse a field that speaks of an entity or of fields that are not there."""
        where = f"field '{entity}.{field.name}'"
        beside = {"ends": (field.ends,), "words_of": (field.words_of,), "needs_one_of": field.needs_one_of}
        for part, others in beside.items():
            for name in filter(None, others):
                self._known(entity, name, f"{where}, its {part}")
        if field.ends and {field.type, self.registry.columns(entity)[field.ends]} - set(_DAYS):
            raise BadDefinition(where, f"it ends '{field.ends}': both are a date or a moment")
        if field.refers_to and field.refers_to not in self.registry.entities:
            raise UnknownName("entity", field.refers_to, self.registry.entities, where=f"{where}, its refers_to")
        if field.open_while:
            condition = self._parsed(field.open_while, entity, f"{where}, its open_while")
            if condition.type is not Type.BOOLEAN:
                hint = "Compare it with something."
                raise BadDefinition(where, f"open_while='{field.open_while}' is no condition", hint=hint)

    def derivation(self, entity: Entity, field: Field, how: How) -> FieldDerivation:
        """Return what one way to fill a field reads. Raises BadDefinition, UnknownName."""
        where = f"field '{entity.name}.{field.name}'"
        if isinstance(how, str):
            node = self._parsed(how, entity.name, where, of_the_row=True)
            if not _fits(node.type, field.type):
                raise BadExpression(how, f"it is {node.type.value}, and the field is {field.type.value}", where=where)
            return FieldDerivation(entity.name, field, how, own=_fields(node), value=node)
        if isinstance(how, LookUp):
            self._joined((entity.name, how.through), (how.entity, ID), where)
            self._known(how.entity, how.field, where)
            _refuse_other_type(field, self.registry.columns(how.entity)[how.field], where)
            return FieldDerivation(
                entity.name, field, how, frozenset({how.through}), how.entity, frozenset({how.field})
            )
        if isinstance(how, FirstSince):
            return self._first_since(entity, field, how, where)
        return self._roll_up(entity, field, how, where)

    def coded(self, entity: Entity, way: FieldDerivation) -> FieldDerivation:
        """Return a way to fill a field; with codes its own words are codes, and it knows how the word is filled."""
        codes, beside = way.field.codes, entity.field(given_name(way.field.name))
        if codes is None:
            return way
        if isinstance(way.how, str) and way.value is not None:
            way = replace(way, value=literals_as_codes(way.value, codes))
        other = self.registry.codes(way.other or entity.name)
        # by its codes as they are after literals have become codes
        if codes.closed:
            _refuse_what_is_no_code(entity, way, codes, other)
        if beside is None:
            return way
        words = replace(way, field=beside)
        # The word is read where the code is: of another field with codes from the word beside that one.
        if isinstance(way.how, LookUp) and way.how.field in other:
            name = given_name(way.how.field)
            words = replace(words, how=replace(way.how, field=name), read=frozenset({name}))
        elif isinstance(way.value, Name) and way.value.name in other and not way.value.namespace:
            name = given_name(way.value.name)
            value = replace(way.value, name=name)
            read = "read" if isinstance(way.how, RollUp) else "own"
            words = replace(words, value=value, **{read: getattr(way, read) | {name}})
        return replace(way, words=words)

    def _first_since(self, entity: Entity, field: Field, how: FirstSince, where: str) -> FieldDerivation:
        self._joined((entity.name, how.through), (how.entity, how.key), where)
        dates = ((entity.name, how.since), (how.entity, how.field))
        for owner, name in dates:
            self._known(owner, name, where)
        for owner, name in dates:
            type_ = self.registry.columns(owner)[name]
            if type_ is not field.type or type_ not in _DAYS:
                raise BadDefinition(where, f"'{owner}.{name}' is {type_.value}, and the field is {field.type.value}")
        read = frozenset({how.key, how.field})
        return FieldDerivation(entity.name, field, how, frozenset({how.through, how.since}), how.entity, read)

    def _roll_up(self, entity: Entity, field: Field, how: RollUp, where: str) -> FieldDerivation:
        aggregate = how.aggregate
        other = _entity_of(aggregate, where)
        self._joined((other, how.key), (entity.name, ID), where)
        value, when, condition = (
            self._parsed(text, other, where) if text else None
            for text in (aggregate.value, aggregate.when, aggregate.where)
        )
        _refuse_other_type(field, _rolled_up(aggregate, value, when, condition, where), where)
        if when is not None and when.type not in _DAYS and aggregate.word not in AT_THE_EDGE:
            raise BadDefinition(where, f"when='{aggregate.when}' is {when.type.value}, no date or moment")
        dates = dating(entity, how, self.registry.entity(other), when)
        # there `when` only dates the rows, which `dates` holds by now; for the others it picks the row
        if aggregate.word not in AT_THE_EDGE:
            when = None
        nodes = (value, when, condition, dates.node if dates else None)
        read = frozenset({how.key}).union(*(_fields(node) for node in nodes if node))
        return FieldDerivation(entity.name, field, how, frozenset({ID}), other, read, value, when, condition, dates)

    def _parsed(self, text: str, entity: str, where: str, *, of_the_row: bool = False) -> Node:
        columns = {field.name: field.type for field in self.registry.entity(entity).fields}
        given_columns = columns if of_the_row else {}
        codes = self.registry.codes(entity)
        node = parse_row(text, columns, settings=self.settings, given=given_columns, codes=codes, where=where)
        # period.as_of is the day of the data, which a load knows; a roll-up has `until` for it
        of_period = {name for namespace, name in names(node) if namespace == "period"}
        if of_period - ({"as_of"} if of_the_row else set()):
            raise BadDefinition(where, "it is made at load, where there is no period")
        return node

    def _joined(self, own: tuple[str, str], other: tuple[str, str], where: str) -> None:
        """Refuse fields by which rows cannot be found. Raises BadDefinition, UnknownName."""
        for column in (own, other):
            self._known(*column, where)
        types = [self.registry.columns(entity)[field] for entity, field in (own, other)]
        if types[0] is not types[1]:
            (name, is_a), (wanted, is_another) = zip(map(".".join, (own, other)), types, strict=True)
            problem = f"'{name}' is {is_a.value} and '{wanted}' {is_another.value}: no row is found by it"
            raise BadDefinition(where, problem)

    def _known(self, entity: str, field: str, where: str) -> None:
        if entity not in self.registry.entities:
            raise UnknownName("entity", entity, self.registry.entities, where=where)
        columns: Mapping[str, Type] = {field.name: field.type for field in self.registry.entity(entity).fields}
        if field not in columns:
            raise UnknownName("field", field, columns, where=f"entity '{entity}', {where}")


def _refuse_what_is_no_code(entity: Entity, way: FieldDerivation, codes: Codes, other: Mapping[str, Codes]) -> None:
    """Refuse a way to fill a closed field that may give a text which is no code: it would count nowhere, unsaid.

    Raises: BadDefinition.
    """
    where, known = f"field '{entity.name}.{way.field.name}'", {*codes.names}
    for source in [way.how] if isinstance(way.how, LookUp) else _results(way.value) if way.value is not None else []:
        match source:
            case LookUp() | Name(namespace="" | "given"):
                name = source.field if isinstance(source, LookUp) else source.name
                read = other.get(name)
                if read is None or not read.closed or not known.issuperset(read.names):
                    holds = "no codes" if read is None else "other codes"
                    wrong = f"'{way.other or entity.name}.{name}' has {holds}: its words would be none of this field's"
                    hint = f"Write case when {name} = '…' then '{codes.names[0]}' end, with a when for each word."
                    raise BadDefinition(where, wrong, hint=hint)
            case Literal(str(word)) if word not in known:
                raise BadDefinition(where, f"'{word}' is none of its codes: {', '.join(codes.names)}")


def _results(node: Node) -> Iterator[Node]:
    """Yield what an expression may come to."""
    match node:
        case Case(branches, otherwise):
            for value in (*(value for _, value in branches), *(() if otherwise is None else (otherwise,))):
                yield from _results(value)
        case Call("coalesce", arguments):
            for argument in arguments:
                yield from _results(argument)
        case Known(operand):
            yield from _results(operand)
        case _:
            yield node


def bare(column: str) -> str:
    """Return the name of the field without what stands before it.

    >>> bare("given amount"), bare("amount")
    ('amount', 'amount')
    """
    return column.removeprefix(GIVEN).removeprefix(APART)


def _fits(value_type: Type, wanted: Type) -> bool:
    """Whether a value can be kept in a field as it is: no digits are cut off, no instant becomes a day in UTC."""
    return value_type is wanted or (value_type in _NUMBERS and wanted in (Type.NUMBER, Type.MONEY))


_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)


def _refuse_other_type(field: Field, value_type: Type, where: str) -> None:
    if not _fits(value_type, field.type):
        raise BadDefinition(where, f"what it is made from is {value_type.value}, and the field is {field.type.value}")


def _rolled_up(aggregate: Aggregate, value: Node | None, when: Node | None, condition: Node | None, where: str) -> Type:
    """Return the type of what a roll-up gives. Raises BadDefinition for one that gives nothing."""
    word = aggregate.word
    if condition is not None and condition.type is not Type.BOOLEAN:
        raise BadDefinition(where, f"where='{aggregate.where}' is no condition", hint="Compare it with something.")
    if (value is None) != (word == "count"):
        raise BadDefinition(where, f"'{word}' needs {'no value' if word == 'count' else 'a value'}")
    if word in AT_THE_EDGE and when is None:
        raise BadDefinition(where, f"'{word}' needs a when")
    if value is None or word == "distinct":
        return Type.INTEGER
    if word in AT_THE_EDGE:
        return value.type
    if value.type not in _NUMBERS:
        raise BadDefinition(where, f"'{word}' of '{aggregate.value}' is not a number")
    # the average of whole numbers has decimals; that of money stays money
    return Type.NUMBER if word == "average" and value.type is Type.INTEGER else value.type


def _entity_of(aggregate: Aggregate, where: str) -> str:
    if not isinstance(aggregate.entity, str):
        raise BadDefinition(where, "a roll-up is over the rows of an entity, not over per(…)")
    return aggregate.entity


def _fields(node: Node) -> frozenset[str]:
    # settings and periods are no columns; "given.closed_on" is the column "given closed_on"
    prefixes = {"": "", GIVEN_SPACE: GIVEN}
    return frozenset(prefixes[namespace] + name for namespace, name in names(node) if namespace in prefixes)
