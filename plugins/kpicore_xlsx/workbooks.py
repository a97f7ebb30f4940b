"""XlsxWriter's workbooks: whole at any time, a text from data is a text in them, and each cell format is made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicore import written_whole
from kpicore_xlsx.styles import BODY, HEADER, SECTION, SUBTITLE, TEXT, TITLE

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from kpicore import Wording

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@contextmanager
def whole_workbook(file: Path) -> Iterator[Workbook]:
    """Give a new workbook, and write it when the block ends well. Raises: KpiError when it cannot be written."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with written_whole(file) as draft:
        book = Workbook(str(draft), _OPTIONS)
        yield book
        try:
            book.close()
        except FileCreateError as error:  # it wraps the OSError
            raise OSError(0, str(error)) from error


class Looks:
    """The cell formats of one workbook, and the words of its cells that have no number."""

    def __init__(self, book: Workbook, wording: Wording) -> None:
        self._book, self.wording = book, wording
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        """Return the format with these XlsxWriter properties on top of the house's font and colour."""
        return self._format({**TEXT, **properties})

    def difference(self, **properties: Any) -> Format:
        """Return a format that changes nothing but these properties: for conditional formats."""
        return self._format(properties)

    @property
    def title(self) -> Format:
        """The title of a sheet, on its band."""
        return self.get(**TITLE)

    @property
    def subtitle(self) -> Format:
        """The line below the title."""
        return self.get(**SUBTITLE)

    @property
    def section(self) -> Format:
        """The heading of a part of a sheet."""
        return self.get(**SECTION)

    def header(self, **properties: Any) -> Format:
        """The head of a column."""
        return self.get(**{**HEADER, **properties})

    def body(self, **properties: Any) -> Format:
        """A cell of a table."""
        return self.get(**{**BODY, **properties})

    def _format(self, properties: Mapping[str, Any]) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(properties))
        return self._made[key]
