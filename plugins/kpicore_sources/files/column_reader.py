"""How a column is written, decided from ALL its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kpicore import BadConfig, Field, Type, literal
from kpicore_sources.files import dates, numbers
from kpicore_sources.files.known_words import KnownWords
from kpicore_sources.files.profile import Profile
from kpicore_sources.files.reading import Decision, ValueShape, agreed
from kpicore_sources.files.staging import StagedSheet, Staging
from kpicore_sources.files.typed_values import NUMBERS, PERCENT, ColumnReading, Values, trimmed_sql

TEXT, TRUTH = "text", "yes/no"
NUMBER_READINGS = (
    *numbers.READINGS,
    numbers.LABELLED,
    *(reading.replace("number ", PERCENT) for reading in numbers.READINGS),
)
_MOST_SHAPES, _MOST_TEXTS = 5000, 61
_ISO = r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
# 20260131, days since 1900 with the time as a fraction, seconds since 1970, milliseconds since 1970
_DIGITS = r"\d{8}|\d{5}(\.\d+)?|\d{10}|\d{13}"


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """Decides how columns are read. What is known of a column is kept from one look to the next."""

    staging: Staging
    words: KnownWords
    zone: str
    _clean: dict[tuple[str, str], bool] = field(default_factory=dict)
    _texts: dict[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)
    _proven: set[tuple[str, str]] = field(default_factory=set)
    """The columns of which every cell is empty or regular."""

    @property
    def values(self) -> Values:
        """What writes the SQL of values."""
        return Values(self.words, self.zone)

    def read(self, sheet: StagedSheet, column: str, target: Field, profile: Profile, mapped: str = "") -> ColumnReading:
        """Return how `column` is to be read for a field; `mapped` is what the mapping says.

        What the values of this file prove or show by themselves counts before what was kept of another file.

        Raises: BadConfig for a reading that the field cannot have.
        """
        if target.type is Type.TEXT:
            return ColumnReading(Decision(TEXT))
        if target.type is Type.BOOLEAN:
            return ColumnReading(Decision(TRUTH))
        known = NUMBER_READINGS if target.type in NUMBERS else dates.READINGS
        if mapped and mapped not in known:
            kind = "number" if target.type in NUMBERS else "date"
            hint = f"Known: {', '.join(known)}."
            raise BadConfig(f"column '{column}'", f"no {kind} is read as '{mapped}'", hint=hint)
        shapes = self._shapes(sheet, column, profile)
        if target.type in NUMBERS:
            return self._number(sheet, column, target, shapes, mapped)
        decision = agreed(mapped, self._date_decision(sheet, column, shapes, mapped))
        months = tuple(dict.fromkeys(word for shape in shapes for word in dates.month_words(shape.example)))
        formats = [dates.format_of(shape.example, decision.reading) for shape in shapes] if decision.reading else []
        return ColumnReading(decision, tuple(dict.fromkeys(format_ for format_ in formats if format_)), months)

    def clean(self, sheet: StagedSheet, column: str, profile: Profile) -> bool:
        """Return whether no cell has blanks around its text, or holds a word for empty such as N/A."""
        key = (sheet.table, column)
        if key not in self._clean:
            cell = sheet.cell(column)
            sql = f"SELECT bool_or({self.values.odd(cell)}) FROM {sheet.table}"
            # Trimming millions of cells is slow, so cells that are regular and bare are told by cheaper signs.
            regular = _regular(cell, profile.sample)
            if regular:
                sql = f"SELECT bool_or({self._odd_beside(cell, regular)}) FROM {sheet.table}"
            elif profile.few:
                sql = f"SELECT bool_or({self.values.odd('v')}) FROM (SELECT DISTINCT {cell} AS v FROM {sheet.table})"
            # null of all rows: not one had to be looked at, as each is empty or regular
            ((odd,),) = self.staging.query(sql)
            self._clean[key] = not odd
            if regular and odd is None:
                self._proven.add(key)
        return self._clean[key]

    def _odd_beside(self, cell: str, regular: str) -> str:
        """Return SQL that says whether a cell is not clean; null for one that is empty, or regular and bare."""
        # spaces and line ends sort before "!", so a text above it begins with none; a no-break space is not regular
        blank = " OR ".join(f"suffix({cell}, chr({code}))" for code in (9, 10, 13, 32))
        bare = f"{cell} > '!' AND NOT ({blank}) AND {regular}"
        return f"CASE WHEN {cell} = '' OR ({bare}) THEN NULL ELSE {self.values.odd(cell)} END"

    def texts(self, sheet: StagedSheet, column: str) -> Mapping[str, int]:
        """Return the distinct texts of a column with their numbers of rows, most frequent first; at most 61."""
        key, cell = (sheet.table, column), sheet.cell(column)
        if key not in self._texts:
            rows = self.staging.query(
                f"SELECT {trimmed_sql('v')} AS text, sum(n) FROM"
                f" (SELECT {cell} AS v, count(*) AS n FROM {sheet.table} WHERE {cell} <> '' GROUP BY {cell})"
                # one more: blank cells are one of these texts once trimmed, and count as none
                f" GROUP BY text ORDER BY 2 DESC, 1 LIMIT {_MOST_TEXTS + 1}"
            )
            # Not "HAVING text <> ''": the database would trim every row for it.
            texts = [(str(value), int(count)) for value, count in rows if value]
            self._texts[key] = dict(texts[:_MOST_TEXTS])
        return self._texts[key]

    def _shapes(self, sheet: StagedSheet, column: str, profile: Profile) -> list[ValueShape]:
        """Return the shapes of ALL values.

        Where the sample proves a reading that the database knows itself, its shapes stand for all
        values which the database reads so, and only the others are looked at one by one.
        """
        cell, clean = sheet.cell(column), self.clean(sheet, column, profile)
        regular = _regular(cell, profile.sample)
        others = f"NOT {self.values.empty(cell, clean)}" + (f" AND NOT {regular}" if regular else "")
        sql = (
            f"{self._value_counts(sheet, cell, clean, others)} SELECT min(v), sum(n), arg_min(r, v) FROM counts"
            # 12.50 and 73.90 are one shape, 99.99: which mark stands where decides, and not the digits
            f" GROUP BY translate(v, '012345678', '999999999') ORDER BY 2 DESC LIMIT {_MOST_SHAPES}"
        )
        rows = [] if (sheet.table, column) in self._proven else self.staging.query(sql)
        shapes = [ValueShape(str(example), int(count), int(row)) for example, count, row in rows]
        if not regular:
            return shapes
        # regular values are not counted: they share what is left of the rows as they share the sample
        rest = sheet.rows - sum(shape.count for shape in shapes)
        regular_shapes = [
            ValueShape(text, max(1, rest * number // len(profile.sample)), self._row(sheet, cell, text))
            for text, number in _one_of_each(profile.sample)
        ]
        return regular_shapes + shapes

    def _value_counts(self, sheet: StagedSheet, cell: str, clean: bool, where: str = "true") -> str:
        """Return the SQL of a table `counts`: distinct values v, how often they come n, and their first row r."""
        raw = f"SELECT {cell} AS v, count(*) AS n, min(rowid) AS r FROM {sheet.table} WHERE {where} GROUP BY {cell}"
        if clean:
            return f"WITH counts AS MATERIALIZED ({raw})"
        # Trimmed after grouping: there are fewer texts then.
        return (
            f"WITH raw AS MATERIALIZED ({raw}), counts AS MATERIALIZED (SELECT {trimmed_sql('v')} AS v, n, r FROM raw)"
        )

    def _row(self, sheet: StagedSheet, cell: str, value: str) -> int:
        rows = self.staging.query(f"SELECT rowid FROM {sheet.table} WHERE contains({cell}, ?) LIMIT 1", [value])
        return int(rows[0][0]) if rows else 0

    def _number(
        self, sheet: StagedSheet, column: str, target: Field, shapes: Sequence[ValueShape], mapped: str
    ) -> ColumnReading:
        labelled = numbers.decide_labelled(shapes) if target.unit == "score" else None
        if mapped == numbers.LABELLED or labelled:
            return ColumnReading(labelled or Decision(mapped, "by the mapping"))
        percent = mapped.startswith(PERCENT)
        decision = numbers.decide(shapes, whole=target.type is Type.INTEGER)
        if column in sheet.numeric:
            # a workbook or Parquet holds them as numbers; staging wrote the point
            decision = Decision(numbers.POINT, "numbers in the file itself", proven=False)
        # Whether numbers are per cent is no matter of their marks: it is put back below.
        decision = agreed(mapped.replace(PERCENT, "number "), decision)
        if percent:
            return ColumnReading(_in_percent(decision))
        plain = decision.reading == numbers.POINT and numbers.is_plain(shapes)
        if target.unit != "share" or not decision.reading:
            return ColumnReading(decision, plain=plain)
        return self._share(sheet, column, target, ColumnReading(decision, plain=plain))

    def _share(self, sheet: StagedSheet, column: str, target: Field, reading: ColumnReading) -> ColumnReading:
        """Return the reading of a share: above 1 without a per-cent sign, the numbers are per cent.

        That is of this file: another one may have fractions, and then none of its numbers is above 1.
        """
        cell = sheet.cell(column)
        value = self.values.value(cell, target, reading)
        sql = f"SELECT max({value}), arg_max({cell}, {value}), arg_max(rowid, {value}) FROM {sheet.table}"
        ((highest, text, row),) = self.staging.query(f"{sql} WHERE NOT contains({cell}, '%')")
        if highest is None or highest <= Decimal(1):
            return reading
        percent = _in_percent(reading.decision)
        return ColumnReading(replace(percent, evidence=f"{text!r} is above 1", row=int(row), proven=False))

    def _date_decision(self, sheet: StagedSheet, column: str, shapes: Sequence[ValueShape], mapped: str) -> Decision:
        """Return how dates are written. Only the order of day and month is to be proven for other files too."""
        if not shapes:
            return Decision(dates.YEAR_FIRST, "no values", proven=False)
        digits = [shape for shape in shapes if re.fullmatch(_DIGITS, shape.example)]
        if sum(digit.count for digit in digits) * 2 > sum(shape.count for shape in shapes):
            return _digits(digits[0])
        if all(re.match(r"\d{4}-\d{1,2}-\d{1,2}", shape.example) for shape in shapes):
            return Decision(dates.YEAR_FIRST, f"{shapes[0].example!r} has its year first", shapes[0].row, proven=False)
        parts = self._parts(sheet, column)
        if parts:
            return dates.decide(parts, mapped)
        named = next((shape for shape in shapes if dates.month_words(shape.example)), None)
        if named is None:
            return Decision("", f"{shapes[0].example!r} is no date", shapes[0].row)
        return Decision(dates.DAY_FIRST, f"{named.example!r} names its month", named.row, proven=False)

    def _parts(self, sheet: StagedSheet, column: str) -> list[dates.Parts]:
        """Return the distinct dates that are written in three numbers."""
        pattern = literal(dates.PARTS.replace(r"(?=\s|$)", ""))  # the database's patterns cannot look ahead
        rows = self.staging.query(
            f"{self._value_counts(sheet, sheet.cell(column), False)}"
            " SELECT p['a'], p['b'], p['c'], sum(n), min(r), arg_min(v, r) FROM (SELECT v, n, r,"
            # the groups of PARTS by their order: number, mark, number, mark, number
            f" regexp_extract(v, {pattern}, ['a', 's', 'b', 't', 'c']) AS p FROM counts)"
            " WHERE p['a'] <> '' GROUP BY p['a'], p['b'], p['c'] ORDER BY 5"
        )
        return [dates.Parts(str(a), str(b), str(c), int(n), int(r), str(v)) for a, b, c, n, r, v in rows]


def _regular(cell: str, sample: Sequence[str]) -> str:
    """Return SQL that says whether the database reads a cell as the sample proves, or "" where nothing is proven."""
    if sample and all(re.fullmatch(numbers.PLAIN, text) for text in sample) and numbers.proves_point(sample):
        # The cast takes 1_000 for a number, which no person writes.
        return f"(try_cast({cell} AS DECIMAL(18,4)) IS NOT NULL AND NOT contains({cell}, '_'))"
    if sample and all(re.fullmatch(_ISO, text) for text in sample):
        # Of other lengths the cast takes spellings that the sample did not prove, such as those with a zone.
        # 2026-01-31 has 10 characters, with hours and minutes 16, with seconds 19
        return f"(try_cast({cell} AS TIMESTAMP) IS NOT NULL AND length({cell}) IN (10, 16, 19))"
    return ""


def _one_of_each(sample: Sequence[str]) -> list[tuple[str, int]]:
    """Return the first value of each shape, and how many there are of it."""
    shapes = [re.sub(r"\d", "9", text) for text in sample]
    counts = Counter(shapes)
    # reversed, so that of each shape the first value is the last one written
    firsts = dict(zip(reversed(shapes), reversed(sample), strict=True))
    return [(text, counts[shape]) for shape, text in firsts.items()]


def _in_percent(decision: Decision) -> Decision:
    """Return a decision about numbers as one about numbers that are per cent."""
    choices, left_open = (
        tuple(replace(choice, reading=choice.reading.replace("number ", PERCENT)) for choice in several)
        for several in (decision.choices, decision.left_open)
    )
    reading, against = (text.replace("number ", PERCENT) for text in (decision.reading, decision.against))
    return replace(decision, reading=reading, choices=choices, left_open=left_open, against=against)


def _digits(shape: ValueShape) -> Decision:
    """Return what dates in nothing but digits are: the number of digits tells."""
    kinds = {8: dates.COMPACT, 5: dates.SERIAL, 10: dates.UNIX, 13: dates.UNIX_MS}
    kind = kinds[len(shape.example.partition(".")[0])]
    names = {dates.COMPACT: "year, month, day", dates.SERIAL: "days since 1900, as spreadsheets count"}
    shown = names.get(kind, kind.removeprefix("date "))
    return Decision(kind, f"{shape.example!r}: {shown}", shape.row, proven=False)
