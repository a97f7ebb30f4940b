"""What is to be done for a table next, from what was read: nothing, to look closer, to refuse, or one step of a batch.

A table that takes more cells reserves them first: its marks stand around them before a value is written, so that rows
that somebody moves there are noticed. The answer to that batch is what is read for the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpicore_sheets.given_texts import quoted
from kpicore_sheets.limits import MOST_COLUMNS
from kpicore_sheets.sync import requests
from kpicore_sheets.sync.aim import Aim, aim_of, held_cells, is_added
from kpicore_sheets.sync.comparing import differing, is_compared, shows_stamp, text_of
from kpicore_sheets.sync.ids import MARK_KEY, moving_name, table_ids
from kpicore_sheets.sync.moving import give_up, is_behind, move, reserve_beside, reserved_beside, settle, shown_of_both
from kpicore_sheets.sync.outcome import REFUSED, UNCHANGED, WRITTEN
from kpicore_sheets.sync.ownership import is_anothers
from kpicore_sheets.sync.placing import MARKS, PlacedTable, edges, marks_of, placed_table
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.refusals import in_the_way, name_in_use, no_room_to_remember, protected, written_by_another
from kpicore_sheets.sync.spreadsheet import SeenMetadata, SeenSpreadsheet, SeenTab
from kpicore_sheets.sync.state import TableState
from kpicore_sheets.sync.steps import Action, fit, make_tab, reserve, stage, withdraw
from kpicore_sheets.sync.task import TableTask
from kpicore_sheets.sync.writing import finish, write
from kpicore_sheets.table import FormulaContent


@dataclass(frozen=True, slots=True)
class Settled:
    """There is nothing more to do for a table."""

    status: str
    error: str = ""
    place: Rectangle | None = None
    tab: SeenTab | None = None
    generation: int = 0


@dataclass(frozen=True, slots=True)
class LookCloser:
    """Cells that are to be read, and whether the marks are to be looked for on all tabs."""

    rectangles: tuple[Rectangle, ...] = ()
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a table is to stand: on which tab, what it is to have, and as what it stands now, None where not there.

    A table that stands elsewhere `moves`: it may have `reserved` cells there already.
    """

    tab: SeenTab
    aim: Aim
    stands: PlacedTable | None
    moves: PlacedTable | None = None
    reserved: PlacedTable | None = None

    @property
    def frees(self) -> bool:
        """Whether the table leaves cells that it has."""
        return bool(self.moves or self.aim.leaving)


def placement(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable | None) -> Placement | None:
    """Return where a table is to stand, None where its tab is not there."""
    # a table whose place in kpi.toml is another one now goes there
    stands = placed if _stands(task, seen, placed) else None
    moves = placed if placed and not stands and held_cells(placed) else None
    beside = reserved_beside(task, seen) if moves else None
    # rows that people have inserted above it since take what is reserved along
    reserved = beside if beside and beside.rectangle and beside.state.cell == task.place else None
    tab = _tab(task, seen, stands or reserved)
    if tab is None:
        return None
    start = Rectangle(tab.id, task.table.row, task.table.column, task.table.row, task.table.column)
    stamped = not task.is_history or stands is None or _has_stamp(seen, stands)
    history = task.run if task.is_history else ""
    aim = aim_of(task.content, stands or reserved, start, history=history, stamped=stamped)
    return Placement(tab, aim, stands, moves, reserved)


def _has_stamp(seen: SeenSpreadsheet, placed: PlacedTable) -> bool:
    """Return whether the stamp of a table is in its first cell, or nothing is there: its row may have been deleted."""
    cell = seen.cells.get(placed.rectangle.corner) if placed.rectangle else None
    return cell is None or cell.value is None or placed.state.is_first_cell(text_of(cell))


def next_step(
    task: TableTask, seen: SeenSpreadsheet, claimed: Mapping[str, Rectangle]
) -> Settled | LookCloser | Action:
    """Return what is to be done for a table. `claimed` are the cells of the other tables of this run, by name."""
    placed = _known_marks(task, placed_table(task.ids, seen, shifted=task.shifted))
    # marks of which nothing else is left are known only by what is refused: their ids are taken
    if not seen.searched and (placed.rectangle is None if placed else task.again):
        return LookCloser(marks=True)
    if placed and is_anothers(placed, task.settings, task.last_settings, task.last_generation):
        return Settled(REFUSED, written_by_another(seen, placed, task.table.name))
    place = placement(task, seen, placed)
    if needless := _needless(task, seen, place):
        return needless
    if place is None:
        return _without_tab(task, seen)
    if placed and (gone := _gone(task, seen, placed, place)):
        return gone
    if placed and (refusal := _would_lose(task, seen, placed, stands=place.stands is not None)):
        return Settled(REFUSED, refusal, placed.rectangle)
    if place.moves:
        return _moving(task, seen, place.moves, place, claimed)
    if _is_staged_first(task, placed, place) and not _refusal(task, seen, placed, place, claimed):
        return stage(task, place.tab, placed, place.aim)
    if missing := _unread(task, seen, placed, place.aim):
        return missing
    if refusal := _refusal(task, seen, placed, place, claimed):
        return _given_back(task, seen, place, refusal)
    if placed and place.stands is None:
        return withdraw(task, seen, placed)
    step = _step(task, seen, place.tab, place.stands, place.aim)
    return replace(step, frees=True) if isinstance(step, Action) and place.frees else step


def _needless(task: TableTask, seen: SeenSpreadsheet, place: Placement | None) -> LookCloser | Action | None:
    """Return what gives up the cells that a run reserved for a table which is to go elsewhere now, or not to move."""
    beside = reserved_beside(task, seen)
    if beside is None or (place and place.reserved):
        return None
    return _marks_unread(seen, beside) or give_up(task, seen, beside)


def _marks_unread(seen: SeenSpreadsheet, *tables: PlacedTable) -> LookCloser | None:
    """Return what brings the marks of tables, where not all of them are known."""
    parts = [part for table in tables if table.rectangle for part in edges(table.rectangle)]
    if any(part.tab not in seen.tabs for part in parts):
        return None if seen.whole else LookCloser()
    if not all(map(seen.knows, parts)):
        return LookCloser(tuple(parts))
    is_unmarked = any(len(table.marks) < MARKS for table in tables)
    return LookCloser(tuple(parts), marks=True) if is_unmarked and not seen.searched else None


def _gone(
    task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, place: Placement
) -> Settled | LookCloser | Action | None:
    """Return what is to be done for a table whose cells people have cleared, None for one that has any."""
    held = held_cells(placed)
    if held is None or task.wrote or (place.stands and not task.is_history and is_compared(task, place.aim)):
        return None
    for part in (held.sized(1, 1), held):  # mostly the first cell tells
        if part.tab not in seen.tabs:
            return LookCloser()
        if not seen.knows(part):
            return LookCloser((part, *_needed(placed, place)))
        if any(True for _ in seen.filled(part)):
            return None
    return _marks_unread(seen, placed) or withdraw(task, seen, placed, is_empty=True)


def _needed(placed: PlacedTable, place: Placement) -> tuple[Rectangle, ...]:
    """Return the cells of a table that tell most: those that are to be its own, and those of the marks."""
    tables = [placed, *([place.reserved] if place.reserved else ())]
    marked = [part for table in tables if table.rectangle for part in edges(table.rectangle)]
    return (*marked, *(place.aim.growth if place.aim.target.right <= MOST_COLUMNS else ()))


def _moving(
    task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, place: Placement, claimed: Mapping[str, Rectangle]
) -> Settled | LookCloser | Action:
    """Return what is to be done for a table that stands elsewhere: its numbers stay there until the others are here."""
    reserved, aim = place.reserved, place.aim
    needed = _needed(placed, place)
    if any(part.tab not in seen.tabs for part in needed):
        return LookCloser()
    if not all(map(seen.knows, needed)):
        return LookCloser(needed)
    refusal = _refusal(task, seen, placed, place, claimed)
    if refusal and reserved is None:
        return Settled(REFUSED, refusal, placed.rectangle)
    if missing := _marks_unread(seen, placed, *([reserved] if reserved else ())):
        return missing
    if refusal and reserved:
        return replace(give_up(task, seen, reserved), refusal=refusal)
    if reserved is None:
        return reserve_beside(task, seen, place.tab, placed, aim)
    if not _is_framed(reserved, aim.target):
        return give_up(task, seen, reserved)
    if len(placed.marks) < MARKS:  # those of deleted rows: without them nobody sees that others are inserted
        return replace(fit(task, seen, placed, held_cells(placed) or aim.held), frees=True)
    if aim.is_heavy and not task.staging:
        shown = shown_of_both(seen, place.tab, placed, aim)
        return replace(stage(task, place.tab, placed, aim), shown=shown, frees=True)
    return move(task, seen, place.tab, placed, reserved, aim)


def _is_staged_first(task: TableTask, placed: PlacedTable | None, place: Placement) -> bool:
    """Return whether a hidden tab is to be made for the values: the answer to that is as good as a read."""
    if task.staging or not place.aim.is_heavy or (placed and (place.stands is None or placed.strays)):
        return False
    return place.stands is None or not _is_same(task, place.stands.state)


def _is_same(task: TableTask, state: TableState) -> bool:
    """Return whether a table shows what it is to show, by what it remembers."""
    return is_added(task.content, state, task.run) if task.is_history else state.content == task.content.digest


def _refusal(
    task: TableTask,
    seen: SeenSpreadsheet,
    placed: PlacedTable | None,
    place: Placement,
    claimed: Mapping[str, Rectangle],
) -> str:
    """Return what stands in the way of a table, "" where nothing does."""
    name, moves = task.table.name, place.moves
    own = [*(placed.strays if placed else ()), *([place.aim.held] if place.aim.held.height else [])]
    if placed and placed.rectangle and place.stands is None:
        own.append(placed.rectangle)
    problem = in_the_way(seen, place.tab, place.aim, own, name, claimed)
    if moves and moves.rectangle and not problem:
        problem = protected(seen.tabs[moves.rectangle.tab], (moves.rectangle,))
    used = moving_name(name) if moves else name
    problem = problem or name_in_use(seen, table_ids(used), used)
    return problem or no_room_to_remember(table_ids(used), seen, claimed)


def _stands(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable | None) -> bool:
    """Return whether a table stands, and kpi.toml wants it nowhere else.

    It names another place than before where people moved the table, or gave its tab another name, and say so there.
    """
    if placed is None or placed.rectangle is None:
        return False
    if placed.state.cell in ("", task.place):
        return True
    tab = _tab(task, seen, None)
    return tab is not None and placed.rectangle.corner == (tab.id, task.table.row, task.table.column)


def _would_lose(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, *, stands: bool) -> str:
    """Return that a history would be lost, "" where none would: what it tells is nowhere else."""
    rectangle = placed.rectangle
    if not placed.state.runs or rectangle is None or (stands and task.is_history):
        return ""
    cells = rectangle.a1(seen.tabs[rectangle.tab].title) if rectangle.tab in seen.tabs else "another tab"
    move = f"Cut it and paste it to {task.wanted_cell}, d" if task.is_history else "D"
    return (
        f"the history of '{task.table.name}' stands in {cells} and would be lost. "
        f"{move}elete its rows, or give this [[sheet]] another name and cell."
    )


def _known_marks(task: TableTask, placed: PlacedTable | None) -> PlacedTable | None:
    """Return a table with the marks that its last batch made, as the answer to that need not bring them."""
    if placed is None or placed.written is None or not task.sent or placed.state.batch != task.sent:
        return placed
    tab = placed.written.tab
    made = {
        id: SeenMetadata(id, MARK_KEY, "", tab, dimension, index)
        for id, dimension, index in marks_of(task.ids, placed.written)
    }
    return replace(placed, marks=made)


def _step(
    task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable | None, aim: Aim
) -> Settled | LookCloser | Action:
    """Return what is to be done for a table that nothing stands in the way of."""
    if placed and is_behind(placed):
        if placed.guard is None and not seen.whole:
            return LookCloser()  # it may be on the tab that the table has left
        return settle(task, seen, placed, placed.rectangle or aim.target)
    # what a shift of cells left elsewhere goes at once: while values are staged somebody else may come in between
    has_to_wait = aim.is_heavy and not task.staging
    if placed is None or not _is_framed(placed, aim.target) or (placed.strays and has_to_wait):
        return reserve(task, seen, tab, placed, aim)
    if not _is_written(task, seen, placed, aim):
        if has_to_wait:
            return stage(task, tab, placed, aim)
        return write(task, seen, tab, placed, aim)
    if placed.state.rest and placed.state.content == task.content.digest:
        return finish(task, seen, tab, placed, aim.target)
    if placed.area is None or placed.area.rectangle != aim.target:
        return fit(task, seen, placed, aim.target)
    is_ours = task.run in (placed.state.batch.rpartition(".")[0], *placed.state.runs.split())
    return Settled(WRITTEN if is_ours else UNCHANGED, place=aim.target, tab=tab, generation=placed.generation)


def _is_framed(placed: PlacedTable, target: Rectangle) -> bool:
    """Return whether area and marks stand around all cells that are to be written; those of deleted rows are gone."""
    area = placed.area.rectangle if placed.area else None
    rectangle = placed.rectangle
    if area is None or rectangle is None or area.corner != rectangle.corner or len(placed.marks) < MARKS:
        return False
    return area.holds(target) and rectangle.holds(target)


def is_to_be_written(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable | None, place: Placement) -> bool:
    """Return whether cells of a table are to be written, and not only what is around them."""
    return placed is None or place.stands is None or not _is_written(task, seen, placed, place.aim)


def _is_written(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, aim: Aim) -> bool:
    """Return whether the table shows what it is to show, and nothing of it is out of place."""
    state = placed.state
    if not _is_same(task, state) or task.anew or state.failed or state.spare or state.spare_columns or placed.strays:
        return False
    if placed.rectangle != aim.target or len(placed.fences) != 1 or state.cell not in ("", task.place):
        return False
    if state.settings not in ("", task.settings):
        return False
    if any(requests.names_made(task.ids, seen, aim.target, task.content.names)):
        return False
    if task.wrote:
        return True  # in the answers to what was sent since then there are no cells
    marks = {(mark.id, mark.dimension, mark.index) for mark in placed.marks.values() if mark.tab == aim.target.tab}
    if marks != set(marks_of(task.ids, aim.target)):
        return False
    if not is_compared(task, aim):
        return shows_stamp(task, seen, aim, state)
    return not any(True for _ in differing(task, seen, aim, state))


def _unread(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable | None, aim: Aim) -> LookCloser | None:
    """Return what has to be read before anything can be decided."""
    if aim.target.right > MOST_COLUMNS:
        return None  # refused before a cell is read
    needed = [*aim.growth]
    if placed and placed.rectangle:
        # the first cell tells whose it is, the last one has the other two marks
        needed += edges(placed.rectangle)
        is_same = placed.state.content == task.content.digest and not placed.state.spare
        needed += [aim.held] if is_same and is_compared(task, aim) else []
        if task.wrote and is_same:
            needed = []  # in the answers to what was sent since then there are no cells
    if not all(map(seen.knows, needed)):
        return LookCloser(tuple(dict.fromkeys(needed)))
    is_unmarked = placed is not None and len(placed.marks) < MARKS and needed
    return LookCloser(tuple(dict.fromkeys(needed)), marks=True) if is_unmarked and not seen.searched else None


def _given_back(
    task: TableTask, seen: SeenSpreadsheet, place: Placement, refusal: str
) -> Settled | LookCloser | Action:
    """Return what leaves a table that is refused as it stood: cells that are only reserved are given back."""
    placed = place.stands
    if placed is None or not (placed.state.spare or placed.state.spare_columns):
        return Settled(REFUSED, refusal, placed.rectangle if placed else None)
    if not place.aim.held.height:
        return replace(withdraw(task, seen, placed), refusal=refusal)
    return replace(fit(task, seen, placed, place.aim.held), refusal=refusal)


def _tab(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable | None) -> SeenTab | None:
    if placed and placed.rectangle:
        return seen.tabs.get(placed.rectangle.tab)
    if task.table.tab:
        return seen.tab_called(task.table.tab)
    return seen.tabs.get(task.table.gid or 0)


def _without_tab(task: TableTask, seen: SeenSpreadsheet) -> Settled | LookCloser | Action:
    """Return what is to be done when the tab is not there: that of the answers to formulas is made."""
    if not seen.whole:
        return LookCloser()
    return make_tab(task) if isinstance(task.table.content, FormulaContent) else Settled(REFUSED, _no_tab(task, seen))


def _no_tab(task: TableTask, seen: SeenSpreadsheet) -> str:
    known = ", ".join(f"'{tab.title}'" for tab in list(seen.tabs.values())[:5])
    if task.table.tab:
        return f"there is no tab {quoted(task.table.tab)}. There are {known}: add it, or name another one in [[sheet]]."
    return f"there is no tab with gid={task.table.gid}. There are {known}: copy the address of the tab again."
