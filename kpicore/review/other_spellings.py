"""Texts in own definitions that are spelled otherwise than in the rows: a definition compares letter by letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpicore.definitions.files import OwnFile
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.compile.measures import Grouped, Measure
from kpicore.engine.scan.fragments import Binder
from kpicore.errors import KpiError
from kpicore.model.expressions import Comparison, Literal, Name, Node, Within, walk
from kpicore.review.findings import CheckFinding, line_of
from kpicore.warehouse import Warehouse, refused_columns

_MOST = 3
"""So many spellings are named."""


def other_spellings(definitions: Definitions, own: Sequence[OwnFile], warehouse: Warehouse) -> Iterator[CheckFinding]:
    """Yield the texts of the conditions of own KPIs beside which the rows have others of the same word.

    A cut on `fax` takes `Fax` too, and a definition does not.
    """
    for file in own:
        for metric in file.metrics:
            for variant in metric.variant_names:
                yield from _of_variant(definitions, file, metric.id, variant, warehouse)


def _of_variant(
    definitions: Definitions, file: OwnFile, id: str, variant: str, warehouse: Warehouse
) -> Iterator[CheckFinding]:
    try:
        inputs = definitions.get(id, variant).inputs
    except KpiError:  # told as broken
        return
    for input_ in inputs:
        of_variant, of_all = (("metric", id, *more, "inputs", input_.name) for more in (("variants", variant), ()))
        paths = ((*of_variant, "where"), of_variant, (*of_all, "where"), of_all, ("metric", id))
        line = next((line for path in paths if (line := line_of(file, path))), 0)
        for problem in _of_measure(input_.measure, warehouse):
            yield CheckFinding(file.name, line, id, problem)


def _of_measure(measure: Measure | None, warehouse: Warehouse) -> Iterator[str]:
    if measure is None:
        return
    if measure.where is not None and not isinstance(measure.source, Grouped):
        yield from _of_condition(measure.where, measure.entity, warehouse)
    if isinstance(measure.source, Grouped):
        yield from _of_measure(measure.source.inner, warehouse)


def _of_condition(where: Node, entity: str, warehouse: Warehouse) -> Iterator[str]:
    for field, words in _compared(where).items():
        state = warehouse.state.entities.get(entity)
        if state is None or not state.filled.get(field) or (entity, field) in refused_columns(warehouse):
            continue
        for word in words:
            # The words of a definition are asked about one by one: they are few, and the rows may have millions.
            bind = Binder(warehouse)
            column, bound = f"e.{bind.quote(field)}", bind(word)
            same = f"lower(trim({column})) = lower(trim({bound})) AND {column} <> {bound}"
            sql = f"SELECT DISTINCT {column} FROM {bind.relation(entity)} AS e WHERE {same} ORDER BY 1"
            others = [str(text) for (text,) in warehouse.query(sql, bind.values) if text not in words]
            if others:
                shown = " and ".join(repr(other) for other in others[:_MOST])
                listed = ", ".join(f"'{text}'".replace("\n", " ") for text in (word, *others[:_MOST]))
                yield (
                    f"'{word}' is compared letter by letter, and rows of {entity} have {shown} as their {field}."
                    f" Write {field} in ({listed})."
                )


def _compared(where: Node) -> dict[str, list[str]]:
    """Return the texts that fields of the row are compared with, by field."""
    words: dict[str, list[str]] = {}
    for node in walk(where):
        match node:
            case Comparison("=" | "<>", Name("", field), Literal(str(word))) | Comparison(
                "=" | "<>", Literal(str(word)), Name("", field)
            ):
                words.setdefault(field, []).append(word)
            case Within(Name("", field), values):
                words.setdefault(field, []).extend(value.value for value in values if isinstance(value.value, str))
    return words
