"""The wall around the driver of a foreign warehouse: what it raises, or gives of a wrong type, is told in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from types import NoneType
from typing import Any, cast

from kpicore.errors import BadDefinition, KpiError, WarehouseError
from kpicore.language.dialect import Dialect
from kpicore.model.checked import check_fields
from kpicore.text.plain_text import kind_shown
from kpicore.turns import aside
from kpicore.utils.isolation import contained, in_words
from kpicore.warehouse.port import EntityState, Member, SourceState, State, Warehouse

_VALUES = (str, bool, int, float, Decimal, date, datetime, list, NoneType)
_PLAIN = frozenset(_VALUES)


class Guarded:
    """A warehouse of a plugin. Others take their turn while it answers."""

    def __init__(self, kind: str, open: Callable[[], Warehouse]) -> None:
        self._kind = kind
        with self._clear_errors():
            self._warehouse = open()
            # asked once: they do not change, and each statement needs them
            dialect, self.state = self._warehouse.dialect, self._checked_state(self._warehouse.state)
            self.version = self._text("version", self._warehouse.version)
        self.dialect = cast(Dialect, _GuardedDialect(self, dialect))

    def relation(self, entity: str) -> str:
        """Return SQL of the rows of an entity, or of the days. Raises WarehouseError."""
        with self._clear_errors():
            return self._text("relation", self._warehouse.relation(entity))

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, as tuples of plain values. Raises WarehouseError."""
        with aside(), self._clear_errors():
            rows = self._warehouse.query(sql, values)
            if not isinstance(rows, list):
                raise self._wrong("query", rows, "a list of tuples")
            # most are, and there may be millions
            if set(map(type, rows)) <= {tuple} and set(map(type, chain.from_iterable(rows))) <= _PLAIN:
                return rows
            return [self._row(row) for row in rows]

    def members(self, dimension: str) -> tuple[Member, ...]:
        """Return the values of a dimension, sorted. Raises WarehouseError."""
        with aside(), self._clear_errors():
            members = tuple(self._warehouse.members(dimension))
            for member in members:
                if not isinstance(member, Member):
                    raise self._wrong("members", member, "a Member")
                for text in (member.value, member.id, member.label):
                    self._text("members", text)
            return members

    def close(self) -> None:
        """Let go of the warehouse."""
        with self._clear_errors():
            self._warehouse.close()

    def word(self, dialect: Dialect, name: str) -> Any:
        """Return what a dialect has under a name; a function of it is asked behind the wall. Raises WarehouseError."""
        with self._clear_errors():
            word = getattr(dialect, name)
            if not callable(word):
                if not isinstance(word, bool):
                    raise self._wrong(f"dialect.{name}", word, "True or False")
                return word

        def spoken(*terms: Any) -> str:
            with self._clear_errors():
                return self._text(f"dialect.{name}", word(*terms))

        return spoken

    def _checked_state(self, state: State) -> State:
        if not isinstance(state, State):
            raise self._wrong("state", state, "a State")
        for time in (state.time, state.first_load):
            if not isinstance(time, datetime):
                raise self._wrong("state", time, "a datetime")
        for text in (state.version, state.written, state.currency, *state.misread, *state.misread.values()):
            self._text("state", text)
        for source in state.sources:
            self._check_source(source)
        for name, entity in state.entities.items():
            if not isinstance(entity, EntityState):
                raise self._wrong(f"state of {name}", entity, "an EntityState")
            try:
                check_fields(entity, f"state of {name}")
            except BadDefinition as error:
                raise TypeError(str(error)) from None
        return state

    def _check_source(self, source: object) -> None:
        if not isinstance(source, SourceState):
            raise self._wrong("state", source, "a SourceState for each of its sources")
        for text in (source.source, source.stream, source.entity, source.error):
            self._text("source", text)
        where = f"source '{source.source}'"
        for time in filter(None, (source.time, source.tried)):
            if not isinstance(time, datetime) or time.tzinfo is None:
                raise self._wrong(where, time, "an instant in UTC")
        if not isinstance(source.rows, int) or not isinstance(source.allowed_lag, timedelta | None):
            raise self._wrong(where, (source.rows, source.allowed_lag), "a number of rows and a timedelta or None")

    def _row(self, row: object) -> tuple[Any, ...]:
        # one can go through a text or a dict as well, and it would be a row of something else
        if not isinstance(row, list | tuple):
            raise self._wrong("query", row, "a tuple")
        return tuple(map(self._plain, row))

    def _plain(self, value: Any) -> Any:
        # numpy, whose numbers look like ours and are none, gives them by this name
        if type(value) not in _PLAIN and hasattr(value, "tolist"):
            value = value.tolist()
        if not isinstance(value, _VALUES):
            raise self._wrong("query", value, "a text, number, day, moment, list or None")
        return value

    def _text(self, what: str, value: object) -> str:
        if not isinstance(value, str):
            raise self._wrong(what, value, "a text")
        return value

    def _wrong(self, what: str, value: object, wanted: str) -> WarehouseError:
        return WarehouseError(
            f"the warehouse '{self._kind}' cannot be read: its {what} gives {kind_shown(value)}, not {wanted}."
        )

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            with contained():
                yield
        except KpiError:
            raise
        except Exception as error:  # foreign code
            raise WarehouseError(f"the warehouse '{self._kind}' cannot be read: {in_words(error)}.") from error


class _GuardedDialect:
    """The dialect of a plugin's warehouse: its words, each asked behind the wall."""

    def __init__(self, guard: Guarded, dialect: Dialect) -> None:
        self._guard, self._dialect = guard, dialect

    def __getattr__(self, name: str) -> Any:
        return self._guard.word(self._dialect, name)
