"""Rows that an input neither counts nor leaves out on purpose, since a field that decides it is empty.

SQL drops a row whose condition is null as if the condition were false. Here each condition brings a
count of the rows for which it is null: for the same period and the same cuts, in the same scan. It is
read only where a field that can make the condition null is not filled in every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from kpicore.engine.compile.measures import Flow, Grouped, Measure, Stock, keyed, stock_measure
from kpicore.language import Node, extremes, names, nulled_by, passed_over, tests, text, unsure
from kpicore.model.expressions import Comparison, IsNull, Literal, Logic, Name, Not, children
from kpicore.model.inputs import At
from kpicore.model.schema import Type, given_name

Settings = Mapping[str, object]
Filled = Callable[[str, str], bool]
"""Whether no row of an entity is empty in a field; or whether in none a word stands that is no code of the field."""

_ALWAYS = ("count", "distinct")
"""Aggregates that have a value over any rows."""


class Doubtful(Enum):
    """What is not known of the rows: whether they count, which branch of a case they take, what the least or the
    greatest of their fields is, what they are worth, which group they belong to. Of a WORD it is why a row is worth
    nothing known: the cells of cubes count such rows."""

    CONDITION = "condition"
    BRANCH = "branch"
    EXTREME = "extreme"
    VALUE = "value"
    WORD = "word"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Undecided:
    """The rows behind `measure` for which `node` is null, or passes over what is: a test, an argument.

    They are those for which `where` holds. Where the measure goes over groups, the names in `node` are states of a
    group; where it `is_grouped` by another one, its rows are those that groups are made of.
    """

    kind: Doubtful
    node: Node
    measure: Measure
    where: Node
    is_grouped: bool = False

    def rows(self, settings: Settings) -> tuple[Measure, ...]:
        """Return counts of the rows, to be summed up."""
        if self.is_grouped:
            return _inner_counts(self.measure, self.where, settings)
        return (_count(self.measure, self.where, settings),)

    def lacking(self, is_filled: Filled, is_known: Filled) -> tuple[str, ...]:
        """Return the fields without which it is not known; nothing when it is known of all rows."""
        nodes = self._nodes()
        if self.kind is Doubtful.EXTREME:  # one argument is enough to be without
            nodes = tuple(argument for node in nodes for argument in children(node))
        fields = frozenset[str]().union(*(self._nulled_by(node, is_filled, is_known) for node in nodes))
        return tuple(sorted(fields))

    def with_word(self, field: str, word: str, before: Iterable[str], settings: Settings) -> tuple[Measure, ...]:
        """Return the counts of the rows whose `field` holds a word that is no code; of "" of all such words.

        Rows that have such a word in one of the fields `before` too are counted there.
        """
        where: list[Node] = [Not(has_unknown_word(other)) for other in before]
        where.append(has_unknown_word(field))
        if word:
            where.append(Comparison("=", _given(field), Literal(word, Type.TEXT)))
        return tuple(_narrowed(row, _all(*where), settings) for row in self.rows(settings))

    def words(self) -> str:
        """Return what is not known, as it stands in the definition."""
        return " or ".join(text(node) for node in self._nodes())

    def _nodes(self) -> tuple[Node, ...]:
        """Return what of the expression goes on without knowing, or all of it."""
        if self.kind is Doubtful.BRANCH:
            return tests(self.node)
        return extremes(self.node) if self.kind is Doubtful.EXTREME else (self.node,)

    def _nulled_by(self, node: Node, is_filled: Filled, is_known: Filled) -> frozenset[str]:
        source, entity = self.measure.source, self.measure.entity
        if isinstance(source, Grouped):
            # the states at_start and at_end are 0 where there is nothing, see scan/groups; that of a flow may be null
            has_value = _has_value(source.inner, is_filled, is_known)
            return nulled_by(node, lambda name: name != "value" or has_value, lambda name: True)
        # without its date a row is in no period, of which other notes tell
        date = source.when if isinstance(source, Flow) else source.since
        return nulled_by(
            node, lambda name: name == date or is_filled(entity, name), lambda name: is_known(entity, name)
        )


def has_unknown_word(field: str) -> Node:
    """Return the condition that a row has a word in a field that is no code of it."""
    return Logic("and", (IsNull(Name("", field, Type.TEXT)), Not(IsNull(_given(field)))))


def _given(field: str) -> Name:
    return Name("", given_name(field), Type.TEXT)


def _narrowed(rows: Measure, where: Node, settings: Settings) -> Measure:
    """Return a count of fewer rows, and so of each of its parts."""
    both = where if rows.where is None else _all(rows.where, where)
    return _count(rows, both, settings)


def _has_value(groups: Measure, is_filled: Filled, is_known: Filled) -> bool:
    """Whether the state of every group has a value."""
    if groups.word in _ALWAYS or groups.value is None:
        return True
    entity = groups.entity
    return not nulled_by(groups.value, lambda name: is_filled(entity, name), lambda name: is_known(entity, name))


def undecided(measure: Measure) -> tuple[Undecided, ...]:
    """Return all that may not be known of the rows behind a measure."""
    own = tuple(Undecided(kind, node, measure, rows) for kind, node, rows in _conditions(measure, is_inner=False))
    if not isinstance(measure.source, Grouped):
        return own
    key, inner = Name("", measure.source.key, Type.TEXT), measure.source.inner
    below = (
        Undecided(kind, node, inner, _all(Not(IsNull(key)), rows), is_grouped=True)
        for kind, node, rows in _conditions(inner, is_inner=True)
    )
    where = inner.where
    # a row without a key is in no group; that matters unless its condition says that it does not count
    may_count = [] if where is None else [Logic("or", (where, IsNull(where)))]
    keyless = Undecided(Doubtful.KEY, key, inner, _all(*may_count, IsNull(key)), is_grouped=True)
    return (*own, keyless, *below)


def _conditions(measure: Measure, *, is_inner: bool) -> Iterator[tuple[Doubtful, Node, Node]]:
    """Yield what may not be known, the expression, and the condition of the rows of which it is not.

    What an input that is not grouped lacks of its values is told by the cells of its cubes, but for words.
    """
    where, value = measure.where, measure.value
    if where is not None and _fields(where):
        yield Doubtful.CONDITION, where, IsNull(where)
        if (passed := unsure(where)) is not None:
            # rows for which the whole condition is null are told of as such, and not once more below
            yield Doubtful.BRANCH, where, _all(Not(IsNull(where)), passed)
        if (passed := passed_over(where)) is not None:
            yield Doubtful.EXTREME, where, _all(Not(IsNull(where)), passed)
    if value is None:
        return
    counts = [] if where is None else [where]
    if (passed := unsure(value)) is not None:
        yield Doubtful.BRANCH, value, _all(*counts, Not(IsNull(value)), passed)
    if (passed := passed_over(value)) is not None:
        yield Doubtful.EXTREME, value, _all(*counts, Not(IsNull(value)), passed)
    yield Doubtful.VALUE if is_inner else Doubtful.WORD, value, _all(*counts, IsNull(value))


def _fields(node: Node) -> bool:
    return any(not space for space, _ in names(node))


def _count(measure: Measure, where: Node, settings: Settings) -> Measure:
    """Return the count of the measure's rows with another condition."""
    if isinstance(measure.source, Stock):
        return stock_measure("count", measure.source, None, where, measure.at or At.END, settings)
    return keyed("count", measure.source, None, where, 0.0, None, settings)


def _inner_counts(inner: Measure, where: Node, settings: Settings) -> tuple[Measure, ...]:
    """Return counts of the rows that groups are made of: those of the period, or alive at its start or its end."""
    source = inner.source
    if isinstance(source, Flow):
        return (keyed("count", source, None, where, 0.0, None, settings),)
    assert isinstance(source, Stock)
    until, end, day = (
        Name("", source.until, Type.DATE),
        *(Name("period", bound, Type.DATE) for bound in ("end", "as_of")),
    )
    # who came and went within the period is in no state of a group, neither that at its start nor that at its end
    # a period in progress ends with today for now: then it is as_of that tells
    still = Logic("or", (IsNull(until), Comparison(">=", until, end), Comparison(">", until, day)))
    return (
        keyed("count", source, None, where, 0.0, At.START, settings),
        keyed("count", Flow(source.entity, source.since), None, _all(where, still), 0.0, None, settings),
    )


def _all(*nodes: Node) -> Node:
    return nodes[0] if len(nodes) == 1 else Logic("and", nodes)
