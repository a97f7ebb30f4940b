"""How numbers and dates look in cells: patterns that Excel, LibreOffice and web sheets read alike, as data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kpicore import POINTS, SHARE, Unit, change_in_points

MONTH_FORMAT, DAY_FORMAT, MOMENT_FORMAT = "mmm yyyy", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
# A change carries its direction as an arrow, so it can be read without colours too.
CHANGE_FORMAT = '▲ #,##0.0%;▼ #,##0.0%;"= "0.0%'
POINTS_FORMAT = '▲ #,##0.0" pts";▼ #,##0.0" pts";"= "0.0" pts"'

_BY_UNIT: Mapping[str, str] = MappingProxyType(
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
    """Return the number format that people want to see a unit in.

    >>> from kpicore import DAYS
    >>> number_format(DAYS)
    '#,##0.0" d"'
    """
    return _BY_UNIT.get(unit.name, unit.number_format)


def change_format(unit: Unit) -> str:
    """Return the number format of a change: shares change by points, everything else by per cent."""
    return POINTS_FORMAT if unit in (SHARE, POINTS) else CHANGE_FORMAT


def change_value(change: float, unit: Unit) -> float:
    """Return a change as the number that a cell with its format holds: in points, or a fraction.

    >>> from kpicore import DAYS
    >>> change_value(0.25, SHARE), change_value(0.25, DAYS)
    (25.0, 0.25)
    """
    points = change_in_points(change, unit)
    return change if points is None else points
