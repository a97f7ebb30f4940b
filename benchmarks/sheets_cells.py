"""Tables in Google Sheets, written by the client that people use; Google is another process. Times are of the CPU."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.sheets_google import SPREADSHEET, google

if TYPE_CHECKING:
    from kpicore_sheets.sync.outcome import TableOutcome
    from kpicore_sheets.table import KpiContent, SheetTable

Write = Callable[[Sequence["SheetTable"]], Sequence["TableOutcome"]]

KPIS = (
    *("win_rate", "total_sales", "won_deals", "avg_deal_size", "lost_deals", "opportunities_created", "lost_amount"),
    *("revenue", "sales_cycle.median", "avg_sales_per_customer"),
)
REPS, PERIODS = 200, ("2021-11-01..2025-12-31", "2021-10-01..2025-11-30")
"""Fifty months; the second ones are what a table shows when its data has changed."""
SMALL, ABREAST, YEARS = 50, 3, (2025, 2024)
DAILY_KPIS, DAYS = ("won_deals", "total_sales", "opportunities_created"), "2024-10-01..2025-12-29"
"""455 days: with 220 reps and five columns half a million cells."""
NEW_TAB = {"KPIs": (1_000, 26)}


def table(folder: str, runs: int) -> dict[str, Any]:
    """Write 10,000 rows of 12 columns: new, changed and unchanged."""
    from kpicore import open_workspace
    from kpicore_sheets.table import KpiContent

    with open_workspace(folder) as workspace:
        reps = sorted(member.value for member in workspace.warehouse.members("rep"))[:REPS]
    contents = (KpiContent(KPIS, period, "month", ("rep",), {"rep": reps}) for period in PERIODS)
    return _measured(Path(folder), [[_sheet("funnel", content)] for content in contents], runs)


def small(folder: str, runs: int) -> dict[str, Any]:
    """Write fifty small tables of one spreadsheet: new, changed and unchanged."""
    return _measured(Path(folder), [list(_small_tables(year)) for year in YEARS], runs)


def large(folder: str, writes: bool) -> dict[str, Any]:
    """Write half a million cells into a new table, or only find out what they are."""
    from kpicore_sheets.table import KpiContent

    _search_as_kpi()
    sheet = _sheet("long", KpiContent(DAILY_KPIS, DAYS, "day", ("rep",)))
    if not writes:
        [alone] = _alone(Path(folder), [sheet], _kpi_table)
        return {"rows": len(alone.rows)}
    with google(NEW_TAB) as served, _writing(Path(folder)) as write:
        [outcome] = write([sheet])
        bodies = served.bodies()
    return {"rows": outcome.rows, "requests": len(bodies), "bytes": sum(map(len, bodies))}


def _measured(folder: Path, versions: Sequence[Sequence[SheetTable]], runs: int) -> dict[str, Any]:
    """Write tables in their versions by turns, each once more unchanged, beside the engine alone."""
    _search_as_kpi()
    requests: dict[str, list[int]] = {"changed": [], "unchanged": []}
    times: dict[str, list[float]] = {"changed": [], "unchanged": [], "dumps": [], "table": [], "get": []}
    with google(NEW_TAB) as served, _writing(folder) as write:
        for number in range(2 * runs + 1):
            tables = versions[number % 2]
            for name, status in (("changed", "written"), ("unchanged", "unchanged")):
                seconds, outcomes = _cpu(write, tables)
                assert {outcome.status for outcome in outcomes} == {status}, outcomes
                sent = served.bodies()
                times[name].append(seconds)
                requests[name].append(len(sent))
                if name == "changed":
                    bodies = sent
            times["dumps"].append(_cpu(_dumped, [json.loads(body) for body in bodies if body])[0])
            times["table"].append(_cpu(_alone, folder, tables, _kpi_table)[0])
            times["get"].append(_cpu(_alone, folder, tables, _got)[0])
    return {
        "times": times,
        "new": requests["changed"][0],
        "changed": max(requests["changed"][1:]),
        "unchanged": max(requests["unchanged"]),
        "bytes": sum(map(len, bodies)),
        "bytes_in_one": _bytes_in_one(folder, tables),
    }


def _bytes_in_one(folder: Path, tables: Sequence[SheetTable]) -> int:
    """Return the bytes of the cells of tables as one batch would have them: each with its type."""
    from kpicore import MachineClock, open_workspace
    from kpicore_sheets.filling import filled
    from kpicore_sheets.sync.cells import row_data
    from kpicore_sheets.sync.content import table_content

    now = MachineClock().now()
    with open_workspace(folder) as workspace:
        contents = [table_content(filled(workspace, table), now) for table in tables]
    rows = [row_data(content.cells(0, content.height)) for content in contents]
    return len(json.dumps(rows, separators=(",", ":")))


@contextmanager
def _writing(folder: Path) -> Iterator[Write]:
    """Yield what writes tables as `kpi sheets watch` does: it stays logged in and keeps where tables stand."""
    from kpicore import MachineClock
    from kpicore_sheets.refreshing import refresher
    from kpicore_sheets.sync.status_file import FILE, StatusFile

    clock = MachineClock()
    refresh, status = refresher(folder, clock), StatusFile(folder)

    def write(tables: Sequence[SheetTable]) -> Sequence[TableOutcome]:
        outcomes = refresh(tables)
        status.record(outcomes, clock.now())
        return outcomes

    folder.joinpath(FILE).unlink(missing_ok=True)
    try:
        yield write
    finally:
        folder.joinpath(FILE).unlink(missing_ok=True)


def _alone(folder: Path, tables: Sequence[SheetTable], ask: Callable[[Any, Any], Any]) -> list[Any]:
    """Return what the engine gives for tables, in a workspace that is opened for it as a run opens it."""
    from kpicore import open_workspace

    with open_workspace(folder) as workspace:
        return [ask(workspace, table.content) for table in tables]


def _kpi_table(workspace: Any, content: KpiContent) -> Any:
    from kpicore import KpiRequest, kpi_table

    grain = content.grain or None
    request = KpiRequest.of(content.kpis, content.period, grain=grain, by=content.by, where=content.where)
    return kpi_table(workspace, request)


def _got(workspace: Any, content: KpiContent) -> Any:
    return workspace.get(content.kpis, content.period, grain=content.grain, by=content.by, where=content.where)


def _dumped(bodies: Sequence[object]) -> list[str]:
    return [json.dumps(body) for body in bodies]


def _cpu(call: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """Return the seconds that a call takes of the processor, in all threads, and its result."""
    gc.collect()  # what the one before left is not for this one to clear away
    began = time.process_time()
    result = call(*given)
    return time.process_time() - began, result


def _search_as_kpi() -> None:
    """Look for circles of objects as seldom as the `kpi` command does."""
    gc.set_threshold(50_000, *gc.get_threshold()[1:])


def _small_tables(year: int) -> Iterator[SheetTable]:
    """Yield fifty tables of a year: two KPIs by quarter and region each, side by side and below each other."""
    from kpicore_sheets.table import KpiContent

    for number in range(SMALL):
        kpis = KPIS[number % len(KPIS)], KPIS[(number + 1 + number // len(KPIS)) % len(KPIS)]
        row, column = divmod(number, ABREAST)
        yield _sheet(f"table{number}", KpiContent(kpis, str(year), "quarter", ("region",)), 30 * row, 8 * column)


def _sheet(name: str, content: KpiContent, row: int = 2, column: int = 1) -> SheetTable:
    from kpicore_sheets.table import SheetTable

    return SheetTable(name, SPREADSHEET, content, "KPIs", None, row, column)
