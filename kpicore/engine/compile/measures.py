"""What is read from the warehouse: a measure over a source, how it adds up, and the input that it is the measure of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from kpicore.language import Node, names, text
from kpicore.model.expressions import Call, Comparison, IsNull, Known, Logic, Name, children
from kpicore.model.inputs import At, Input
from kpicore.model.schema import Type


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows by the day on which something happened."""

    entity: str
    when: str


@dataclass(frozen=True, slots=True)
class Stock:
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


Source = Flow | Stock | Grouped

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
    """Whether the values of two branches make the value of both."""
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
        used = {name for node in nodes for name in names(node)}
        uses_period = any(space == "period" for space, _ in used)
        # an average adds up, too: it is read as a total beside the rows that it is divided by
        adds_up = self.word in ("count", "total", "average")
        settings = {name for space, name in used if space == "setting"}
        needed = {name for node in nodes for name in _needed(node)}
        match self.source:
            case Flow(_, date):
                needed.add(date)
            case Stock(_, since, until):
                needed = {*needed, since} - {until}
            case Grouped(key, inner):
                needed = {*inner.fields, key}
                settings |= inner.settings
        worked_out = {
            "entity": self.source.entity,
            # a condition on the bounds of the period sees others in each month than in the year of these months
            "adds_over_time": adds_up and isinstance(self.source, Flow) and not uses_period,
            "adds_over_cuts": adds_up and not isinstance(self.source, Grouped),
            "uses_period": uses_period,
            "scale": _scale(self.word, self.source, self.value),
            "fields": frozenset(needed),
            "settings": frozenset(settings),
        }
        for name, content in worked_out.items():
            object.__setattr__(self, name, content)


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
    # what stands in coalesce(…) may be empty: that is why it stands there
    elif not (isinstance(node, Call) and node.function == "coalesce"):
        for child in children(node):
            yield from _needed(child)


def stock_measure(
    word: str,
    source: Stock,
    value: Node | None,
    condition: Node | None,
    at: At,
    settings: Mapping[str, object],
) -> Measure:
    """Return the measure of rows that stand at some time, with its parts where it looks at a whole period."""
    whole = keyed(word, source, value, condition, 0.0, at, settings)
    if at is not At.DURING:
        return whole
    since, until = (Name("", day, Type.DATE) for day in (source.since, source.until))
    # an end on the day of the beginning: there for a part of that day, or on no day at all
    sound = Logic("or", (IsNull(until), Comparison(">=" if source.for_a_part else ">", until, since)))
    starting = sound if condition is None else Logic("and", (condition, sound))
    # Who is there at some time of a period was there before it and is still, or comes in it; nobody is both.
    # What ends on the first day of the period was there on it for a part of the day, or not at all.
    before = source if source.for_a_part else replace(source, passing=1)
    parts = (
        keyed(word, before, value, condition, 0.0, At.START, settings),
        keyed(word, Flow(source.entity, source.since), value, starting, 0.0, None, settings),
    )
    return replace(whole, parts=parts)


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
    # two measures of one key share cubes, also those on disk: whatever a number depends on must be among these
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
    # what follows was added later: only keys of what it changes may differ from those that were kept
    if isinstance(source, Stock) and at is At.DURING and not source.for_a_part:
        parts = (*parts, "half-open")
    if isinstance(value, Name) and value.type is Type.NUMBER and _scale(word, source, value):
        parts = (*parts, f"{DECIMALS} decimals")
    key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
    return Measure(word, source, value, where, share, at, key)


def _source_text(source: Source) -> str:
    """Return what a source is called in keys, the same as in those of cubes and definitions that were kept.

    A stock has its old name there: by another one no cube on disk would be found, and each definition would be new.
    """
    match source:
        case Grouped():
            return source.key
        case Stock(entity, since, until):
            # for_a_part and tells_over follow from the fields: with others the tables, and their version, are others
            passing = f", passing={source.passing}" if source.passing else ""
            return f"Alive(entity={entity!r}, since={since!r}, until={until!r}{passing})"
    return str(source)


def _settings_of(node: Node) -> Iterator[str]:
    return (name for space, name in names(node) if space == "setting")


@dataclass(frozen=True, slots=True)
class ExpectedRows:
    """Values of a dimension that an input ought to have rows of, and the count that tells."""

    dimension: str
    values: tuple[str, ...]
    rows: Measure


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An input with its measure, or with the metric variant it stands for."""

    name: str
    given: Input
    measure: Measure | None = None
    ref: tuple[str, str] | None = None
    coverage: tuple[ExpectedRows, ...] = ()
    is_share: bool = False
