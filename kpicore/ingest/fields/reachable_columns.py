"""Which columns can hold a value at all in this load.

Most of the vocabulary is empty in any one organisation. A column that no source ever gave and that
nothing can fill is null in every row: it needs no join, no sorting and no space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpicore.ingest.fields.cycles import FieldOf
from kpicore.ingest.fields.derivations import Derivations, FieldDerivation
from kpicore.language import Node, names
from kpicore.model.expressions import Arithmetic, Call, Case, Literal, Name, Negative, walk
from kpicore.model.schema import FirstSince, LookUp, RollUp


def possible_fields(
    given_columns: Iterable[FieldOf], derivations: Derivations, copies: Mapping[FieldOf, FieldOf]
) -> set[FieldOf]:
    """Return the fields that can hold a value: given ones, and what can be made from them in any number of steps.

    `copies` are days with their moments, and fields of made entities with what they are copied from.
    """
    possible = set(given_columns)
    # From below: two fields that could only be filled from each other stay empty, as they are in the data.
    while True:
        new = {copy for copy, source in copies.items() if source in possible}
        new |= {field for field, ways in derivations.items() if any(can_fill(way, possible) for way in ways)}
        if new <= possible:
            return possible
        possible |= new


def can_fill(derivation: FieldDerivation, possible: set[FieldOf]) -> bool:
    """Return whether the derivation can give a value when only these fields hold any."""
    how, needed = derivation.how, derivation.field.needs_one_of
    if needed and not any((derivation.entity, name) in possible for name in needed):
        return False
    if isinstance(how, LookUp):
        return (derivation.entity, how.through) in possible and (derivation.other, how.field) in possible
    if isinstance(how, FirstSince):
        own, other = derivation.entity, derivation.other
        return {(own, how.through), (own, how.since), (other, how.key), (other, how.field)} <= possible
    if isinstance(how, RollUp):
        return (derivation.other, how.key) in possible and all(
            _can_hold(node, derivation.other, possible) for node in (derivation.value, derivation.when)
        )
    return _can_hold(derivation.value, derivation.entity, possible)


def _can_hold(node: Node | None, entity: str, possible: set[FieldOf]) -> bool:
    """Return whether an expression can have a value; one that is null as soon as a name is surely may not."""
    if isinstance(node, Case):
        values = [value for _, value in node.branches] + ([node.otherwise] if node.otherwise is not None else [])
        return any(_can_hold(value, entity, possible) for value in values)
    if node is None or not all(isinstance(part, Name | Literal | Arithmetic | Negative | Call) for part in walk(node)):
        return True
    # these are null as soon as an argument is; coalesce, say, is not, so what it may hold is left open
    if any(isinstance(part, Call) and part.function not in ("days", "minutes", "abs") for part in walk(node)):
        return True
    return all((entity, name) in possible for namespace, name in names(node) if namespace in ("", "given"))
