"""The lineage of made tables as a graph: of each column its own definition, and what that reads.

Beside the columns stand the rows of each entity, the settings, the calendar and the rules of the load
itself: whatever else a made table depends on but the rows that sources gave.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import md5

Column = tuple[str, str]
"""An entity and a column of it; ("order", "") are its rows, and ("", "setting.stuck_days") is no column at all."""

SETTINGS = ""
"""Stands for the entity of what is no column: settings, calendar, dimensions, and the rules of the load."""

RULES, DIMENSION, WORDS = "rules", "dimension.", "words."
CALENDAR = "calendar"
"""Stands for the entity of the calendar's columns."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What one column is made from: `written` as it was written down, `meant` in its canonical form.

    A definition that is written otherwise and means the same is no other one.
    """

    written: str
    meant: str
    reads: frozenset[Column] = frozenset()


@dataclass(frozen=True, slots=True)
class Lineage:
    """The origins of all columns. `own` are those that the workspace's own files give."""

    origins: Mapping[Column, Origin]
    own: frozenset[Column] = frozenset()

    def fingerprint(self, entities: Collection[str]) -> str:
        """Return a text that is another when the tables of the entities are to be made otherwise."""
        columns = (origin for origin in self.origins if origin[0] in entities)
        behind = self.behind(columns) & self.origins.keys()
        return digest(repr(sorted((column, self.origins[column].meant) for column in behind)))

    @property
    def of_plugins(self) -> frozenset[Column]:
        """What is installed: without settings, and without the workspace's own files."""
        own = {*self.own, *(setting(DIMENSION + name) for _, name in self.own)}
        return frozenset(
            origin
            for origin in self.origins
            if origin not in own and (origin[0] or origin[1].startswith((RULES, DIMENSION)))
        )

    @property
    def installed(self) -> str:
        """The fingerprint of what is installed."""
        return digest(repr(sorted((column, self.origins[column].written) for column in self.of_plugins)))

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each column's own definition, and of each setting's value, by name."""
        return {name_of(key): digest(origin.meant) for key, origin in self.origins.items()}

    def behind(self, columns: Iterable[Column]) -> frozenset[Column]:
        """Return the columns and all that they read, directly or through others."""
        # By what is left to do and not by recursion: fields may read each other in circles, and chains are deep.
        reached = set(columns)
        todo = list(reached)
        while todo:
            origin = self.origins.get(todo.pop())
            new = origin.reads - reached if origin else frozenset[Column]()
            reached |= new
            todo += new
        return frozenset(reached)

    def text(self) -> str:
        """Return the lineage as text for the book."""
        # Columns by their places: names would come thousands of times, and are read whenever the file is opened.
        places = {key: place for place, key in enumerate(self.origins)}
        # What is read and defined nowhere, such as a field of a disabled plugin, has a place behind all others.
        further = {read for origin in self.origins.values() for read in origin.reads} - places.keys()
        places |= {key: len(places) + at for at, key in enumerate(sorted(further))}
        rows = [
            [name_of(key), origin.written, origin.meant, sorted(places[read] for read in origin.reads)]
            for key, origin in self.origins.items()
        ]
        parts = [rows, [name_of(key) for key in sorted(further)], sorted(name_of(key) for key in self.own)]
        return json.dumps(parts, separators=(",", ":"))

    @staticmethod
    def parse(text: str) -> Lineage:
        """Return the lineage that `text` gave."""
        rows, further, own = json.loads(text)
        keys = [named(name) for name, *_ in rows] + [named(name) for name in further]
        origins = {
            named(name): Origin(written, meant, frozenset(keys[place] for place in reads))
            for name, written, meant, reads in rows
        }
        return Lineage(origins, frozenset(map(named, own)))


def setting(name: str) -> Column:
    """Return what stands for a setting ("setting.stuck_days", "currency"), the calendar or the rules."""
    return SETTINGS, name


def name_of(column: Column) -> str:
    """Return "order.amount", "order" for its rows, ".setting.stuck_days" for a setting."""
    return ".".join(column) if column[1] else column[0]


def named(name: str) -> Column:
    """Return the column of that name.

    >>> named("order.amount"), named("order"), named(".setting.stuck_days")
    (('order', 'amount'), ('order', ''), ('', 'setting.stuck_days'))
    """
    entity, _, column = name.partition(".")
    return entity, column


def digest(text: str) -> str:
    """Return a short text that differs where the text does."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()
