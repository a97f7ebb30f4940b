"""Amounts that were given in other currencies: which ones, and by the rate of which day they were converted."""

from __future__ import annotations

from kpicore.engine.compile.measures import Grouped, Measure
from kpicore.engine.scan.fragments import Binder
from kpicore.language import names
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, Type
from kpicore.registry.registry import Registry
from kpicore.warehouse import Warehouse

_CURRENCY = "currency"
_RATES = "fx_rate"


class Converted:
    """Tells of each measure that reads amounts how foreign ones among them were converted."""

    def __init__(self, warehouse: Warehouse, registry: Registry) -> None:
        self._warehouse, self._registry = warehouse, registry
        self._known: dict[str, tuple[Note, ...]] = {}

    def notes(self, measure: Measure) -> tuple[Note, ...]:
        """Return a note that names the currencies and the day of the rates; nothing when all amounts are at home."""
        if not self._reads_amounts(measure):
            return ()
        if measure.entity not in self._known:
            self._known[measure.entity] = self._of(self._registry.entity(measure.entity))
        return self._known[measure.entity]

    def _reads_amounts(self, measure: Measure) -> bool:
        fields = self._registry.columns(measure.entity)
        while isinstance(measure.source, Grouped):
            measure = measure.source.inner
        read = (name for node in (measure.value, measure.where) if node for space, name in names(node) if not space)
        return any(fields.get(name) is Type.MONEY for name in read)

    def _of(self, entity: Entity) -> tuple[Note, ...]:
        loaded = self._warehouse.state.entities
        if _RATES not in loaded or not loaded[entity.name].filled.get(_CURRENCY):
            return ()
        # a currency without any rate was not converted: its amounts are empty, or summed up of others
        bind = Binder(self._warehouse)
        amounts = ", ".join(f"e.{bind.quote(field.name)}" for field in entity.fields if field.type is Type.MONEY)
        code = f"upper(trim(e.{_CURRENCY}))"
        rows = self._warehouse.query(
            f"SELECT DISTINCT {code} AS code FROM {bind.relation(entity.name)} AS e"
            f" WHERE e.{_CURRENCY} IS NOT NULL AND {code} <> {bind(self._warehouse.state.currency)}"
            f" AND {code} IN (SELECT upper(trim(r.{_CURRENCY})) FROM {bind.relation(_RATES)} AS r"
            f" WHERE r.rate IS NOT NULL) AND coalesce({amounts}) IS NOT NULL ORDER BY 1",
            bind.values,
        )
        codes = tuple(str(code) for (code,) in rows)
        return (Note.of("converted", currencies=codes, field=_day(entity, self._registry)),) if codes else ()


def _day(entity: Entity, registry: Registry) -> str:
    """Return the field with the day of the rate: the row's main date, of a made row its origin's; "" for none."""
    # a made row was converted where its origin was: by the day of that
    key = entity.field(entity.key[0])
    origin = registry.entity(key.refers_to) if entity.made and key is not None else entity
    return origin.main_date or ""
