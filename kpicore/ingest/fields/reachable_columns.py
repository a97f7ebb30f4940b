"""Which columns can hold a value at all in this load.

Most of the vocabulary is empty in any one organisation. A column that no source ever gave and that
nothing can fill is null in every row: it needs no join, no sorting and no space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpicore.ingest.fields.cycles import FieldOf
from kpicore.ingest.fields.derivations import Filling
from kpicore.language import Node, names
from kpicore.model.expressions import Arithmetic, Call, Case, Literal, Name, Negative, walk
from kpicore.model.schema import FirstSince, LookUp, RollUp

Fillings = Mapping[FieldOf, tuple[Filling, ...]]


def possible_fields(given: Iterable[FieldOf], fillings: Fillings, copies: Mapping[FieldOf, FieldOf]) -> set[FieldOf]:
    """Return the fields that can hold a value: given ones, and what can be made from them in any number of steps.

    `copies` are days with their moments, and fields of made entities with what they are copied from.
    """
    found = set(given)
    while True:
        new = {copy for copy, source in copies.items() if source in found}
        new |= {field for field, ways in fillings.items() if any(can_fill(way, found) for way in ways)}
        if new <= found:
            return found
        found |= new


def can_fill(filling: Filling, possible: set[FieldOf]) -> bool:
    """Return whether the filling can give a value when only these fields hold any."""
    how, needed = filling.how, filling.field.needs_one_of
    if needed and not any((filling.entity, each) in possible for each in needed):
        return False
    if isinstance(how, LookUp):
        return (filling.entity, how.through) in possible and (filling.other, how.field) in possible
    if isinstance(how, FirstSince):
        own, other = filling.entity, filling.other
        return {(own, how.through), (own, how.since), (other, how.key), (other, how.field)} <= possible
    if isinstance(how, RollUp):
        return (filling.other, how.key) in possible and all(
            _can_hold(each, filling.other, possible) for each in (filling.value, filling.when)
        )
    return _can_hold(filling.value, filling.entity, possible)


def _can_hold(node: Node | None, entity: str, possible: set[FieldOf]) -> bool:
    """Return whether an expression can have a value; one that is null as soon as a name is surely may not."""
    if isinstance(node, Case):
        values = [value for _, value in node.branches] + ([node.otherwise] if node.otherwise is not None else [])
        return any(_can_hold(each, entity, possible) for each in values)
    if node is None or not all(isinstance(each, Name | Literal | Arithmetic | Negative | Call) for each in walk(node)):
        return True
    if any(isinstance(each, Call) and each.function not in ("days", "minutes", "abs") for each in walk(node)):
        return True
    return all((entity, name) in possible for namespace, name in names(node) if namespace in ("", "given"))
