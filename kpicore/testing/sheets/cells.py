"""One cell as people entered it, and how JSON describes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kpicore.testing.sheets.field_mask import Mask, changed
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown

Json = dict[str, Any]
Scalar = bool | int | float | str | None
"""What a cell may hold."""

MOST_CHARACTERS = 50_000


class Formula(str):
    """A formula, as text with its `=`; a text that only looks like one is a `str`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class EmulatedCell:
    """What people entered into a cell. `rest` are the other fields of CellData, such as a data validation."""

    value: Scalar = None
    format: Json | None = None
    note: str = ""
    rest: Json | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was entered, not even a format."""
        return self.value is None and not self.format and not self.note and not self.rest


EMPTY_CELL = EmulatedCell()

_COLORS = ("backgroundColor", "foregroundColor", "color", "tabColor")


def value_of(given: Json | None) -> Scalar:
    """Return the value that an ExtendedValue holds: a text stays one, whatever it looks like."""
    if not given:
        return None
    if len(given) > 1:
        raise GoogleRefusal(f"Only one kind of value is allowed in a cell, not {' and '.join(sorted(given))}.")
    kind, value = next(iter(given.items()))
    if kind == "errorValue":
        raise GoogleRefusal("errorValue is read-only.")
    if kind == "formulaValue":
        if not value.startswith("="):
            raise GoogleRefusal("A formula must start with '='.")
        value = Formula(value)
    if isinstance(value, str):
        check_length(value)
    return None if value == "" and kind == "stringValue" else value


def check_length(text: str) -> None:
    """Refuse a text that is too long for a cell."""
    if len(text) > MOST_CHARACTERS:
        raise GoogleRefusal(
            f"Your input contains more than the maximum of {MOST_CHARACTERS} characters in a single cell."
        )


def value_json(value: Scalar) -> Json | None:
    """Return a value as ExtendedValue, None for an empty cell."""
    if value is None:
        return None
    if isinstance(value, Formula):
        return {"formulaValue": str(value)}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"boolValue": value} if isinstance(value, bool) else {"numberValue": value}


_OWN = {"userEnteredValue", "userEnteredFormat", "note"}
_COMPUTED = ("pivotTable", "dataSourceTable", "dataSourceFormula")
"""What fills other cells too: kept without doing that it would be a spreadsheet that no Google shows."""
_READ_ONLY = {"effectiveValue", "formattedValue", "effectiveFormat", "hyperlink"}


def cell_changed(cell: EmulatedCell, given: Json, mask: Mask) -> EmulatedCell:
    """Return a cell with the fields of CellData that a mask names; what the new one lacks is cleared."""
    all_fields = "*" in mask
    value, form, note, rest = cell.value, cell.format, cell.note, cell.rest
    if all_fields or "userEnteredValue" in mask:
        value = value_of(given.get("userEnteredValue"))
    if all_fields or "userEnteredFormat" in mask:
        inner = {} if all_fields else mask["userEnteredFormat"]
        form = format_changed(form, given.get("userEnteredFormat"), inner)
    if all_fields or "note" in mask:
        note = given.get("note") or ""
    if all_fields or mask.keys() - _OWN:
        others = {name: item for name, item in given.items() if name not in _OWN and name not in _READ_ONLY}
        if computed := next((name for name in _COMPUTED if name in others), ""):
            raise unknown(f"cells with a {computed}")
        kept = {} if all_fields else {name: inner for name, inner in mask.items() if name not in _OWN}
        rest = changed(rest or {}, others, kept) or None
    return EmulatedCell(value, form, note, rest)


def format_changed(old: Json | None, new: Json | None, mask: Mask) -> Json | None:
    """Return a format with the fields that a mask names taken from a new one."""
    if not mask:
        return with_styles(new) if new else None
    return changed(old or {}, with_styles(new or {}), _with_style_names(mask)) or None


def _with_style_names(mask: Mask) -> Mask:
    """Return a mask in which a color takes its newer form along, and the other way round."""
    result = {name: _with_style_names(inner) for name, inner in mask.items()}
    for name in _COLORS:
        if name in mask or f"{name}Style" in mask:
            result |= {name: {}, f"{name}Style": {}}
    return result


def with_styles(given: Json) -> Json:
    """Return a format in which each color stands in both of Google's forms, without parts that are 0."""
    result: Json = {}
    for name, value in given.items():
        if value is None:
            continue
        if name in _COLORS and isinstance(value, dict):
            color = {part: amount for part, amount in value.items() if amount}
            result[name] = color
            result.setdefault(f"{name}Style", {"rgbColor": color})
        elif name.endswith("ColorStyle") or name == "colorStyle":
            color = {part: amount for part, amount in (value.get("rgbColor") or {}).items() if amount}
            result[name] = value if "themeColor" in value else {"rgbColor": color}
            if "themeColor" not in value:
                result[name.removesuffix("Style")] = color
        else:
            result[name] = with_styles(value) if isinstance(value, dict) else value
    return result


def without_value(cell: EmulatedCell) -> EmulatedCell:
    """Return a cell whose value was cleared; format and note stay."""
    return replace(cell, value=None)
