"""What a person does in a spreadsheet while it is written, by dice, and what of it is theirs afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from kpicore.testing.sheets import Emulator, SheetUser
from kpicore_sheets.sync.ids import table_ids
from kpicore_sheets.sync.rectangle import Rectangle, rectangle_of
from kpicore_sheets.sync.state import MOVED, read_state
from kpicore_xlsx.addresses import cell_address
from tests.sheets.grids import ID

Act = Callable[[SheetUser, Random, str], None]
OURS = "kpi "
"""How the texts of all tables begin; those of people begin with "mine"."""


def areas(emulator: Emulator, names: tuple[str, ...]) -> dict[str, Rectangle]:
    """Return where the tables stand now, by their named ranges; the fence tells where somebody removed the area."""
    places = {}
    ranges = {item["namedRangeId"]: item for item in emulator.spreadsheets[ID].named_ranges if "range" in item}
    for name in names:
        ids = table_ids(name)
        fences = [id for id in ranges if ids.generation(id) is not None]
        if standing := [ranges[id]["range"] for id in (ids.area, *fences) if id in ranges]:
            places[name] = rectangle_of(standing[0], 10_000, 1_000)
    return places


def fences(emulator: Emulator, names: tuple[str, ...]) -> dict[str, Rectangle]:
    """Return the cells that the last batch of each table wrote, as they stand now."""
    ranges = [item for item in emulator.spreadsheets[ID].named_ranges if "range" in item]
    return {
        name: rectangle_of(item["range"], 10_000, 1_000)
        for name in names
        for item in ranges
        if table_ids(name).generation(item["namedRangeId"]) is not None
    }


def held(emulator: Emulator, names: tuple[str, ...]) -> dict[str, Rectangle]:
    """Return the cells in which something of the tables stands: those of their areas that their guards stand around.

    The guard of a table that has just moved is not there yet.
    """
    states = {item["metadataId"]: item.get("metadataValue", "") for item in emulator.spreadsheets[ID].metadata}
    kept = {name: read_state(states.get(table_ids(name).state, "")) for name in names}
    ids = {table_ids(name).guard: name for name, state in kept.items() if state is None or state.last != MOVED}
    places = areas(emulator, names)
    for item in (item for tab in emulator.spreadsheets[ID].tabs for item in tab.protected):
        name = ids.get(item["protectedRangeId"], "")
        if name in places:
            common = places[name].common(rectangle_of(item["range"], 10_000, 1_000))
            places[name] = common or places[name].sized(0, 0)
    return places


def texts(emulator: Emulator) -> Iterator[tuple[int, int, int, str]]:
    """Yield tab, row, column and text of all cells that hold a text."""
    for tab in emulator.spreadsheets[ID].tabs:
        for row, cells in tab.cells.items():
            for column, cell in cells.items():
                if isinstance(cell.value, str):
                    yield tab.sheet_id, row, column, cell.value


def _place(dice: Random, rows: int = 24, columns: int = 9) -> tuple[int, int]:
    return dice.randrange(rows), dice.randrange(columns)


def _cells(dice: Random) -> str:
    row, column = _place(dice)
    return f"{cell_address(row, column)}:{cell_address(row + dice.randrange(4), column + dice.randrange(5))}"


def insert_rows(user: SheetUser, dice: Random, tab: str) -> None:
    user.insert_rows(tab, 1 + dice.randrange(20), 1 + dice.randrange(2))


def delete_rows(user: SheetUser, dice: Random, tab: str) -> None:
    user.delete_rows(tab, 1 + dice.randrange(20), 1 + dice.randrange(2))


def move_rows(user: SheetUser, dice: Random, tab: str) -> None:
    first, before = 1 + dice.randrange(20), 1 + dice.randrange(22)
    if not first <= before <= first + 1:
        user.move_rows(tab, first, 1, before)


def insert_columns(user: SheetUser, dice: Random, tab: str) -> None:
    user.insert_columns(tab, 1 + dice.randrange(9))


def delete_columns(user: SheetUser, dice: Random, tab: str) -> None:
    user.delete_columns(tab, 1 + dice.randrange(9))


def move_columns(user: SheetUser, dice: Random, tab: str) -> None:
    first, before = 1 + dice.randrange(9), 1 + dice.randrange(10)
    if not first <= before <= first + 1:
        user.move_columns(tab, first, 1, before)


def insert_cells(user: SheetUser, dice: Random, tab: str) -> None:
    user.insert_cells(tab, _cells(dice), dice.choice(("ROWS", "COLUMNS")))


def delete_cells(user: SheetUser, dice: Random, tab: str) -> None:
    user.delete_cells(tab, _cells(dice), dice.choice(("ROWS", "COLUMNS")))


def sort(user: SheetUser, dice: Random, tab: str) -> None:
    first = 1 + dice.randrange(12)
    user.sort(tab, f"A{first}:I{first + 1 + dice.randrange(8)}", dice.choice("ABCDEF"), descending=dice.random() < 0.5)


def cut_paste(user: SheetUser, dice: Random, tab: str) -> None:
    user.cut_paste(tab, _cells(dice), cell_address(*_place(dice)))


def type_somewhere(user: SheetUser, dice: Random, tab: str) -> None:
    user.type(tab, cell_address(*_place(dice)), f"mine {dice.random()}")


def clear_somewhere(user: SheetUser, dice: Random, tab: str) -> None:
    user.clear(tab, _cells(dice))


def rename_tab(user: SheetUser, dice: Random, tab: str) -> None:
    user.rename_tab(tab, "KPIs" if tab != "KPIs" else "Our KPIs")


def remove_name(user: SheetUser, dice: Random, tab: str) -> None:
    if names := [item["name"] for item in user._spreadsheet.named_ranges]:
        user.remove_named_range(dice.choice(names))


INSERTS: tuple[Act, ...] = (insert_rows, insert_rows, insert_columns)
ACTS: tuple[Act, ...] = (
    *INSERTS,
    *(delete_rows, move_rows, delete_columns, move_columns),
    *(insert_cells, delete_cells, sort, cut_paste),
    *(type_somewhere, clear_somewhere, rename_tab, remove_name),
)
SHIFTS: tuple[Act, ...] = (insert_cells, delete_cells, cut_paste)
"""Those that move no row or column, and therefore no mark."""
