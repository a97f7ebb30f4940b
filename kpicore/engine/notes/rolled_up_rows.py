"""Asks which rows that a roll-up is made of are not in what it made.

In each statement `o` is a row that is rolled up, `e` the row that it belongs to, and `g` what all rows of `e` come to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kpicore.engine.notes.undecided import has_unknown_word
from kpicore.engine.scan.fragments import Binder, Row
from kpicore.ingest.fields.dated_rows import Until
from kpicore.ingest.fields.derivations import FieldDerivation
from kpicore.ingest.fields.roll_ups import rolled_up
from kpicore.ingest.raw.sql_types import WORKED_OUT
from kpicore.language import Node
from kpicore.model.schema import RollUp, Type
from kpicore.warehouse import Warehouse


class RolledUpRows:
    """Asks the rows of today's data."""

    def __init__(self, warehouse: Warehouse, settings: Mapping[str, object], until: Until) -> None:
        self._warehouse, self._settings, self._until = warehouse, settings, until
        self._query = warehouse.query

    def left_out(self, way: FieldDerivation, how: RollUp, unknown: Collection[str]) -> int:
        """Return how many rows are not in a value that others make, and might have made another one of it.

        Rows with an unknown word in one of the fields `unknown` are told of otherwise.
        """
        # a statement each: DuckDB refuses values that are bound and not used
        doubtful, sql = self._statement(way, how), self._statement(way, how)
        if not self._query(doubtful.any_doubtful(), doubtful.values):  # then groups need not be made
            return 0
        return int(self._query(sql.left_out(unknown), sql.values)[0][0])

    def unattached(self, way: FieldDerivation, how: RollUp, unknown: Collection[str]) -> tuple[int, int]:
        """Return how many rows have no key, and how many one that is no row's; `unknown` as above."""
        sql = self._statement(way, how)
        [(keyless, of_none)] = self._query(sql.unattached(unknown), sql.values)
        return int(keyless), int(of_none)

    def any_made(self, way: FieldDerivation, how: RollUp) -> bool:
        """Return whether any field is what its rows come to, or empty: nobody gave it a value."""
        sql = self._statement(way, how)
        return bool(self._query(sql.any_made(), sql.values))

    def any_without(self, way: FieldDerivation, how: RollUp, value: Node) -> bool:
        """Return whether any row counts and has no `value`, in a field that others make or that is empty."""
        sql = self._statement(way, how)
        return bool(self._query(sql.any_without(value), sql.values))

    def _statement(self, way: FieldDerivation, how: RollUp) -> _Statement:
        return _Statement(way, how, self._warehouse, self._settings, self._until)


class _Statement:
    """One statement at a time: its SQL, and in `values` what its parameters are."""

    def __init__(
        self, way: FieldDerivation, how: RollUp, warehouse: Warehouse, settings: Mapping[str, object], until: Until
    ) -> None:
        self._way, self._how, self._until = way, how, until
        self._bind = bind = Binder(warehouse)
        self.values = self._bind.values
        self._row = Row("o", self._bind, settings)
        self._key, self._field = f"o.{bind.quote(how.key)}", f"e.{bind.quote(way.field.name)}"
        self._rows, self._of = f"{bind.relation(way.other)} AS o", f"{bind.relation(way.entity)} AS e"

    def any_doubtful(self) -> str:
        return f"SELECT 1 FROM {self._not_ahead()} WHERE {self._is_doubtful()} LIMIT 1"

    def left_out(self, unknown: Iterable[str]) -> str:
        way, rows = self._way, self._not_ahead()
        # where nothing is known of a row it is told as empty; without a first date it only is in no period
        same = "IS NOT DISTINCT FROM" if way.when is not None and way.value == way.when else "="
        key = self._bind.quote(self._how.key)
        doubted = f"EXISTS (SELECT 1 FROM doubtful AS d WHERE d.{key} = {self._key})"
        groups = self._groups(f"{rows} WHERE {doubted}", self._at())
        return (
            # used twice, and read once
            f"WITH doubtful AS MATERIALIZED (SELECT * FROM {rows} WHERE {self._is_doubtful()})"
            f" SELECT count(*) FROM doubtful AS o JOIN {groups} ON g.id = {self._key}"
            f" JOIN {self._of} ON e.id = g.id AND {self._field} {same} {self._made()}"
            f" WHERE {self._and([self._is_left_out()], unknown)}"
        )

    def any_without(self, value: Node) -> str:
        # "IS NOT FALSE": what may count, too, is lacking where it has no value
        counts = [f"({self._counts()}) IS NOT FALSE", f"{self._row.sql(value)} IS NULL"]
        return (
            f"SELECT 1 FROM {self._rows} JOIN {self._groups(self._rows)} ON g.id = {self._key}"
            f" JOIN {self._of} ON e.id = g.id WHERE {' AND '.join(counts)} AND {self._is_made()} LIMIT 1"
        )

    def unattached(self, unknown: Iterable[str]) -> str:
        return (
            f"SELECT count(*) FILTER (WHERE {self._key} IS NULL), count({self._key})"
            # a null key is that of no row either: rows without one are among these
            f" FROM {self._rows} WHERE NOT EXISTS (SELECT 1 FROM {self._of} WHERE e.id = {self._key})"
            f" AND {self._and([f'({self._counts()}) IS NOT FALSE'], unknown)}"
        )

    def any_made(self) -> str:
        groups = self._groups(self._rows)
        return f"SELECT 1 FROM {self._of} LEFT JOIN {groups} ON g.id = e.id WHERE {self._is_made()} LIMIT 1"

    def _groups(self, rows: str, at: str = "NULL") -> str:
        value = rolled_up(self._way, self._how.aggregate, self._row.column, self._bind, self._bind.dialect)
        return f"(SELECT {self._key} AS id, {value} AS made, {at} AS at FROM {rows} GROUP BY 1) AS g"

    def _not_ahead(self) -> str:
        """Return SQL of the rows that are not dated after the day of the data."""
        dating = self._way.dating
        if dating is None:
            return self._rows
        ahead = self._until.is_ahead(self._row.sql(dating.as_made), dating.node.type)
        return f"(SELECT * FROM {self._rows} WHERE ({ahead}) IS NOT TRUE) AS o"

    def _counts(self) -> str:
        return self._row.sql(self._way.where) if self._way.where is not None else "TRUE"

    def _is_doubtful(self) -> str:
        """Return SQL of the rows that may count and lack something: few, of which only the groups are looked at."""
        counts, nodes = self._counts(), (self._way.value, self._way.when)
        lacks = "".join(f" OR {self._row.sql(node)} IS NULL" for node in nodes if node is not None)
        return f"({counts}) IS NOT FALSE AND (({counts}) IS NULL{lacks})"

    def _is_left_out(self) -> str:
        """Return SQL of the rows that are not in the value `g.made`, and might have made another one of it.

        Of the earliest or latest ones those are rows that may stand before the one taken, and say something else.
        """
        way, row, counts = self._way, self._row, self._counts()
        if way.value is None or way.when is None or way.value == way.when:
            lacks = f"({counts} AND {row.sql(way.value)} IS NULL)" if way.value is not None else "FALSE"
            return f"(({counts}) IS NULL OR {lacks})"
        value, when = row.sql(way.value), row.sql(way.when)
        before = f"{when} {'<' if self._how.aggregate.word == 'earliest' else '>'} g.at"
        empty = f"({value} IS NULL AND {before})" if way.value.type is Type.TEXT else "FALSE"
        doubtful = f"(({counts}) IS NULL OR {when} IS NULL) AND {value} <> g.made"
        return f"(({counts}) IS NOT FALSE) AND ({empty} OR {doubtful})"

    def _at(self) -> str:
        """Return SQL of the date of the row that is the earliest or latest."""
        way, row = self._way, self._row
        if way.when is None:
            return "NULL"
        known = [row.sql(way.where)] if way.where is not None else []
        known += [f"{row.sql(way.value)} IS NOT NULL"] if way.value is not None else []
        edge = "min" if self._how.aggregate.word == "earliest" else "max"
        return f"{edge}({row.sql(way.when)}) FILTER (WHERE {' AND '.join(known) or 'TRUE'})"

    def _made(self) -> str:
        if self._way.field.type is Type.TEXT:
            return "g.made"
        type_ = WORKED_OUT if self._way.is_endless else self._bind.dialect.type_of(self._way.field.type)
        return f"CAST(g.made AS {type_})"

    def _is_made(self) -> str:
        return f"({self._field} IS NULL OR {self._field} = {self._made()})"

    def _and(self, conditions: list[str], unknown: Iterable[str]) -> str:
        known = [f"NOT {self._row.sql(has_unknown_word(field))}" for field in unknown]
        return " AND ".join([*conditions, *known])
