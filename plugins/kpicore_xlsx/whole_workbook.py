"""A workbook that is whole at any time, and in which a text from data is a text: no formula, no link, no number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import written_whole

if TYPE_CHECKING:
    from xlsxwriter import Workbook

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
