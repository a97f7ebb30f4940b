"""Which entities the rows of one are made of, that of when their data is tells of when hers is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from kpicore.engine.compile.definitions import Definitions
from kpicore.errors import KpiError
from kpicore.language import names, parse_row
from kpicore.model.schema import Entity, Field, FirstSince, RollUp, Type, day_name
from kpicore.turns import GivenUp
from kpicore.utils.isolation import contained
from kpicore.warehouse import LoadedWarehouse, State, Warehouse


class MadeOf:
    """Tells it in one state of the data: each entity stands for its own rows.

    A derived entity is made of its origin and of those with dated rows that it is built from; a field that no source
    gave, of the rows that are rolled up into it. Names and amounts that are looked up by an id say nothing of a day.
    """

    def __init__(self, definitions: Definitions, warehouse: Warehouse, state: State) -> None:
        self._registry, self._settings = definitions.registry, definitions.settings
        self._warehouse, self._state = warehouse, state
        self._given: dict[str, frozenset[str]] = {}

    def entities(self, entity: str, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the entity, and those that its rows and these columns of it are made of."""
        reached, todo = dict.fromkeys([(entity, name) for name in ("", *columns)]), list[tuple[str, str]]()
        todo += reached
        while todo:
            new = [column for column in self._behind(*todo.pop()) if column not in reached]
            reached |= dict.fromkeys(new)
            todo += new
        return tuple(dict.fromkeys(name for name, _ in reached))

    def _behind(self, name: str, column: str) -> Iterator[tuple[str, str]]:
        if name in self._registry.derived:
            # of a column that is copied the origin's, else nothing: then it is told by all that is read
            derived = self._registry.derived[name]
            yield derived.origin, "" if column in derived.columns else column
            yield from ((read, "") for read in self._read_by(name) if self._registry.entities[read].main_date)
        elif (field := _stored(self._registry.entities.get(name), column)) is not None:
            for how in field.how if field.name not in self._given_of(name) else ():
                match how:
                    case RollUp(_, aggregate):
                        yield str(aggregate.entity), aggregate.when or ""
                    case FirstSince(_, other, _, seen, _):
                        yield other, seen
                    case str():
                        yield from ((name, used) for used in self._names_in(self._registry.entities[name], how))

    def _given_of(self, entity: str) -> frozenset[str]:
        if entity not in self._given:
            warehouse = self._warehouse
            given = warehouse.given_columns(entity) if isinstance(warehouse, LoadedWarehouse) else frozenset[str]()
            self._given[entity] = given
        return self._given[entity]

    def _names_in(self, entity: Entity, text: str) -> Iterator[str]:
        columns = {field.name: field.type for field in entity.fields}
        try:
            node = parse_row(text, columns, settings=self._settings, given=columns)
        except KpiError:  # the load refuses it, and says so
            return
        yield from (name for space, name in sorted(names(node)) if not space)

    def _read_by(self, name: str) -> Collection[str]:
        """Return the entities that a derived one is built from: of its alternatives the one that counts."""
        derived, there = self._registry.derived[name], self._state.entities
        settings = {setting: self._settings[setting] for setting in derived.settings}
        try:
            with contained():
                alternatives = derived.alternatives(settings)
                return tuple(next((reads for reads in alternatives if any(read in there for read in reads)), ()))
        except GivenUp:
            raise
        except Exception:  # foreign code: the load has told that it cannot be built
            return ()


def _stored(entity: Entity | None, column: str) -> Field | None:
    """Return the field that fills a column: of the day of a moment it is the moment."""
    if entity is None:
        return None
    moments = (field for field in entity.fields if field.type is Type.MOMENT and day_name(field.name) == column)
    return next(moments, entity.field(column))
