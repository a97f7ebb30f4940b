"""What of the made tables was made by other definitions than today's, and in which words to tell it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kpicore.lineage.lineage import DIMENSION, RULES, SETTINGS, WORDS, Column, Lineage, setting
from kpicore.wording.note_words import counted

_MOST = 3
"""So many causes are named in one line."""


@dataclass(frozen=True, slots=True)
class LineageDifference:
    """One definition or setting that is another than when the tables were made."""

    column: Column
    words: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """Columns of made tables that today's definitions would make otherwise.

    `causes` are the definitions that differ, `columns` all that reads one of them, by today's lineage.
    """

    today: Lineage
    causes: tuple[LineageDifference, ...] = ()
    columns: frozenset[Column] = field(default_factory=frozenset)

    def entities(self) -> frozenset[str]:
        """Return the entities of which any column is outdated."""
        return frozenset(entity for entity, _ in self.columns if entity != SETTINGS)

    def only(self, entities: Collection[str]) -> Outdated:
        """Return what is outdated of the tables of these entities, with the causes behind it."""
        columns = frozenset(column for column in self.columns if column[0] in entities)
        behind = self.today.behind(columns)
        return Outdated(self.today, tuple(cause for cause in self.causes if cause.column in behind), columns)

    def why(self, columns: Iterable[Column] | None = None) -> str:
        """Return the causes in words, all or those behind some columns: "the field order.size has changed"."""
        behind = self.today.behind(columns) if columns is not None else None
        words = list(dict.fromkeys(cause.words for cause in self.causes if behind is None or cause.column in behind))
        if len(words) > _MOST:
            words = [*words[:_MOST], f"{counted(len(words) - _MOST, 'others differ too', 'other differs too')}"]
        return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def outdated(earlier: Lineage, today: Lineage) -> Outdated:
    """Return what of the tables made by one lineage is outdated by today's.

    A definition that is not there today is no other one: its plugin may be disabled, or broken just now.
    Only one of the workspace's own files that was taken out is gone for what reads it.
    """
    causes = tuple(_differences(earlier, today))
    fields = {setting(DIMENSION + name) for entity, name in (cause.column for cause in causes) if entity != SETTINGS}
    shown = tuple(cause for cause in causes if cause.column not in fields)  # a field says it of its dimension too
    return Outdated(today, shown, _readers({cause.column for cause in causes}, today))


def misread(columns: Mapping[Column, str], today: Lineage) -> Outdated:
    """Return what is outdated because these columns hold what was read by other settings, each with how."""
    causes = tuple(LineageDifference(column, words) for column, words in columns.items())
    return Outdated(today, causes, _readers({*columns}, today))


def _differences(earlier: Lineage, today: Lineage) -> Iterator[LineageDifference]:
    for column, origin in today.origins.items():
        before = earlier.origins.get(column)
        if before is None:
            yield LineageDifference(column, f"{_called(column)} is new")
        elif before.meant != origin.meant:  # written otherwise it may mean the same
            yield LineageDifference(column, _changed(column, before.meant, origin.meant))
    # What nothing reads leaves no table otherwise than it is: its column is only not asked for any more.
    read = frozenset[Column]().union(*(origin.reads for origin in today.origins.values()))
    for column in sorted(earlier.own & read - today.origins.keys()):
        yield LineageDifference(column, f"{_called(column)} is gone")


def _changed(column: Column, before: str, now: str) -> str:
    if column == (SETTINGS, RULES):
        return "this version makes tables otherwise"
    if column in (setting("weeks"), setting("fiscal months")):
        return f"the {column[1]} have changed"
    if column[0] == SETTINGS and column[1].startswith(WORDS):
        return f"the words of {column[1].removeprefix(WORDS)} have changed"
    if column[0] == SETTINGS and not column[1].startswith(DIMENSION):
        return f"{column[1].removeprefix('setting.')} was {before} and is {now}"
    return f"{_called(column)} has changed"


def _called(column: Column) -> str:
    entity, name = column
    if entity == SETTINGS:
        return f"the {' '.join(name.split('.', 1))}"
    return f"{entity}.{name}" if name else f"the entity {entity}"


def _readers(columns: set[Column], lineage: Lineage) -> frozenset[Column]:
    """Return the columns and all that reads them, directly or through others."""
    readers: dict[Column, list[Column]] = {}
    for column, origin in lineage.origins.items():
        for read in origin.reads:
            readers.setdefault(read, []).append(column)
    reached, todo = set(columns), list(columns)
    while todo:
        for reader in readers.get(todo.pop(), ()):
            if reader not in reached:
                reached.add(reader)
                todo.append(reader)
    return frozenset(reached)
