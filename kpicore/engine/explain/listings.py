"""Reads a listing: the rows it shows, as typed columns, and how many there are in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kpicore.calendar import Period
from kpicore.engine.compile.input_measures import measure_of
from kpicore.engine.compile.measures import CompiledInput
from kpicore.engine.engine import Engine
from kpicore.engine.explain.records import counted, seen
from kpicore.engine.plan.filters import check_entity
from kpicore.engine.plan.requests import InputRequest
from kpicore.engine.plan.scans import Filters
from kpicore.engine.prepare.shapes import Shape
from kpicore.engine.scan.fragments import Binder
from kpicore.engine.scan.relations import table
from kpicore.engine.scan.values import typed
from kpicore.language import Node, parse_row
from kpicore.model.codes import Codes
from kpicore.model.expressions import Name
from kpicore.model.listings import Column, Listing
from kpicore.model.notes import Note
from kpicore.model.schema import Type, given_name
from kpicore.model.units import MONEY, Unit
from kpicore.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class ListedColumn:
    """A column as it is shown. `unit` is None for text, dates and plain numbers."""

    title: str
    type: Type
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a listing for a period, in its order. `total` counts those that are not shown too.

    Where the rows cannot be told there are none, and `reason` and `detail` say why, as in an answer.
    """

    listing: Listing
    columns: tuple[ListedColumn, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
    reason: str | None = None
    detail: Note | None = None
    notes: tuple[Note, ...] = ()


def listed(engine: Engine, listing: Listing, period: Period, cuts: Filters = (), as_of: date | None = None) -> Listed:
    """Return the rows of a listing. Raises BadCut, BadDefinition, BadExpression and UnknownName."""
    engine = engine.at(as_of)
    where = f"listing '{listing.id}'"
    columns, nodes, order = _compiled(listing, engine.registry, engine.definitions.settings, where)
    measure = measure_of(listing.rows, engine.registry, engine.definitions.settings, where)
    # as a KPI of these rows alone would be answered
    input_ = CompiledInput("rows", listing.rows, measure)
    data = engine.freshness.of_inputs([input_])
    engine = engine.seen_from(data)
    names = tuple(name for name, _ in cuts)
    check_entity(
        f"{where} cannot be cut by {{}}: its rows are read", measure.entity, names, engine.registry, engine.state
    )
    # a list belongs to no KPI: of the shape its period and cuts count alone
    shape = Shape("", "", period, (), cuts, as_of)
    prepared, behind = engine.preparation.input(input_, shape), engine.freshness.notes(data.sources)
    if prepared.request is None:
        absent = prepared.known
        return Listed(listing, columns, (), 0, absent and absent.reason, absent.detail if absent else None, behind)
    total, rows = _read(engine, prepared.request, cuts, nodes, order, listing)
    return Listed(listing, columns, rows, total, notes=(*prepared.notes, *behind, *engine.doubts(prepared)))


_Compiled = tuple[tuple[ListedColumn, ...], Sequence[Node], Node | None]


def check_listing(listing: Listing, registry: Registry, settings: Mapping[str, object]) -> None:
    """Refuse a listing that does not stand, whatever is loaded. Raises BadDefinition, BadExpression and UnknownName."""
    where = f"listing '{listing.id}'"
    measure_of(listing.rows, registry, settings, where)
    _compiled(listing, registry, settings, where)


def _compiled(listing: Listing, registry: Registry, settings: Mapping[str, object], where: str) -> _Compiled:
    types, codes = registry.columns(listing.entity), registry.codes(listing.entity)
    shown = {
        title: column if isinstance(column, Column) else Column(column) for title, column in listing.columns.items()
    }
    read = (parse_row(column.value, types, settings=settings, codes=codes, where=where) for column in shown.values())
    nodes = [_in_given_words(node, codes) for node in read]
    columns = tuple(
        ListedColumn(title, node.type, column.unit or (MONEY if node.type is Type.MONEY else None))
        for (title, column), node in zip(shown.items(), nodes, strict=True)
    )
    order = parse_row(listing.order, types, settings=settings, codes=codes, where=where) if listing.order else None
    return columns, nodes, order


def _in_given_words(node: Node, codes: Mapping[str, Codes]) -> Node:
    """Return what a column shows: of a field with codes the word as the source gave it."""
    if isinstance(node, Name) and not node.namespace and node.name in codes:
        return Name("", given_name(node.name), node.type)
    return node


def _read(
    engine: Engine, request: InputRequest, cuts: Filters, nodes: Sequence[Node], order: Node | None, listing: Listing
) -> tuple[int, tuple[tuple[object, ...], ...]]:
    bind = Binder(engine.warehouse)
    conditions, dates = counted(request, cuts, bind, engine.context)
    rows = f"{table(listing.entity, engine.context, bind)} WHERE {' AND '.join(conditions)}"
    ((total,),) = engine.warehouse.query(f"SELECT count(*) FROM {rows}", bind.values)
    shown = ", ".join(f"{seen(node, request, bind, engine.context)} AS c{at}" for at, node in enumerate(nodes))
    first = [seen(order, request, bind, engine.context)] if order else [f"e.{bind.quote(name)}" for name in dates]
    way = "ASC" if listing.ascending else "DESC"
    # the key last, so that equal rows stand in the same order every time
    ordered = [*(f"{column} {way} NULLS LAST" for column in first), *_key(engine, listing, bind)]
    sql = f"SELECT {shown} FROM {rows} ORDER BY {', '.join(ordered)} LIMIT {int(listing.limit)}"
    return int(total), typed(engine.warehouse.query(sql, bind.values), [node.type for node in nodes])


def _key(engine: Engine, listing: Listing, bind: Binder) -> list[str]:
    entity = engine.registry.entity(listing.entity)
    return [f"e.{bind.quote(name)}" for name in entity.key if entity.field(name)]
