"""How a workbook looks: colours, number formats, and cell formats that are made once each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kpicore import POINTS, SHARE, Unit

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

INK, MUTED, FAINT, LINE, BAND, PAPER = "#1F2937", "#6B7280", "#9CA3AF", "#E5E7EB", "#F3F4F6", "#FFFFFF"
NAVY, TEAL, AMBER, SKY = "#16324F", "#1B7F79", "#D98E04", "#9CC5C9"
GOOD, BAD = "#15803D", "#B91C1C"
FONT = "Arial"

MONTH_FORMAT, DAY_FORMAT, MOMENT_FORMAT = "mmm yyyy", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
# A change carries its direction as an arrow, so it can be read without colours too.
CHANGE_FORMAT = "▲ 0.0%;▼ 0.0%;0.0%"
POINTS_FORMAT = '▲ 0.0" pts";▼ 0.0" pts";0.0" pts"'

_NUMBER_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        # Cents matter in an average order, not in a quarter's revenue.
        "money": "[>=10000]#,##0;[<=-10000]-#,##0;#,##0.00",
        "money/month": "[>=10000]#,##0;[<=-10000]-#,##0;#,##0.00",
        "days": '#,##0.0" d"',
        "minutes": '#,##0.0" min"',
        "hours": '#,##0.0" h"',
        "years": '0.00" yrs"',
    }
)


def number_format(unit: Unit) -> str:
    """Return the spreadsheet number format that people want to see a unit in."""
    return _NUMBER_FORMATS.get(unit.name, unit.number_format)


def change_format(unit: Unit) -> str:
    """Return the number format of a change: shares change by points, everything else by per cent."""
    return POINTS_FORMAT if unit in (SHARE, POINTS) else CHANGE_FORMAT


class Looks:
    """The cell formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        """Return the format with these XlsxWriter properties on top of the house's font and colour."""
        given = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **properties}
        key = tuple(sorted(given.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(given)
        return self._made[key]

    def difference(self, **properties: Any) -> Format:
        """Return a format that changes nothing but these properties: for conditional formats."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    @property
    def title(self) -> Format:
        """The title of a sheet, on its band."""
        return self.get(font_size=18, bold=True, font_color=PAPER, bg_color=NAVY)

    @property
    def subtitle(self) -> Format:
        """The line below the title."""
        return self.get(font_color="#D5DEE8", bg_color=NAVY)

    @property
    def section(self) -> Format:
        """The name of a part of a table."""
        return self.get(bold=True, font_color=TEAL, bottom=1, bottom_color=TEAL)

    def header(self, **properties: Any) -> Format:
        """The head of a column."""
        given = {"bold": True, "font_color": PAPER, "bg_color": TEAL, "text_wrap": True, **properties}
        return self.get(**given)

    def body(self, **properties: Any) -> Format:
        """A cell of a table."""
        return self.get(**{"bottom": 1, "bottom_color": LINE, **properties})
