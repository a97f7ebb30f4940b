"""How a column is written, decided from ALL its values, and the SQL that reads it so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

from kpicore import BadConfig, Field, Type
from kpicore_sources.files import dates, numbers
from kpicore_sources.files.profile import Profile
from kpicore_sources.files.reading import Decision, Shape
from kpicore_sources.files.staging import Sheet, Staging, text_value
from kpicore_sources.files.words import Words

TEXT, TRUTH, PERCENT = "text", "yes/no", "percent "
SQL_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DECIMAL(18,6)",
    Type.MONEY: "DECIMAL(18,4)",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.MOMENT: "TIMESTAMP",
}
_NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_MOST_SHAPES = 5000
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Reading:
    """A column's decision, with what the SQL needs: date formats, month names, plain numbers."""

    decision: Decision
    formats: tuple[dates.Format, ...] = ()
    months: tuple[str, ...] = ()
    plain: bool = False

    @property
    def code(self) -> str:
        """The reading's text, as it stands in a mapping."""
        return self.decision.reading


@dataclass(frozen=True, slots=True)
class Reader:
    """Decides readings and writes their SQL; `zone` is the organisation's."""

    staging: Staging
    words: Words
    zone: str
    _clean: dict[tuple[str, str], bool] = dataclass_field(default_factory=dict)

    def read(self, sheet: Sheet, column: str, field: Field, profile: Profile, given: str = "") -> Reading:
        """Return how `column` is to be read for `field`; `given` is what the mapping says.

        Raises: BadConfig for a reading that the field cannot have.
        """
        if field.type is Type.TEXT:
            return Reading(Decision(TEXT))
        if field.type is Type.BOOLEAN:
            return Reading(Decision(TRUTH))
        shapes = self._shapes(sheet, column, profile)
        if field.type in _NUMBERS:
            return self._number(field, shapes, given, column)
        return self._date(sheet, column, shapes, given)

    def clean(self, sheet: Sheet, column: str, profile: Profile) -> bool:
        """Return whether no cell has blanks around its text, or holds a word for empty such as N/A."""
        key = (sheet.table, column)
        if key not in self._clean:
            cell = sheet.cell(column)
            if profile.few:
                sql = f"SELECT bool_or({self._odd('v')}) FROM (SELECT {cell} AS v FROM {sheet.table} GROUP BY {cell})"
            else:
                sql = f"SELECT bool_or({self._odd(cell)}) FROM {sheet.table}"
            self._clean[key] = not self.staging.query(sql)[0][0]
        return self._clean[key]

    def _odd(self, cell: str) -> str:
        blank = " OR ".join(f"contains({cell}, chr({code}))" for code in (9, 10, 13, 160, UNKNOWN))
        return f"starts_with({cell}, ' ') OR suffix({cell}, ' ') OR {blank} OR lower({cell}) IN ({self._empty_words()})"

    def _empty_words(self) -> str:
        return ", ".join(text_value(each) for each in (*self.words.empty, *self.words.empty_number))

    def text(self, cell: str, clean: bool = False) -> str:
        """Return SQL for a trimmed cell, null where it is empty or a word for empty; `clean` as told by `clean`."""
        if clean:
            return f"nullif({cell}, '')"
        words = ", ".join(text_value(each) for each in self.words.empty)
        trimmed = f"trim({cell}, {BLANKS})"
        unknown = f"contains({cell}, chr({UNKNOWN}))"
        return f"CASE WHEN {trimmed} = '' OR lower({trimmed}) IN ({words}) OR {unknown} THEN NULL ELSE {trimmed} END"

    def value(self, cell: str, field: Field, reading: Reading, clean: bool = False) -> str:
        """Return SQL for the typed value of a cell, null where it cannot be read."""
        if field.type is Type.TEXT:
            return self.text(cell, clean)
        trimmed = cell if clean or reading.plain else f"trim({cell}, {BLANKS})"
        if field.type is Type.BOOLEAN:
            yes, no = (", ".join(text_value(each) for each in words) for words in (self.words.yes, self.words.no))
            return f"CASE WHEN lower({trimmed}) IN ({yes}) THEN true WHEN lower({trimmed}) IN ({no}) THEN false END"
        if field.type in _NUMBERS:
            percent = reading.code.startswith(PERCENT)
            code = "number " + reading.code.removeprefix(PERCENT) if percent else reading.code
            if field.type is Type.INTEGER:
                exact = numbers.number_sql(trimmed, code, "DECIMAL(28,6)", plain=reading.plain)
                return f"CASE WHEN {exact} = trunc({exact}) THEN try_cast({exact} AS BIGINT) END"
            return numbers.number_sql(trimmed, code, SQL_TYPES[field.type], plain=reading.plain, percent=percent)
        return self._date_sql(trimmed, field, reading)

    def empty_typed(self, cell: str, clean: bool = False) -> str:
        """Return SQL that says whether a cell for a typed field counts as empty."""
        if clean:
            return f"({cell} IS NULL OR {cell} = '')"
        return f"({cell} IS NULL OR {cell} = '' OR lower(trim({cell}, {BLANKS})) IN ('', {self._empty_words()}))"

    def _shapes(self, sheet: Sheet, column: str, profile: Profile) -> list[Shape]:
        """Return the shapes of ALL values.

        Where the sample proves a reading that the database knows itself, its shapes stand for all
        values which the database reads so, and only the others are looked at one by one.
        """
        cell, sample = sheet.cell(column), profile.sample
        clean = self.clean(sheet, column, profile)
        trimmed = cell if clean else f"trim({cell}, {BLANKS})"
        regular, known = "", []
        if sample and all(re.fullmatch(numbers.PLAIN, each) for each in sample) and numbers.proves_point(sample):
            regular = f"(try_cast({cell} AS DECIMAL(18,4)) IS NOT NULL AND NOT contains({cell}, '_'))"
        elif sample and all(re.fullmatch(_ISO_VALUE, each) for each in sample):
            regular = f"(try_cast({cell} AS TIMESTAMP) IS NOT NULL AND length({cell}) IN (10, 16, 19))"
        if regular:
            known = [Shape(each, sheet.rows, self._row(sheet, cell, each)) for each in _one_of_each(sample)]
            regular = f" AND NOT {regular}"
        rows = self.staging.query(
            f"WITH each AS MATERIALIZED (SELECT {trimmed} AS v, count(*) AS n, min(rowid) AS r FROM {sheet.table}"
            f" WHERE NOT {self.empty_typed(cell, clean)}{regular} GROUP BY v) SELECT min(v), sum(n), arg_min(r, v)"
            f" FROM each GROUP BY translate(v, '012345678', '999999999') ORDER BY 2 DESC LIMIT {_MOST_SHAPES}"
        )
        return known + [Shape(str(example), int(count), int(row)) for example, count, row in rows]

    def _row(self, sheet: Sheet, cell: str, value: str) -> int:
        found = self.staging.query(f"SELECT rowid FROM {sheet.table} WHERE contains({cell}, ?) LIMIT 1", [value])
        return int(found[0][0]) if found else 0

    def _number(self, field: Field, shapes: Sequence[Shape], given: str, column: str) -> Reading:
        readings = [*numbers.READINGS, *(each.replace("number ", PERCENT) for each in numbers.READINGS)]
        if given and given not in readings:
            raise BadConfig(
                f"column '{column}'", f"no number is read as '{given}'", hint=f"Known: {', '.join(readings)}."
            )
        decision = (
            Decision(given, "by the mapping") if given else numbers.decide(shapes, whole=field.type is Type.INTEGER)
        )
        if not given and field.unit == "share" and decision.reading:
            decision = _share(decision, shapes)
        plain = (
            not decision.reading.startswith(PERCENT) and decision.reading == numbers.POINT and numbers.is_plain(shapes)
        )
        return Reading(decision, plain=plain)

    def _date(self, sheet: Sheet, column: str, shapes: Sequence[Shape], given: str) -> Reading:
        if given and given not in dates.READINGS:
            raise BadConfig(
                f"column '{column}'", f"no date is read as '{given}'", hint=f"Known: {', '.join(dates.READINGS)}."
            )
        decision = Decision(given, "by the mapping") if given else self._date_decision(sheet, column, shapes)
        months = tuple(dict.fromkeys(word for each in shapes for word in dates.month_words(each.example)))
        formats = [dates.format_of(each.example, decision.reading) for each in shapes] if decision.reading else []
        return Reading(decision, tuple(dict.fromkeys(each for each in formats if each)), months)

    def _date_decision(self, sheet: Sheet, column: str, shapes: Sequence[Shape]) -> Decision:
        total = sum(each.count for each in shapes) or 1
        digits = [each for each in shapes if re.fullmatch(r"\d{8}|\d{5}(\.\d+)?|\d{10}|\d{13}", each.example)]
        if sum(each.count for each in digits) > total / 2:
            return _digits(digits[0], sum(each.count for each in digits) / total)
        if all(re.match(r"\d{4}-\d{1,2}-\d{1,2}", each.example) for each in shapes):
            first = shapes[0] if shapes else Shape("", 0, 0)
            return Decision(
                dates.YEAR_FIRST, f"{first.example!r} has its year first" if shapes else "no values", first.row
            )
        parts = self._parts(sheet, column)
        if parts:
            return dates.decide(parts)
        named = next((each for each in shapes if dates.month_words(each.example)), shapes[0])
        return Decision(dates.DAY_FIRST, f"{named.example!r} names its month", named.row)

    def _parts(self, sheet: Sheet, column: str) -> list[dates.Parts]:
        """Return the distinct dates that are written in three numbers."""
        trimmed = f"trim({sheet.cell(column)}, {BLANKS})"
        pattern = text_value(dates.PARTS.replace(r"(?=\s|$)", ""))
        rows = self.staging.query(
            f"WITH each AS MATERIALIZED (SELECT {trimmed} AS v, count(*) AS n, min(rowid) AS r FROM {sheet.table} GROUP BY v)"
            " SELECT p['a'], p['b'], p['c'], sum(n), min(r), arg_min(v, r) FROM (SELECT v, n, r,"
            f" regexp_extract(v, {pattern}, ['a', 's', 'b', 't', 'c']) AS p FROM each)"
            " WHERE p['a'] <> '' GROUP BY p['a'], p['b'], p['c'] ORDER BY 5"
        )
        return [dates.Parts(str(a), str(b), str(c), int(n), int(r), str(v)) for a, b, c, n, r, v in rows]

    def _date_sql(self, cell: str, field: Field, reading: Reading) -> str:
        """Return SQL for a date, or for a moment: TIMESTAMP local to the organisation, or TIMESTAMPTZ if zones are given."""
        local, instant = self._moments(cell, reading)
        zone = text_value(self.zone)
        if field.type is Type.DATE:
            parts = [f"CAST({each} AS DATE)" for each in local]
            parts += [f"CAST(timezone({zone}, {each}) AS DATE)" for each in instant]
            value = _first(parts, "DATE")
        else:
            # One column has one type: where some values have a zone, the others are local to the organisation.
            parts = [*(f"timezone({zone}, {each})" for each in local), *instant] if instant else local
            value = _first(parts, "TIMESTAMP")
        return f"CASE WHEN year({value}) BETWEEN {_FIRST_YEAR} AND {_LAST_YEAR} THEN {value} END"

    def _moments(self, cell: str, reading: Reading) -> tuple[list[str], list[str]]:
        """Return SQL expressions that give local times, and others that give instants."""
        if reading.code == dates.SERIAL:
            return [
                f"TIMESTAMP '1899-12-30' + to_microseconds(CAST(round(try_cast({cell} AS DOUBLE) * 86400) * 1000000 AS BIGINT))"
            ], []
        if reading.code in (dates.UNIX, dates.UNIX_MS):
            scale = 1 if reading.code == dates.UNIX else 1000
            return [], [f"to_timestamp(try_cast({cell} AS DOUBLE) / {scale})"]
        if _iso(reading):
            return [f"try_cast({cell} AS TIMESTAMP)"], []
        text = dates.with_month_numbers(cell, reading.months)
        by_zone = {zone: [each.text for each in reading.formats if each.zone == zone] for zone in ("", "utc", "offset")}
        # Formats with a two-digit year go first: %Y would take 16 for the year 16.
        lists = {zone: sorted(set(texts), key=lambda each: "%Y" in each) for zone, texts in by_zone.items()}
        sql = {
            zone: f"try_strptime({text}, [{', '.join(text_value(each) for each in texts)}])"
            for zone, texts in lists.items()
            if texts
        }
        instants = [f"timezone('UTC', {sql['utc']})"] if "utc" in sql else []
        return [sql[""]] if "" in sql else [], instants + ([sql["offset"]] if "offset" in sql else [])


_ISO_VALUE = r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
UNKNOWN = 0xFFFD
"""Stands where a byte is none of the file's encoding."""
BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"


def _one_of_each(sample: Sequence[str]) -> list[str]:
    """Return the first value of each shape."""
    return list({re.sub(r"\d", "9", each): each for each in reversed(sample)}.values())


def _iso(reading: Reading) -> bool:
    """Return whether the database's own cast reads all formats: four digits of the year, then hyphens, no zone."""
    known = r"%Y-%m-%d([T ]%H:%M(:%S(\.%f)?)?)?"
    return bool(reading.formats) and all(not each.zone and re.fullmatch(known, each.text) for each in reading.formats)


def _first(parts: Sequence[str], type_: str) -> str:
    if not parts:
        return f"CAST(NULL AS {type_})"
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def _digits(shape: Shape, share: float) -> Decision:
    """Return what dates in nothing but digits are: the number of digits tells."""
    kinds = {8: dates.COMPACT, 5: dates.SERIAL, 10: dates.UNIX, 13: dates.UNIX_MS}
    kind = kinds[len(shape.example.partition(".")[0])]
    names = {dates.COMPACT: "year, month, day", dates.SERIAL: "days since 1900, as spreadsheets count"}
    return Decision(kind, f"{shape.example!r}: {names.get(kind, kind.removeprefix('date '))}", shape.row)


def _share(decision: Decision, shapes: Sequence[Shape]) -> Decision:
    """Return the decision for a share: above 1 without a per-cent sign, the numbers are per cent."""
    bare = [each for each in shapes if "%" not in each.example]
    above = next((each for each in bare if len(re.sub(r"[.,].*", "", each.example).strip()) > 1), None)
    if above is None:
        return decision
    return replace(
        decision,
        reading=decision.reading.replace("number ", PERCENT),
        evidence=f"{above.example!r} is above 1",
        row=above.row,
    )
