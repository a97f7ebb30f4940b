"""What is to be done with one staged table: its mapping, checked and ready to be turned into SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kpicore import BadConfig, Entity, Field, Node, Registry, Type, UnknownName, names, parse_row
from kpicore_sources.files.columns import NUMBER_READINGS, Reader
from kpicore_sources.files.dates import READINGS as DATE_READINGS
from kpicore_sources.files.mapping import DAY_AFTER, LAST_DAY, OPEN, TableMapping
from kpicore_sources.files.profile import DATE, NUMBER, Profile
from kpicore_sources.files.proposal import days, given_fields
from kpicore_sources.files.reading import Choice
from kpicore_sources.files.staging import Sheet
from kpicore_sources.files.values import Reading


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can tell. The answer stands in the mapping under `section`, as `key`.

    `default` is an answer that words propose; without one nothing is taken for granted, but with
    --yes what is `assumed`: then it is told, with the `evidence` there is.
    """

    section: str
    key: str
    text: str
    choices: tuple[Choice, ...] = ()
    default: str = ""
    assumed: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A column as a value of one type: for a field, or inside an expression."""

    column: str
    field: Field
    reading: Reading


@dataclass(frozen=True, slots=True)
class Plan:
    """A table, its mapping, and how each field is made: from one column, or by an expression over `inputs`.

    `names` gives a reference that holds names the staged table of their ids.
    """

    path: str
    sheet: Sheet
    mapping: TableMapping
    entity: Entity
    profiles: Mapping[str, Profile]
    direct: Mapping[str, Input] = field(default_factory=dict)
    computed: Mapping[str, Node] = field(default_factory=dict)
    leave_out: tuple[Node, ...] = ()
    inputs: Mapping[str, Input] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def plan_of(
    path: str, sheet: Sheet, mapping: TableMapping, profiles: Mapping[str, Profile], registry: Registry, reader: Reader
) -> Plan:
    """Return the plan of a mapping. Raises BadConfig for a mapping that cannot be."""
    place = f"mapping of {sheet.place}"
    entity = _entity(place, mapping, registry)
    plan = Plan(path, sheet, mapping, entity, profiles)
    direct: dict[str, Input] = {}
    expressions: dict[str, str] = {}
    for name, given in mapping.fields.items():
        found = _field(place, entity, name)
        if given in sheet.columns:
            reading = reader.read(sheet, given, found, profiles[given], _closed(mapping.readings.get(given, "")))
            direct[name] = Input(given, found, reading)
        else:
            expressions[name] = given
    _known_values(place, entity, mapping)
    _known_names(place, direct, mapping, registry)
    _known_ends(place, entity, mapping)
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
    found = entity.field(name)
    known = [each.name for each in given_fields(entity)]
    if found is None or name not in known:
        told = UnknownName("field", name, known, where=f"entity '{entity.name}'", meant=days(entity).get(name, ""))
        raise BadConfig(f"{place} fields", told.message.removesuffix("."), hint=told.hint)
    return found


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


def _known_names(place: str, direct: Mapping[str, Input], mapping: TableMapping, registry: Registry) -> None:
    for name, by in mapping.by.items():
        target = direct[name].field.refers_to if name in direct else ""
        if not target:
            raise BadConfig(f"{place} by.{name}", f"no column is mapped to a reference '{name}'")
        if registry.entity(target).field(by) is None:
            hint = f'Write "{registry.entity(target).label}".' if registry.entity(target).label else ""
            raise BadConfig(f"{place} by.{name}", f"'{target}' has no field '{by}'", hint=hint)


def _known_ends(place: str, entity: Entity, mapping: TableMapping) -> None:
    for name, told in mapping.ends.items():
        found = entity.field(name)
        if found is None or not found.ends or name not in mapping.fields:
            ends = [each.name for each in entity.fields if each.ends and each.name in mapping.fields]
            hint = f"Ends: {', '.join(ends)}." if ends else ""
            raise BadConfig(f"{place} ends.{name}", f"no column is mapped to an end '{name}'", hint=hint)
        if told not in (LAST_DAY, DAY_AFTER, OPEN):
            hint = f'Write "{LAST_DAY}" or "{DAY_AFTER}".'
            raise BadConfig(f"{place} ends.{name}", f"it cannot be '{told}'", hint=hint)


def _closed(reading: str) -> str:
    return "" if reading == OPEN else reading


def _with_expressions(place: str, plan: Plan, expressions: Mapping[str, str], reader: Reader) -> Plan:
    """Parse the expressions; the columns they name become inputs of the type that they are read as."""
    if not expressions and not plan.mapping.leave_out:
        return plan
    types = {column: _type(plan, column) for column in plan.sheet.columns}
    computed = {
        name: parse_row(text, types, where=f"{place}: '{name}' is no column, and as an expression")
        for name, text in expressions.items()
    }
    leave_out = tuple(parse_row(text, types, where=f"{place} leave_out") for text in plan.mapping.leave_out)
    used = {name for node in (*computed.values(), *leave_out) for _, name in names(node)}
    inputs: dict[str, Input] = {}
    for column in sorted(used):
        asked = Field(plan.entity.name, "column", types[column], "")  # a name of a file is none of a field
        given = _closed(plan.mapping.readings.get(column, ""))
        inputs[column] = Input(column, asked, reader.read(plan.sheet, column, asked, plan.profiles[column], given))
    return replace(plan, computed=computed, leave_out=leave_out, inputs=inputs)


def _type(plan: Plan, column: str) -> Type:
    """Return the type of a column inside an expression: that of the field it fills, else as it is read."""
    for each in plan.direct.values():
        if each.column == column:
            return each.field.type
    reading = plan.mapping.readings.get(column, "")
    kind = plan.profiles[column].kind
    if reading in NUMBER_READINGS or (not reading and kind == NUMBER):
        return Type.NUMBER
    if reading in DATE_READINGS or (not reading and kind == DATE):
        return Type.MOMENT
    return Type.TEXT
