"""The measure of an input: its expressions parsed, its names checked against the entity that it reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from kpicore.engine.compile.measures import Flow, Grouped, Measure, Source, Stock, keyed, stock_measure
from kpicore.errors import BadDefinition, UnknownName
from kpicore.language import Node, names, parse_row
from kpicore.model.codes import Codes
from kpicore.model.expressions import IsNull, Logic, Name, Not
from kpicore.model.inputs import Aggregate, Per, Standing
from kpicore.model.schema import Entity, Type, day_name
from kpicore.registry.registry import Registry

_ReadRow = Callable[[str], Node | None]
"""Reads a row expression; an empty text is none."""

_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)


def measure_of(input_: Aggregate | Standing, registry: Registry, settings: Mapping[str, object], where: str) -> Measure:
    """Return the measure of an input. Raises BadDefinition and BadExpression, naming `where`."""
    if isinstance(input_, Standing):
        return _standing(input_, registry, settings, where)
    if isinstance(input_.entity, Per):
        return _over_groups(input_, input_.entity, registry, settings, where)
    columns = _columns(registry, input_.entity, where)
    _need_date(input_.when, columns, input_.entity, where)
    read = _row_reader(columns, settings, where, registry.codes(input_.entity))
    return _measure(input_.word, Flow(input_.entity, input_.when), input_, read, settings, where)


def _standing(input_: Standing, registry: Registry, settings: Mapping[str, object], where: str) -> Measure:
    columns = _columns(registry, input_.entity, where)
    for day in (input_.since, input_.until):
        _need_date(day, columns, input_.entity, where)
    entity = registry.entity(input_.entity)
    ends = entity.field(input_.until)
    tells_over = ends is not None and bool(ends.open_while)
    source = Stock(
        *(input_.entity, input_.since, input_.until), _is_moment(input_.until, entity), tells_over=tells_over
    )
    read = _row_reader(columns, settings, where, registry.codes(input_.entity))
    value = read(input_.value)
    _need_number("total", input_.value, value, where)
    condition = _condition(input_.where, read, where)
    if today := _of_today(entity, condition, registry):
        raise BadDefinition(where, f"a standing input may not test '{today}', which is today's state")
    used = {name for node in (value, condition) if node for space, name in names(node) if space == "period"}
    # a stock is seen at the close of one day, of which periods of any length may be the last
    if used - {"as_of"}:
        raise BadDefinition(where, "a standing input sees one day: of the period it may use period.as_of only")
    # A closed row whose end nobody gave would stand for ever: it counts while its own state says that it is open.
    if ends is not None and ends.open_while:
        has_ended = Not(IsNull(Name("", input_.until, Type.DATE)))
        still_open = read(ends.open_while)
        assert still_open is not None
        is_open = Logic("or", (has_ended, still_open))
        condition = is_open if condition is None else Logic("and", (condition, is_open))
    return stock_measure("total" if value else "count", source, value, condition, input_.at, settings)


def own_condition(measure: Measure) -> Node | None:
    """Return the condition that the definition of a standing input gives, without that on rows whose end is open."""
    where = measure.where
    if not isinstance(measure.source, Stock) or not measure.source.tells_over:
        return where
    return where.operands[0] if isinstance(where, Logic) and where.word == "and" else None


def _of_today(entity: Entity, condition: Node | None, registry: Registry) -> str:
    """Return the name of a field or dimension in a condition that holds today's state, "" where there is none."""
    for space, name in sorted(names(condition)) if condition is not None else ():
        key = registry.key_of(entity.name, name) if name in registry.dimensions else ""
        fields = (entity.field(column) for column in (name, key) if column and not space)
        if any(field is not None and field.current for field in fields):
            return name
    return ""


def _is_moment(day: str, entity: Entity) -> bool:
    return any(field.type is Type.MOMENT and day_name(field.name) == day for field in entity.fields)


def _over_groups(
    input_: Aggregate, groups: Per, registry: Registry, settings: Mapping[str, object], where: str
) -> Measure:
    inner = measure_of(groups.input, registry, settings, where)
    if groups.key not in _columns(registry, inner.entity, where):
        raise UnknownName(
            "field", groups.key, registry.columns(inner.entity), where=f"{where}, entity '{inner.entity}'"
        )
    states = ("at_start", "at_end") if isinstance(inner.source, Stock) else ("value",)
    read = _row_reader(dict.fromkeys(states, Type.NUMBER), settings, where)
    over_groups = _measure(input_.word, Grouped(groups.key, inner), input_, read, settings, where)
    # what stands around the groups is computed from them alone, where no period is at hand any more
    if over_groups.uses_period:
        raise BadDefinition(where, "what is aggregated over per(...) may not use the period")
    return over_groups


def _measure(
    word: str,
    source: Source,
    input_: Aggregate,
    read: _ReadRow,
    settings: Mapping[str, object],
    where: str,
) -> Measure:
    value = read(input_.value)
    condition = _condition(input_.where, read, where)
    if (value is None) != (word == "count"):
        raise BadDefinition(where, f"'{word}' needs {'no value' if word == 'count' else 'a value'}")
    if word != "distinct":
        _need_number(word, input_.value, value, where)
    return keyed(word, source, value, condition, input_.share, None, settings)


def _row_reader(
    columns: Mapping[str, Type],
    settings: Mapping[str, object],
    where: str,
    codes: Mapping[str, Codes] = MappingProxyType({}),
) -> _ReadRow:
    return lambda expression: (
        parse_row(expression, columns, settings=settings, codes=codes, where=where) if expression else None
    )


def _condition(expression: str, read: _ReadRow, where: str) -> Node | None:
    condition = read(expression)
    if condition is not None and condition.type is not Type.BOOLEAN:
        raise BadDefinition(where, f"where='{expression}' is no condition", hint="Compare it with something.")
    return condition


def _need_number(word: str, expression: str, value: Node | None, where: str) -> None:
    if value is not None and value.type not in _NUMBERS:
        raise BadDefinition(where, f"'{word}' of '{expression}' is not a number")


def _columns(registry: Registry, entity: str, where: str) -> Mapping[str, Type]:
    if entity not in registry.entities:
        raise UnknownName("entity", entity, registry.entities, where=where)
    return registry.columns(entity)


def _need_date(name: str, columns: Mapping[str, Type], entity: str, where: str) -> None:
    if not name:
        raise BadDefinition(where, f"an input over '{entity}' needs when=, the date it is counted by")
    if name not in columns:
        raise UnknownName("field", name, _dates(columns), where=f"{where}, entity '{entity}'")
    if columns[name] is not Type.DATE:
        raise BadDefinition(where, f"'{entity}.{name}' is not a date", hint=f"Dates: {', '.join(_dates(columns))}.")


def _dates(columns: Mapping[str, Type]) -> Collection[str]:
    return [name for name, type in columns.items() if type is Type.DATE]
