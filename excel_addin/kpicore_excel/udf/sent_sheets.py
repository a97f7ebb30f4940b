"""Sheets as VBA sends them: the formulas and the values of the used range, each in one piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kpicore import CellResult, CellValue, calls_in
from kpicore_excel.udf.com import cell_value

MOST_SHEETS = 20
"""So many other sheets are looked at for the values of cells."""

Formula = tuple[str, int, int, str]
Rows = tuple[tuple[object, ...], ...]
Call = tuple[str, tuple[CellValue, ...]]


@dataclass(frozen=True, slots=True)
class SentSheet:
    """The used range of a sheet, from its first row and column on; without rows when it was too large to send."""

    name: str
    row: int
    column: int
    formulas: Rows
    values: Rows

    @classmethod
    def sent(cls, name: str, row: object, column: object, formulas: object, values: object) -> SentSheet:
        """Return a sheet from what COM passed: of a single cell it passes no rows."""
        return cls(str(name), int(str(row)), int(str(column)), _rows(formulas), _rows(values))

    def value(self, row: int, column: int) -> CellValue:
        """Return the value of a cell; what is outside the used range is empty. Raises LookupError when unsent."""
        if not self.values:
            raise LookupError(self.name)
        down, right = row - self.row, column - self.column
        if 0 <= down < len(self.values) and 0 <= right < len(self.values[down]):
            return cell_value(self.values[down][right])
        return None

    def kpi_formulas(self) -> Iterator[Formula]:
        """Yield the formulas that name a KPI function, as `calls_in` takes them."""
        for row, texts in enumerate(self.formulas, self.row):
            for column, text in enumerate(texts, self.column):
                if isinstance(text, str) and text[:1] == "=" and "KPI" in text.upper():
                    yield self.name, row, column, text


@dataclass(slots=True)
class KnownSheets:
    """The sheet of a cell that asks, and the sheets that its formulas refer to as they come in."""

    home: SentSheet
    others: dict[str, SentSheet | None] = field(default_factory=dict)  # None: wanted, and not here yet
    lacks_result: bool = False

    def add(self, sheet: SentSheet) -> None:
        """Take another sheet that was wanted."""
        self.others[sheet.name.casefold()] = sheet

    def next_wanted(self) -> str:
        """Return the name of a sheet that is still to be sent, or "" for none."""
        return next((name for name, sheet in self.others.items() if sheet is None), "")

    def calls_of(self, formulas: Iterable[Formula], result_of: Callable[[Call], CellResult | None]) -> list[Call]:
        """Return the calls of formulas; `lacks_result` tells whether some wait for the result of another.

        Other sheets that they refer to are wanted from then on, until they come.
        """
        self.lacks_result = False

        def known(name: str, arguments: tuple[CellValue, ...]) -> CellResult:
            result = result_of((name, arguments))
            if result is None:
                self.lacks_result = True
                raise LookupError(name)
            return result

        return calls_in(formulas, self.value_at, known)

    def value_at(self, sheet: str, row: int, column: int) -> CellValue:
        """Return the value of a cell. Raises LookupError for one of a sheet that is not here."""
        name = sheet.casefold()
        if name == self.home.name.casefold():
            return self.home.value(row, column)
        if len(self.others) < MOST_SHEETS:  # each is sent in a round of its own, while a cell waits
            self.others.setdefault(name, None)
        other = self.others.get(name)
        if other is None:
            raise LookupError(sheet)
        return other.value(row, column)


def _rows(passed: object) -> Rows:
    if passed is None:
        return ()
    if not isinstance(passed, list | tuple):
        return ((passed,),)
    return tuple(tuple(row) if isinstance(row, list | tuple) else (row,) for row in passed)
