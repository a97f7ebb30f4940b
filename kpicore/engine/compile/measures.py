"""What is read from the warehouse: a measure over a source, and how it adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kpicore.errors import BadDefinition, UnknownName
from kpicore.language import Node, names, parse_row, text
from kpicore.model.codes import Codes
from kpicore.model.expressions import Call, Comparison, IsNull, Known, Logic, Name, Not, children
from kpicore.model.inputs import Aggregate, At, Per, Standing
from kpicore.model.schema import Entity, Type, day_name
from kpicore.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows by the day on which something happened."""

    entity: str
    when: str


@dataclass(frozen=True, slots=True)
class Alive:
    """Rows that are there from the day `since` to the day `until`, which is the first day without them.

    Where `until` is the day of a moment they are there until that moment: `for_a_part` of that day.
    With `passing` days more, those alone that are there so many days after the day looked at, too.
    Where an end says that a row is over (`tells_over`) it is so by the day of the data, also before that end has come.
    """

    entity: str
    since: str
    until: str
    for_a_part: bool = False
    passing: int = 0
    tells_over: bool = False


@dataclass(frozen=True, slots=True)
class Grouped:
    """One row per key with the state of an inner measure."""

    key: str
    inner: Measure

    @property
    def entity(self) -> str:
        """The entity that is grouped."""
        return self.inner.source.entity


Source = Flow | Alive | Grouped

DECIMALS = 9
SCALES = {Type.INTEGER: 0, Type.MONEY: 4, Type.NUMBER: DECIMALS}
"""Decimals of a field's type; a computed value gets DECIMALS."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One aggregate over a source. Equal text means equal numbers, so `key` names it in caches."""

    word: str
    source: Source
    value: Node | None = field(compare=False)
    where: Node | None = field(compare=False)
    share: float
    at: At | None
    key: str
    parts: tuple[Measure, ...] = field(default=(), compare=False)
    """Rows alive during a period are those from before that are still there in it, and those that start in it."""
    entity: str = field(init=False, compare=False)
    """The entity whose rows are read."""
    adds_over_time: bool = field(init=False, compare=False)
    """Whether the values of two months make the value of both."""
    adds_over_cuts: bool = field(init=False, compare=False)
    """Whether the values of two reps make the value of both."""
    uses_period: bool = field(init=False, compare=False)
    """Whether its expressions mention the period, so that each period needs its own reading."""
    scale: int = field(init=False, compare=False)
    """How many decimals its totals are kept with, as whole numbers; 0 for what is no total."""
    fields: frozenset[str] = field(init=False, compare=False)
    """The fields of the entity it cannot do without; an open end or one inside coalesce may be empty."""
    settings: frozenset[str] = field(init=False, compare=False)
    """The settings its expressions mention."""

    def __post_init__(self) -> None:
        # worked out once: a workbook asks for them by the thousand
        nodes = [node for node in (self.value, self.where) if node is not None]
        used = {each for node in nodes for each in names(node)}
        uses_period = any(space == "period" for space, _ in used)
        adds_up = self.word in ("count", "total", "average")
        settings = {name for space, name in used if space == "setting"}
        needed = {name for node in nodes for name in _needed(node)}
        match self.source:
            case Flow(_, date):
                needed.add(date)
            case Alive(_, since, until):
                needed = {*needed, since} - {until}
            case Grouped(key, inner):
                needed = {*inner.fields, key}
                settings |= inner.settings
        worked_out = {
            "entity": self.source.entity,
            "adds_over_time": adds_up and isinstance(self.source, Flow) and not uses_period,
            "adds_over_cuts": adds_up and not isinstance(self.source, Grouped),
            "uses_period": uses_period,
            "scale": _scale(self.word, self.source, self.value),
            "fields": frozenset(needed),
            "settings": frozenset(settings),
        }
        for name, each in worked_out.items():
            object.__setattr__(self, name, each)


def _scale(word: str, source: Source, value: Node | None) -> int:
    if word not in ("total", "average") or value is None:
        return 0
    if isinstance(source, Grouped) or not isinstance(value, Name):
        return DECIMALS
    return SCALES.get(value.type, DECIMALS)


def _needed(node: Node) -> Iterator[str]:
    """Yield the fields whose value an expression needs."""
    if isinstance(node, Name) and not node.namespace:
        yield node.name
    if isinstance(node, Known):
        yield from _needed(node.operand)
    elif not (isinstance(node, Call) and node.function == "coalesce"):
        for child in children(node):
            yield from _needed(child)


def measure(given: Aggregate | Standing, registry: Registry, settings: Mapping[str, object], where: str) -> Measure:
    """Return the measure of an input. Raises BadDefinition and BadExpression, naming `where`."""
    if isinstance(given, Standing):
        return _standing(given, registry, settings, where)
    if isinstance(given.entity, Per):
        return _over_groups(given, given.entity, registry, settings, where)
    columns = _columns(registry, given.entity, where)
    _need_date(given.when, columns, given.entity, where)
    read = _reading(columns, settings, where, registry.codes(given.entity))
    return _measure(given.word, Flow(given.entity, given.when), given, read, settings, where)


def _standing(given: Standing, registry: Registry, settings: Mapping[str, object], where: str) -> Measure:
    columns = _columns(registry, given.entity, where)
    for each in (given.since, given.until):
        _need_date(each, columns, given.entity, where)
    entity = registry.entity(given.entity)
    ends = entity.field(given.until)
    tells_over = ends is not None and bool(ends.open_while)
    source = Alive(*(given.entity, given.since, given.until), _is_moment(given.until, entity), tells_over=tells_over)
    read = _reading(columns, settings, where, registry.codes(given.entity))
    value = read(given.value)
    _need_number("total", given.value, value, where)
    condition = _condition(given.where, read, where)
    if today := _of_today(entity, condition, registry):
        raise BadDefinition(where, f"a standing input may not test '{today}', which is today's state")
    used = {name for node in (value, condition) if node for space, name in names(node) if space == "period"}
    if used - {"as_of"}:
        raise BadDefinition(where, "a standing input sees one day: of the period it may use period.as_of only")
    if ends is not None and ends.open_while:
        has_ended = Not(IsNull(Name("", given.until, Type.DATE)))
        still_open = read(ends.open_while)
        assert still_open is not None
        is_open = Logic("or", (has_ended, still_open))
        condition = is_open if condition is None else Logic("and", (condition, is_open))
    return alive("total" if value else "count", source, value, condition, given.at, settings)


def _of_today(entity: Entity, condition: Node | None, registry: Registry) -> str:
    """Return the name of a field or dimension in a condition that holds today's state, "" where there is none."""
    for space, name in sorted(names(condition)) if condition is not None else ():
        key = registry.key_of(entity.name, name) if name in registry.dimensions else ""
        fields = (entity.field(each) for each in (name, key) if each and not space)
        if any(field is not None and field.current for field in fields):
            return name
    return ""


def alive(
    word: str,
    source: Alive,
    value: Node | None,
    condition: Node | None,
    at: At,
    settings: Mapping[str, object],
) -> Measure:
    """Return the measure of rows that stand at some time, with its parts where it looks at a whole period."""
    whole = keyed(word, source, value, condition, 0.0, at, settings)
    if at is not At.DURING:
        return whole
    since, until = (Name("", each, Type.DATE) for each in (source.since, source.until))
    sound = Logic("or", (IsNull(until), Comparison(">=" if source.for_a_part else ">", until, since)))
    starting = sound if condition is None else Logic("and", (condition, sound))
    # What ends on the first day of the period was there on it for a part of the day, or not at all.
    before = source if source.for_a_part else replace(source, passing=1)
    parts = (
        keyed(word, before, value, condition, 0.0, At.START, settings),
        keyed(word, Flow(source.entity, source.since), value, starting, 0.0, None, settings),
    )
    return replace(whole, parts=parts)


def _is_moment(day: str, entity: Entity) -> bool:
    return any(each.type is Type.MOMENT and day_name(each.name) == day for each in entity.fields)


def _over_groups(
    given: Aggregate, groups: Per, registry: Registry, settings: Mapping[str, object], where: str
) -> Measure:
    inner = measure(groups.input, registry, settings, where)
    if groups.key not in _columns(registry, inner.entity, where):
        raise UnknownName(
            "field", groups.key, registry.columns(inner.entity), where=f"{where}, entity '{inner.entity}'"
        )
    states = ("at_start", "at_end") if isinstance(inner.source, Alive) else ("value",)
    read = _reading(dict.fromkeys(states, Type.NUMBER), settings, where)
    found = _measure(given.word, Grouped(groups.key, inner), given, read, settings, where)
    if found.uses_period:
        raise BadDefinition(where, "what is aggregated over per(...) may not use the period")
    return found


def _measure(
    word: str,
    source: Source,
    given: Aggregate,
    read: _Reading,
    settings: Mapping[str, object],
    where: str,
) -> Measure:
    value = read(given.value)
    condition = _condition(given.where, read, where)
    if (value is None) != (word == "count"):
        raise BadDefinition(where, f"'{word}' needs {'no value' if word == 'count' else 'a value'}")
    if word != "distinct":
        _need_number(word, given.value, value, where)
    return keyed(word, source, value, condition, given.share, None, settings)


_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)


def keyed(
    word: str,
    source: Source,
    value: Node | None,
    where: Node | None,
    share: float,
    at: At | None,
    settings: Mapping[str, object],
) -> Measure:
    """Return the measure of these parts, named by all that its numbers depend on."""
    inner = source.inner.key if isinstance(source, Grouped) else ""
    parts = (
        word,
        _source_text(source),
        inner,
        text(value) if value else "",
        text(where) if where else "",
        str(share),
        at.value if at else "",
        *sorted({f"{name}={settings[name]}" for node in (value, where) if node for name in _settings_of(node)}),
    )
    if isinstance(source, Alive) and at is At.DURING and not source.for_a_part:
        parts = (*parts, "half-open")
    if isinstance(value, Name) and value.type is Type.NUMBER and _scale(word, source, value):
        parts = (*parts, f"{DECIMALS} decimals")
    key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
    return Measure(word, source, value, where, share, at, key)


def _source_text(source: Source) -> str:
    """Return what a source is called in keys, the same as in those of cubes and definitions that were kept."""
    match source:
        case Grouped():
            return source.key
        case Alive(entity, since, until):
            passing = f", passing={source.passing}" if source.passing else ""
            return f"Alive(entity={entity!r}, since={since!r}, until={until!r}{passing})"
    return str(source)


def _settings_of(node: Node) -> Iterator[str]:
    return (name for space, name in names(node) if space == "setting")


_Reading = Callable[[str], Node | None]
"""Reads a row expression; an empty text is none."""


def _reading(
    columns: Mapping[str, Type],
    settings: Mapping[str, object],
    where: str,
    codes: Mapping[str, Codes] = MappingProxyType({}),
) -> _Reading:
    return lambda given: parse_row(given, columns, settings=settings, codes=codes, where=where) if given else None


def _condition(given: str, read: _Reading, where: str) -> Node | None:
    found = read(given)
    if found is not None and found.type is not Type.BOOLEAN:
        raise BadDefinition(where, f"where='{given}' is no condition", hint="Compare it with something.")
    return found


def _need_number(word: str, given: str, value: Node | None, where: str) -> None:
    if value is not None and value.type not in _NUMBERS:
        raise BadDefinition(where, f"'{word}' of '{given}' is not a number")


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
    return [name for name, each in columns.items() if each is Type.DATE]
