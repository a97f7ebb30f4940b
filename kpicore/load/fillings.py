"""What each field is filled from, and which of these ways can be taken in this load."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kpicore.entities import Entity, Field, How, LookUp, RollUp, Type
from kpicore.errors import BadDefinition, BadExpression, UnknownName
from kpicore.expressions import Node, names, parse_row
from kpicore.inputs import Aggregate
from kpicore.registry import Registry

ID = "id"


@dataclass(frozen=True, slots=True)
class Filling:
    """One way to fill one field. `own` are fields of the same row that it reads, `read` fields of `other`.

    `value`, `when` and `where` are the trees of its expressions, None where it has none.
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


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the definitions: entities that are not there (`available`) fill nothing."""

    registry: Registry
    settings: Mapping[str, object]
    available: Collection[str]

    def fillings(self, entity: Entity) -> Iterator[Filling]:
        """Yield the fillings of all fields, in order. Raises BadDefinition, UnknownName."""
        for field in entity.fields:
            for how in field.how:
                found = self.filling(entity, field, how)
                if not found.other or found.other in self.available:
                    yield found

    def filling(self, entity: Entity, field: Field, how: How) -> Filling:
        """Return what one way to fill a field reads. Raises BadDefinition, UnknownName."""
        where = f"field '{entity.name}.{field.name}'"
        if isinstance(how, str):
            node = self._parsed(how, entity.name, where)
            if not _fits(node.type, field.type):
                raise BadExpression(how, f"it is {node.type.value}, and the field is {field.type.value}", where=where)
            return Filling(entity.name, field, how, own=_fields(node), value=node)
        if isinstance(how, LookUp):
            self._known(entity.name, how.through, where)
            self._known(how.entity, ID, where)
            self._known(how.entity, how.field, where)
            return Filling(entity.name, field, how, frozenset({how.through}), how.entity, frozenset({how.field}))
        return self._roll_up(entity, field, how, where)

    def _roll_up(self, entity: Entity, field: Field, how: RollUp, where: str) -> Filling:
        aggregate = how.aggregate
        other = _entity_of(aggregate, where)
        self._known(entity.name, ID, where)
        self._known(other, how.key, where)
        value, when, condition = (
            self._parsed(text, other, where) if text else None
            for text in (aggregate.value, aggregate.when, aggregate.where)
        )
        read = frozenset({how.key}).union(*(_fields(each) for each in (value, when, condition) if each))
        return Filling(entity.name, field, how, frozenset({ID}), other, read, value, when, condition)

    def _parsed(self, text: str, entity: str, where: str) -> Node:
        columns = {each.name: each.type for each in self.registry.entity(entity).fields}
        node = parse_row(text, columns, settings=self.settings, where=where)
        if any(namespace == "period" for namespace, _ in names(node)):
            raise BadDefinition(where, "it is made at load, where there is no period")
        return node

    def _known(self, entity: str, field: str, where: str) -> None:
        columns: Mapping[str, Type] = {each.name: each.type for each in self.registry.entity(entity).fields}
        if field not in columns:
            raise UnknownName("field", field, columns, where=f"entity '{entity}', {where}")


def _fits(made: Type, wanted: Type) -> bool:
    """Whether a value can be kept in a field as it is: no digits are cut off, no instant becomes a day in UTC."""
    return made is wanted or (made in _NUMBERS and wanted in (Type.NUMBER, Type.MONEY))


_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)


def _entity_of(aggregate: Aggregate, where: str) -> str:
    if not isinstance(aggregate.entity, str):
        raise BadDefinition(where, "a roll-up is over the rows of an entity, not over per(…)")
    return aggregate.entity


def _fields(node: Node) -> frozenset[str]:
    return frozenset(name for namespace, name in names(node) if not namespace)
