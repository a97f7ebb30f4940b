"""Cells as typed values: the SQL that reads a column once it is decided how it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kpicore import DUCKDB, Field, Type, literal
from kpicore_sources.files import dates, numbers
from kpicore_sources.files.known_words import KnownWords
from kpicore_sources.files.reading import Decision

PERCENT = "percent "
NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
UNKNOWN = 0xFFFD
"""Stands where a byte is none of the file's encoding."""
BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
"""A date of another year is a slip, such as 0206 for 2026."""
_DAYS = 400_000
"""No day of those years is farther from the first one that spreadsheets or Unix count."""


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """A column's decision, with what the SQL needs: date formats, month names, whether numbers are plain."""

    decision: Decision
    formats: tuple[dates.Format, ...] = ()
    months: tuple[str, ...] = ()
    plain: bool = False

    @property
    def code(self) -> str:
        """The reading's text, as it stands in a mapping."""
        return self.decision.reading

    def reads_in_zone(self, field: Field) -> bool:
        """Return whether the organisation's time zone decides what a day or an instant becomes.

        A moment is left local where none of its values has a zone: that is for the load to decide.
        """
        has_zones = self.code in (dates.UNIX, dates.UNIX_MS) or any(format_.zone for format_ in self.formats)
        return has_zones and (field.type is Type.DATE or any(not format_.zone for format_ in self.formats))


@dataclass(frozen=True, slots=True)
class Values:
    """Writes the SQL. `zone` is the organisation's; a `clean` cell is one that needs no trimming and says no N/A."""

    words: KnownWords
    zone: str

    def value(self, cell: str, field: Field, reading: ColumnReading, clean: bool = False) -> str:
        """Return SQL for the typed value of a cell, null where it cannot be read."""
        if field.type is Type.TEXT:
            return self.text(cell, clean)
        trimmed = cell if clean or reading.plain else trimmed_sql(cell)
        if field.type is Type.BOOLEAN:
            yes, no = (_listed(words) for words in (self.words.yes, self.words.no))
            return f"CASE WHEN lower({trimmed}) IN ({yes}) THEN true WHEN lower({trimmed}) IN ({no}) THEN false END"
        if field.type in NUMBERS:
            return _number(trimmed, field, reading)
        return self._date(trimmed, field, reading)

    def text(self, cell: str, clean: bool = False) -> str:
        """Return SQL for a trimmed cell, null where it is empty or a word for empty."""
        if clean:
            return f"nullif({cell}, '')"
        trimmed = trimmed_sql(cell)
        empty = f"{trimmed} = '' OR lower({trimmed}) IN ({_listed(self.words.empty)})"
        return f"CASE WHEN {empty} OR contains({cell}, chr({UNKNOWN})) THEN NULL ELSE {trimmed} END"

    def empty(self, cell: str, clean: bool = False) -> str:
        """Return SQL that says whether a cell for a typed field counts as empty."""
        if clean:
            return f"({cell} IS NULL OR {cell} = '')"
        return f"({cell} IS NULL OR {cell} = '' OR lower({trimmed_sql(cell)}) IN ('', {self._empty_words()}))"

    def odd(self, cell: str) -> str:
        """Return SQL that says whether a cell is not clean."""
        blank = " OR ".join(f"contains({cell}, chr({code}))" for code in (9, 10, 13, 160, UNKNOWN))
        return f"starts_with({cell}, ' ') OR suffix({cell}, ' ') OR {blank} OR lower({cell}) IN ({self._empty_words()})"

    def _empty_words(self) -> str:
        return _listed((*self.words.empty, *self.words.empty_number))

    def _date(self, cell: str, field: Field, reading: ColumnReading) -> str:
        """Return SQL for a day, or a moment: local TIMESTAMP, or TIMESTAMPTZ where the values have zones."""
        local, instant = _moments(cell, reading)
        zone = literal(self.zone)
        if field.type is Type.DATE:
            parts = [f"CAST({moment} AS DATE)" for moment in local]
            parts += [f"CAST(timezone({zone}, {moment}) AS DATE)" for moment in instant]
            value = _first(parts, "DATE")
        else:
            # One column has one type: where some values have a zone, the others are local to the organisation.
            parts = [*(f"timezone({zone}, {moment})" for moment in local), *instant] if instant else local
            value = _first(parts, "TIMESTAMP")
        return f"CASE WHEN year({value}) BETWEEN {_FIRST_YEAR} AND {_LAST_YEAR} THEN {value} END"


def trimmed_sql(cell: str) -> str:
    """Return SQL for a cell without blanks around it."""
    return f"trim({cell}, {BLANKS})"


def _number(cell: str, field: Field, reading: ColumnReading) -> str:
    percent = reading.code.startswith(PERCENT)
    code = f"number {reading.code.removeprefix(PERCENT)}" if percent else reading.code
    if field.type is Type.INTEGER:
        # "12.0" is a whole number and "12.5" none: a cast to BIGINT would round it
        exact = numbers.number_sql(cell, code, "DECIMAL(28,6)", plain=reading.plain)
        whole = f"CASE WHEN {exact} = trunc({exact}) THEN try_cast({exact} AS BIGINT) END"
        # DuckDB lets a text like 1.0000000000000002e28 into a type that has no room for it, and cannot compare it
        return f"CASE WHEN abs({exact}) < 1e19 THEN {whole} END"
    return numbers.number_sql(cell, code, DUCKDB.type_of(field.type), plain=reading.plain, percent=percent)


def _moments(cell: str, reading: ColumnReading) -> tuple[list[str], list[str]]:
    """Return SQL expressions that give local times, and others that give instants."""
    if reading.code == dates.SERIAL:
        # to whole seconds: a fraction of a day as a double is a hair off
        seconds = f"CAST(round({_within(cell, _DAYS)} * 86400) AS BIGINT)"
        # Excel counts February 29, 1900, which never was: from March 1 on (61) days count from one day earlier
        return [f"TIMESTAMP '1899-12-30' + to_seconds({seconds})"], []
    if reading.code in (dates.UNIX, dates.UNIX_MS):
        scale = 1 if reading.code == dates.UNIX else 1000
        return [], [f"to_timestamp({_within(cell, _DAYS * 86400 * scale)} / {scale})"]
    if _iso(reading):
        return [f"try_cast({cell} AS TIMESTAMP)"], []
    text = dates.with_month_numbers(cell, reading.months)
    sql = {zone: _parsed(text, reading, zone) for zone in ("", "utc", "offset")}
    instants = [f"timezone('UTC', {sql['utc']})"] if sql["utc"] else []
    return [sql[""]] if sql[""] else [], instants + ([sql["offset"]] if sql["offset"] else [])


def _within(cell: str, most: int) -> str:
    """Return SQL for a number that is no more than so far from 0, null for others: times beyond raise in a database."""
    number = f"try_cast({cell} AS DOUBLE)"
    return f"CASE WHEN abs({number}) <= {most} THEN {number} END"


def _parsed(text: str, reading: ColumnReading, zone: str) -> str:
    """Return SQL that tries the formats of one kind of zone, or "" where there are none."""
    formats = {format_.text for format_ in reading.formats if format_.zone == zone}
    # Formats with a two-digit year go first: %Y would take 16 for the year 16.
    ordered = sorted(formats, key=lambda text: ("%Y" in text, text))
    return f"try_strptime({text}, [{_listed(ordered)}])" if ordered else ""


def _iso(reading: ColumnReading) -> bool:
    """Return whether the database's own cast reads all formats: four digits of the year, then hyphens, no zone."""
    known = r"%Y-%m-%d([T ]%H:%M(:%S(\.%f)?)?)?"
    return bool(reading.formats) and all(
        not format_.zone and re.fullmatch(known, format_.text) for format_ in reading.formats
    )


def _first(parts: Sequence[str], type_: str) -> str:
    if not parts:
        return f"CAST(NULL AS {type_})"
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(literal(text) for text in texts)
