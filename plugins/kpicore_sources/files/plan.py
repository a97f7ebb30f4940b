"""What is to be done with one staged table: its mapping, checked and ready to be turned into SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kpicore import (
    BadConfig,
    BadExpression,
    Entity,
    Field,
    Node,
    Registry,
    Type,
    UnknownName,
    day_name,
    given_fields,
    names,
    parse_row,
)
from kpicore_sources.files.column_reader import NUMBER_READINGS, ColumnReader
from kpicore_sources.files.dates import READINGS as DATE_READINGS
from kpicore_sources.files.mapping import DAY_AFTER, LAST_DAY, OPEN, TableMapping
from kpicore_sources.files.profile import DATE, NUMBER, Profile
from kpicore_sources.files.reading import AnswerChoice
from kpicore_sources.files.staging import StagedSheet
from kpicore_sources.files.typed_values import ColumnReading


@dataclass(frozen=True, slots=True)
class MappingQuestion:
    """What only a person can tell. The answer stands in the mapping under `section`, as `key`.

    `default` is an answer that words propose; without one nothing is taken for granted, but with
    --yes what is `assumed`: then it is told, with the `evidence` there is.
    """

    section: str
    key: str
    text: str
    choices: tuple[AnswerChoice, ...] = ()
    default: str = ""
    assumed: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ColumnInput:
    """A column as a value of one type: for a field, or inside an expression."""

    column: str
    field: Field
    reading: ColumnReading


@dataclass(frozen=True, slots=True)
class Plan:
    """A table, its mapping, and how each field is made: from one column, or by an expression over `inputs`.

    `names` gives a reference that holds names the staged table of their ids.
    """

    path: str
    sheet: StagedSheet
    mapping: TableMapping
    entity: Entity
    profiles: Mapping[str, Profile]
    direct: Mapping[str, ColumnInput] = field(default_factory=dict)
    computed: Mapping[str, Node] = field(default_factory=dict)
    leave_out: tuple[Node, ...] = ()
    inputs: Mapping[str, ColumnInput] = field(default_factory=dict)
    questions: tuple[MappingQuestion, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def plan_of(
    path: str,
    sheet: StagedSheet,
    mapping: TableMapping,
    profiles: Mapping[str, Profile],
    registry: Registry,
    reader: ColumnReader,
) -> Plan:
    """Return the plan of a mapping. Raises BadConfig for a mapping that cannot be."""
    place = f"mapping of {sheet.place}"
    entity = _entity(place, mapping, registry)
    plan = Plan(path, sheet, mapping, entity, profiles)
    direct: dict[str, ColumnInput] = {}
    expressions: dict[str, str] = {}
    for name, source in mapping.fields.items():
        target = _field(place, entity, name)
        if source in sheet.columns:
            reading = reader.read(sheet, source, target, profiles[source], mapping.reading(source))
            direct[name] = ColumnInput(source, target, reading)
        else:
            expressions[name] = source
    _known_values(place, entity, mapping)
    _known_names(place, direct, mapping, registry)
    _known_ends(place, entity, mapping)
    # Expressions come last: the type of a column in them is that of the field which it fills.
    plan = replace(plan, direct=direct)
    return _with_expressions(place, plan, expressions, reader)


def _entity(place: str, mapping: TableMapping, registry: Registry) -> Entity:
    try:
        entity = registry.entity(mapping.entity)
    except UnknownName as error:
        raise BadConfig(f"{place} entity", error.message.removesuffix("."), hint=error.hint) from None
    if entity.made:
        raise BadConfig(f"{place} entity", f"'{entity.name}' is made at load, no file can give it")
    return entity


def _field(place: str, entity: Entity, name: str) -> Field:
    target = entity.field(name)
    known = [field.name for field in given_fields(entity)]
    if target is None or name not in known:
        moments = (field.name for field in entity.fields if field.type is Type.MOMENT and day_name(field.name) == name)
        problem = UnknownName("field", name, known, where=f"entity '{entity.name}'", meant=next(moments, ""))
        raise BadConfig(f"{place} fields", problem.message.removesuffix("."), hint=problem.hint)
    return target


def _known_values(place: str, entity: Entity, mapping: TableMapping) -> None:
    for name in mapping.values:
        if name not in mapping.fields:
            raise BadConfig(f"{place} values.{name}", f"no column is mapped to '{name}'")
        codes = _field(place, entity, name).codes
        for text, meant in mapping.meanings(name).items():
            if codes is not None and codes.closed and codes.code_of(meant) is None:
                ways = f"{', '.join(codes.names[:-1])} or {codes.names[-1]}"
                raise BadConfig(f"{place} values.{name}", f"'{text}' cannot mean '{meant}'", hint=f"Write {ways}.")
    for name in mapping.readings:
        if name not in mapping.header:
            raise BadConfig(f"{place} columns", f"no column is named '{name}'")


def _known_names(place: str, direct: Mapping[str, ColumnInput], mapping: TableMapping, registry: Registry) -> None:
    for name, by in mapping.by.items():
        target = direct[name].field.refers_to if name in direct else ""
        if not target:
            raise BadConfig(f"{place} by.{name}", f"no column is mapped to a reference '{name}'")
        if registry.entity(target).field(by) is None:
            hint = f'Write "{registry.entity(target).label}".' if registry.entity(target).label else ""
            raise BadConfig(f"{place} by.{name}", f"'{target}' has no field '{by}'", hint=hint)


def _known_ends(place: str, entity: Entity, mapping: TableMapping) -> None:
    for name, end in mapping.ends.items():
        target = entity.field(name)
        if target is None or not target.ends or name not in mapping.fields:
            ends = [field.name for field in entity.fields if field.ends and field.name in mapping.fields]
            hint = f"Ends: {', '.join(ends)}." if ends else ""
            raise BadConfig(f"{place} ends.{name}", f"no column is mapped to an end '{name}'", hint=hint)
        if mapping.end(name) not in (LAST_DAY, DAY_AFTER, OPEN):
            hint = f'Write "{LAST_DAY}" or "{DAY_AFTER}".'
            raise BadConfig(f"{place} ends.{name}", f"it cannot be '{end}'", hint=hint)


def _with_expressions(place: str, plan: Plan, expressions: Mapping[str, str], reader: ColumnReader) -> Plan:
    """Parse the expressions; the columns they name become inputs of the type that they are read as."""
    if not expressions and not plan.mapping.leave_out:
        return plan
    types = {column: _type(plan, column) for column in plan.sheet.columns}
    # not of a period: a file is loaded whole, whatever is asked of it
    computed = {
        name: parse_row(text, types, of_period=False, where=f"{place}: '{name}' is no column, and as an expression")
        for name, text in expressions.items()
    }
    leave_out = tuple(_condition(text, types, f"{place} leave_out") for text in plan.mapping.leave_out)
    used = {name for node in (*computed.values(), *leave_out) for _, name in names(node)}
    inputs: dict[str, ColumnInput] = {}
    for column in sorted(used):
        target = Field(plan.entity.name, "column", types[column], "")  # a name of a file is none of a field
        reading = plan.mapping.reading(column)
        inputs[column] = ColumnInput(
            column, target, reader.read(plan.sheet, column, target, plan.profiles[column], reading)
        )
    return replace(plan, computed=computed, leave_out=leave_out, inputs=inputs)


def _condition(text: str, types: Mapping[str, Type], where: str) -> Node:
    node = parse_row(text, types, of_period=False, where=where)
    if node.type is not Type.BOOLEAN:
        raise BadExpression(text, "it is no condition, true or false", where=where)
    return node


def _type(plan: Plan, column: str) -> Type:
    """Return the type of a column inside an expression: that of the field it fills, else as it is read."""
    for input_ in plan.direct.values():
        if input_.column == column:
            return input_.field.type
    reading = plan.mapping.reading(column)
    kind = plan.profiles[column].kind
    if reading in NUMBER_READINGS or (not reading and kind == NUMBER):
        return Type.NUMBER
    if reading in DATE_READINGS or (not reading and kind == DATE):
        return Type.MOMENT
    return Type.TEXT
