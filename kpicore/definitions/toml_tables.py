"""One table of a definitions file, whose values are read by type; what is wrong is told with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from kpicore.definitions.toml_lines import Lines, Path
from kpicore.errors import BadDefinition, UnknownName

T = TypeVar("T")


class DefinitionRefused(Exception):
    """A definition that cannot be, and the line; whoever reads the file turns it into a Flaw."""

    def __init__(self, line: int, problem: str) -> None:
        self.line, self.problem = line, problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A table at its `path` in the file. A key that is absent reads as nothing: "", (), None or False."""

    values: Mapping[str, Any]
    path: Path
    lines: Lines

    def refuse(self, key: str, problem: str, hint: str = "") -> NoReturn:
        """Raise DefinitionRefused at the line of the key, or of the table when it lacks the key."""
        # an element of an array has a line of its own: (…, "bands", 0)
        line = self.lines.get((*self.path, key)) or self.lines.get(self.path, 0)
        raise DefinitionRefused(line, f"{problem}. {hint}".rstrip())

    @contextmanager
    def refusing(self, key: str) -> Iterator[None]:
        """Refuse, at the line of the key, a record that cannot be."""
        try:
            yield
        except BadDefinition as error:
            self.refuse(key, error.problem, error.hint)

    def unknown(self, key: str, kind: str, name: str, known: Collection[str], where: str = "") -> NoReturn:
        """Refuse a name that does not exist, with "did you mean"."""
        error = UnknownName(kind, name, known, where=where)
        self.refuse(key, error.message.removesuffix("."), error.hint)

    def only(self, known: Collection[str], what: str) -> None:
        """Refuse a key that is not among the known ones."""
        for key in self.values:
            if key not in known:
                self.unknown(key, "key", key, known, what)

    def text(self, key: str) -> str:
        """Return a text without spaces around it, "" when it is absent."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.refuse(key, f"'{key}' is a text in quotes, not {_shown(value)}")
        return value.strip()

    def prose(self, key: str) -> str:
        """Return a text for people as one line, however it was broken into lines."""
        return " ".join(self.text(key).split())

    def needed(self, key: str, example: str) -> str:
        """Return a text that must be there."""
        value = self.text(key)
        if not value:
            self.refuse(key, f"it needs a '{key}'", f"Write {key} = {example}.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return texts; one alone needs no brackets."""
        value = self.values.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(part, str) and part.strip() for part in listed):
            self.refuse(key, f"'{key}' is a text in quotes or a list of them, not {_shown(value)}")
        return tuple(part.strip() for part in listed)

    def parts(self, key: str) -> Iterator[str | TomlTable]:
        """Yield the texts and tables of a list; one alone needs no brackets."""
        value = self.values.get(key, [])
        is_list = isinstance(value, list)
        for place, part in enumerate(value if is_list else [value]):
            if isinstance(part, dict):
                yield TomlTable(part, (*self.path, key, place) if is_list else (*self.path, key), self.lines)
            elif isinstance(part, str) and part.strip():
                yield part.strip()
            else:
                self.refuse(key, f"'{key}' is a text in quotes, a table or a list of them, not {_shown(value)}")

    def number(self, key: str) -> float | None:
        """Return a number, None when it is absent."""
        value = self.values.get(key)
        if value is not None and not _is_number(value):
            self.refuse(key, f"'{key}' is a number, not {_shown(value)}")
        return value

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return a list of numbers."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(map(_is_number, value)):
            self.refuse(key, f"'{key}' is a list of numbers, not {_shown(value)}", f"Write {key} = [4, 10].")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, f"'{key}' is true or false, not {_shown(value)}")
        return value

    def flag_or_days(self, key: str) -> bool | int:
        """Return true, false or a number of days."""
        value = self.values.get(key, False)
        # true and false are ints to Python: both pass, any other int counts days
        if not isinstance(value, int) or (not isinstance(value, bool) and value < 1):
            self.refuse(key, f"'{key}' is true, false or a number of days, not {_shown(value)}")
        return value

    def choice(self, key: str, known: Mapping[str, T]) -> T | None:
        """Return what one of the known words stands for, None when it is absent."""
        word = self.text(key).casefold()
        if word and word not in known:
            self.unknown(key, key, word, known)
        return known[word] if word else None

    def table(self, key: str) -> TomlTable:
        """Return the table inside, an empty one when it is absent."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, f"'{key}' is a table, not {_shown(value)}")
        return TomlTable(value, (*self.path, key), self.lines)

    def tables(self, key: str) -> Iterator[TomlTable]:
        """Yield the tables of a list."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            self.refuse(key, f"'{key}' is a list of tables, not {_shown(value)}")
        for place, table in enumerate(value):
            yield TomlTable(table, (*self.path, key, place), self.lines)

    def named(self, what: str) -> Iterator[tuple[str, TomlTable]]:
        """Yield each table inside with its name, which must be one that a formula and a cell can hold."""
        for key in self.values:
            if re.fullmatch(r"[a-z][a-z0-9_]*", key) is None:
                self.refuse(key, f"{what} '{key}' is not named by lower-case letters, digits and underscores")
            yield key, self.table(key)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _is_number(value: object) -> bool:
    # nor inf and nan, which TOML can write
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
