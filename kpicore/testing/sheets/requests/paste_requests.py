"""Copy and paste, cut and paste. A formula is pasted as it stands: references in it are not adapted here."""

from __future__ import annotations

from dataclasses import replace

from kpicore.testing.sheets.cells import EMPTY_CELL, EmulatedCell, Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.grid_range import Area, GridRange, range_of
from kpicore.testing.sheets.refusals import unknown
from kpicore.testing.sheets.results import result_of
from kpicore.testing.sheets.tab import EmulatedTab


def copy_paste(editing: Editing, request: Json) -> Json:
    """Paste a range into another, again and again where that is a multiple of it."""
    source, from_ = editing.spreadsheet.checked(request.get("source", {}))
    target, to = editing.spreadsheet.checked(request.get("destination", {}))
    kind = request.get("pasteType", "PASTE_NORMAL")
    if request.get("pasteOrientation", "NORMAL") != "NORMAL" or kind not in _PASTED:
        raise unknown(f"pasteOrientation {request.get('pasteOrientation')} of {kind}")
    top, bottom, left, right = from_.within(source.rows, source.columns)
    height, width = bottom - top, right - left
    area = _whole_copies(to.within(target.rows, target.columns), height, width)
    editing.spreadsheet.checked(_json(target, area))
    editing.guard(GridRange(target.sheet_id, *area))
    taken = {(row - top, column - left): cell for row, column, cell in source.filled((top, bottom, left, right))}
    for row in range(area[0], area[1]):
        for column in range(area[2], area[3]):
            cell = taken.get(((row - area[0]) % height, (column - area[2]) % width), EMPTY_CELL)
            target.put(row, column, _pasted(editing, kind, cell, target.cell(row, column)))
    if kind in ("PASTE_NORMAL", "PASTE_CONDITIONAL_FORMATTING") and source is target:
        _paste_rules(target, GridRange(source.sheet_id, top, bottom, left, right), GridRange(target.sheet_id, *area))
    return {}


_PASTED = (
    "PASTE_NORMAL PASTE_VALUES PASTE_FORMAT PASTE_FORMULA PASTE_NO_BORDERS PASTE_DATA_VALIDATION "
    "PASTE_CONDITIONAL_FORMATTING"
).split()


def _whole_copies(area: Area, height: int, width: int) -> Area:
    """Return the cells that are written: whole copies, at least one, however small the destination is."""
    top, bottom, left, right = area
    down, across = max(1, (bottom - top) // height), max(1, (right - left) // width)
    return top, top + down * height, left, left + across * width


def _json(tab: EmulatedTab, area: Area) -> Json:
    return GridRange(tab.sheet_id, *area).json()


def _pasted(editing: Editing, kind: str, cell: EmulatedCell, old: EmulatedCell) -> EmulatedCell:
    if kind == "PASTE_NORMAL":
        return cell
    if kind == "PASTE_VALUES":
        return replace(old, value=result_of(editing.spreadsheet, cell.value))
    if kind == "PASTE_FORMULA":
        return replace(old, value=cell.value)
    if kind == "PASTE_FORMAT":
        return replace(old, format=cell.format)
    if kind == "PASTE_NO_BORDERS":
        plain = {name: value for name, value in (cell.format or {}).items() if name != "borders"}
        borders = {"borders": old.format["borders"]} if old.format and "borders" in old.format else {}
        return replace(cell, format={**plain, **borders} or None)
    if kind == "PASTE_DATA_VALIDATION":
        kept = {name: value for name, value in (old.rest or {}).items() if name != "dataValidation"}
        fresh = {name: value for name, value in (cell.rest or {}).items() if name == "dataValidation"}
        return replace(old, rest={**kept, **fresh} or None)
    return old


def _paste_rules(tab: EmulatedTab, source: GridRange, target: GridRange) -> None:
    for index, rule in enumerate(tab.rules):
        ranges = [range_of(given) for given in rule["ranges"]]
        if any(place.holds(source) for place in ranges) and not any(place.holds(target) for place in ranges):
            tab.rules[index] = {**rule, "ranges": [*rule["ranges"], target.json()]}


def cut_paste(editing: Editing, request: Json) -> Json:
    """Move cells to another place; what lies wholly in the source moves along: named ranges, formats, merges."""
    if request.get("pasteType", "PASTE_NORMAL") != "PASTE_NORMAL":
        raise unknown("cutPaste of only a part of the cells")
    source, from_ = editing.spreadsheet.checked(request.get("source", {}))
    top, bottom, left, right = area = from_.within(source.rows, source.columns)
    corner = request.get("destination", {})
    to_row, to_column = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    target = editing.spreadsheet.tab_of(corner.get("sheetId", 0))
    landing = (to_row, to_row + bottom - top, to_column, to_column + right - left)
    editing.spreadsheet.checked(_json(target, landing))
    block, place = GridRange(source.sheet_id, *area), GridRange(target.sheet_id, *landing)
    editing.guard(block)
    editing.guard(place)
    _move_cells(source, target, area, landing)
    down, across = to_row - top, to_column - left

    def moved(rectangle: GridRange) -> GridRange:
        if not block.holds(rectangle):
            return rectangle
        rows, columns = (
            (rectangle.top or 0, rectangle.bottom or bottom),
            (rectangle.left or 0, rectangle.right or right),
        )
        return GridRange(target.sheet_id, rows[0] + down, rows[1] + down, columns[0] + across, columns[1] + across)

    editing.spreadsheet.move_ranges(moved)
    _rehome(source, target)
    return {}


def _move_cells(source: EmulatedTab, target: EmulatedTab, area: Area, landing: Area) -> None:
    taken = list(source.filled(area))
    for row, column, _ in taken:
        source.put(row, column, EMPTY_CELL)
    for row, column, _ in list(target.filled(landing)):
        target.put(row, column, EMPTY_CELL)
    for row, column, cell in taken:
        target.put(row - area[0] + landing[0], column - area[2] + landing[2], cell)


def _rehome(source: EmulatedTab, target: EmulatedTab) -> None:
    """Put what moved to another tab where it belongs now."""
    if source is target:
        return
    target.merges += [merge for merge in source.merges if merge.sheet_id == target.sheet_id]
    source.merges = [merge for merge in source.merges if merge.sheet_id == source.sheet_id]
    for name in ("protected", "bandings", "tables", "filter_views"):
        items = getattr(source, name)
        away = [item for item in items if _is_on(target, item.get("range"))]
        setattr(source, name, [item for item in items if item not in away])
        setattr(target, name, [*getattr(target, name), *away])
    for rule in source.rules[:]:
        away = [place for place in rule["ranges"] if _is_on(target, place)]
        if away:
            target.rules.append({**rule, "ranges": away})
            here = [place for place in rule["ranges"] if place not in away]
            kept = [{**rule, "ranges": here}] if here else []
            index = source.rules.index(rule)
            source.rules[index : index + 1] = kept


def _is_on(tab: EmulatedTab, place: Json | None) -> bool:
    return place is not None and place.get("sheetId", 0) == tab.sheet_id


KINDS: dict[str, Handler] = {"copyPaste": copy_paste, "cutPaste": cut_paste}
