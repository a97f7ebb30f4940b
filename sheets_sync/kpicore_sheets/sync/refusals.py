"""What stands in the way of a table, in one line, before anything of it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from kpicore_sheets.limits import MOST_CELLS, MOST_COLUMNS
from kpicore_sheets.sync.aim import Aim
from kpicore_sheets.sync.ids import STATE_KEY, TableIds, is_area, moving_name, owner, table_ids
from kpicore_sheets.sync.placing import PlacedTable
from kpicore_sheets.sync.rectangle import Rectangle, without_all
from kpicore_sheets.sync.requests import GUARDED
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet, SeenTab
from kpicore_xlsx.addresses import cell_address

MOST_REMEMBERED, ROOM_OF_A_TABLE = 30_000, 144
"""Characters of metadata that Google keeps for a spreadsheet, beside those of its tabs; and what a table may need."""


def in_the_way(
    seen: SeenSpreadsheet,
    tab: SeenTab,
    aim: Aim,
    own: Sequence[Rectangle],
    name: str,
    claimed: Mapping[str, Rectangle],
) -> str:
    """Return why a table cannot take its cells, "" where it can. `own` are cells that it has already."""
    target = aim.target
    for other, cells in claimed.items():
        if common := target.common(cells):
            return f"{_cell(common)} belongs to [[sheet]] '{owner(other)}'. Give one of them another cell."
    known = {table_ids(known).area for known in (name, moving_name(name), *claimed)}
    if problem := _of_another_table(seen, target, known):
        return problem
    for merge in tab.merges:
        if target.common(merge):
            return f"the cells {_cells(merge)} are merged. Split them (Format > Merge cells > Unmerge)."
    if problem := protected(tab, (target, *aim.leaving)):
        return problem
    for rectangle, name in tab.tables:
        if target.common(rectangle):
            return f"the table '{name}' stands in {_cells(rectangle)}. Move it, or give the [[sheet]] another cell."
    for part in without_all(target, own):
        for row, column, cell in seen.filled(part):
            if left := _left_there(tab, row, column, table_ids(name)):
                return f"{cell_address(row, column)} {_belongs(left)}."
            what = "a note" if cell.value is None and not cell.spilled else "something"
            return f"{cell_address(row, column)} holds {what} that is not kpicore's. Move it, or choose another cell."
    return _too_large(seen, tab, target)


def protected(tab: SeenTab, parts: Sequence[Rectangle]) -> str:
    """Return that some of these cells may not be changed, "" where all may."""
    for protection in (protection for protection in tab.protections if not protection.is_open):
        if any(map(protection.closed, parts)):
            what = f" ({protection.description})" if protection.description else ""
            to_do = "Let kpicore's account edit it (Data > Protect sheets and ranges)."
            return f"the range {_cells(protection.rectangle)}{what} is protected. {to_do}"
    return ""


def _of_another_table(seen: SeenSpreadsheet, target: Rectangle, known: Collection[str]) -> str:
    """Return that a table has the cells which is not of this run: an empty one of them is not free either."""
    for item in seen.ranges:
        if item.id in known or not is_area(item.id) or item.rectangle is None:
            continue
        if common := target.common(item.rectangle):
            name = _name_of(item.id, seen) or item.name.removeprefix("kpi_")
            return f"{_cell(common)} {_belongs(name)} and remove the named range '{item.name}'."
    return ""


def _belongs(name: str) -> str:
    return (
        f"belongs to the table '{name}' of kpicore. Give one of them another cell; if no "
        f"[[sheet]] is called '{name}' any more, clear its cells"
    )


def _name_of(area: str, seen: SeenSpreadsheet) -> str:
    """Return the name of the table with this area, "" where its guard does not tell: the area may be named anew."""
    names = (_guarded(guard.description) for tab in seen.tabs.values() for guard in tab.protections)
    return next((name for name in names if name and table_ids(name).area == area), "")


def _left_there(tab: SeenTab, row: int, column: int, ids: TableIds) -> str:
    """Return the name of the other table whose guard stands around a cell, "" where there is none."""
    cell = Rectangle(tab.id, row, column, row + 1, column + 1)
    around = (guard for guard in tab.protections if guard.id != ids.guard and guard.rectangle.holds(cell))
    return next((name for guard in around if (name := _guarded(guard.description))), "")


def _guarded(description: str) -> str:
    return description.removeprefix(GUARDED) if description.startswith(GUARDED) else ""


def written_by_another(seen: SeenSpreadsheet, placed: PlacedTable, name: str) -> str:
    """Return that a table of this name was written with other settings since it was written from here."""
    rectangle = placed.rectangle
    where = f" in {rectangle.a1(seen.tabs[rectangle.tab].title)}" if rectangle and rectangle.tab in seen.tabs else ""
    return (
        f"the table '{name}'{where} was written meanwhile for another [[sheet]] '{name}', of another workspace or "
        "kpi.toml. Give one of the two another name and cell, or bring both kpi.toml to the same."
    )


def name_in_use(seen: SeenSpreadsheet, ids: TableIds, name: str) -> str:
    """Return that the name of a table's cells is in use for others, "" where it is free."""
    if any(item.id == ids.area for item in seen.ranges_of(ids.area)):
        return ""
    wanted = f"kpi_{name}"
    if all(item.name.casefold() != wanted for item in seen.ranges):
        return ""
    return f"the named range '{wanted}' is not kpicore's. Remove it (Data > Named ranges), or give it another name."


def no_room_to_remember(ids: TableIds, seen: SeenSpreadsheet, claimed: Iterable[str]) -> str:
    """Return why a new table cannot remember anything in the spreadsheet, "" where it can, and for one that does.

    `claimed` are the names of the other tables of this run that have cells, or are given some now.
    """
    if ids.state in seen.metadata:
        return ""
    kept = [item for item in seen.metadata.values() if item.tab is None]
    tables = sum(item.key == STATE_KEY for item in kept)
    fresh = sum(table_ids(name).state not in seen.metadata for name in claimed)
    needed = sum(max(len(item.key) + len(item.value), ROOM_OF_A_TABLE * (item.key == STATE_KEY)) for item in kept)
    if needed + (fresh + 1) * ROOM_OF_A_TABLE <= MOST_REMEMBERED:
        return ""
    return (
        f"{tables + fresh} tables stand in the spreadsheet, and Google keeps no more than {MOST_REMEMBERED:,} "
        "characters of what they remember there. Write it into another spreadsheet."
    )


def _too_large(seen: SeenSpreadsheet, tab: SeenTab, target: Rectangle) -> str:
    if target.right > MOST_COLUMNS:
        return f"the table would end in column {target.right:,}; Google's last one is {MOST_COLUMNS:,}."
    rows, columns = max(tab.rows, target.bottom), max(tab.columns, target.right)
    cells = seen.size + rows * columns - tab.rows * tab.columns
    if cells <= MOST_CELLS:
        return ""
    return f"the spreadsheet would have {cells:,} cells; Google's limit is {MOST_CELLS:,}. Delete unused rows or tabs."


def _cell(rectangle: Rectangle) -> str:
    return cell_address(rectangle.top, rectangle.left)


def _cells(rectangle: Rectangle) -> str:
    return f"{_cell(rectangle)}:{cell_address(rectangle.bottom - 1, rectangle.right - 1)}"
