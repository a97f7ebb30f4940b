"""Tables in Google Sheets, written by the client that people use; Google is another process. Times are of the CPU."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.sheets_google import SPREADSHEET, ServedGoogle, google

if TYPE_CHECKING:
    from kpicore_sheets.table import KpiContent, SheetTable
    from kpicore_sheets.watch import Refresh

KPIS = (
    *("win_rate", "total_sales", "won_deals", "avg_deal_size", "lost_deals", "opportunities_created", "lost_amount"),
    *("revenue", "sales_cycle.median", "avg_sales_per_customer"),
)
PERIODS = ("2021-11-01..2025-12-31", "2021-10-01..2025-11-30")
"""Fifty months; the second ones are what a table shows when its data has changed."""
REPS = 200
SMALL = 50
DAYS = "2024-10-01..2025-12-29"
"""455 days: with 220 reps and five columns half a million cells."""


def table(folder: str, runs: int) -> dict[str, Any]:
    """Write 10,000 rows of 12 columns: new, changed and unchanged."""
    _as_kpi()
    content = [_by_month_and_rep(Path(folder), period) for period in PERIODS]
    with google({"KPIs": (1_000, 26)}) as served:
        sheet = [_table("funnel", of) for of in content]
        return {"cells": 12 * 10_001, **_measured(Path(folder), served, [sheet[:1], sheet[1:]], runs)}


def small(folder: str, runs: int) -> dict[str, Any]:
    """Write fifty small tables of one spreadsheet: new, changed and unchanged."""
    _as_kpi()
    with google({"KPIs": (1_000, 26)}) as served:
        return _measured(Path(folder), served, [_small_tables(year) for year in (2025, 2024)], runs)


def large(folder: str, writes: bool) -> dict[str, Any]:
    """Write half a million cells into a new table, or only find out what they are."""
    _as_kpi()
    from kpicore import open_workspace
    from kpicore_sheets.table import KpiContent

    content = KpiContent(("won_deals", "total_sales", "opportunities_created"), DAYS, "day", ("rep",))
    if not writes:
        with open_workspace(folder) as workspace:
            return {"rows": len(_asked(workspace, content).rows)}
    with google({"KPIs": (1_000, 26)}) as served:
        outcomes, _ = _run(_refresher(folder), [_table("long", content)])
        bodies = served.bodies()
        return {"rows": outcomes[0].rows, "requests": len(bodies), "bytes": sum(map(len, bodies))}


def _as_kpi() -> None:
    """Look for circles of objects as often as the `kpi` command does."""
    gc.set_threshold(50_000, *gc.get_threshold()[1:])


def _measured(
    folder: Path, served: ServedGoogle, versions: Sequence[Sequence[SheetTable]], runs: int
) -> dict[str, Any]:
    """Write tables in their versions by turns, each once more unchanged, beside the engine alone."""
    refresh = _refresher(folder)
    first = requests = unchanged_requests = 0
    times: dict[str, list[float]] = {"changed": [], "unchanged": [], "dumps": [], "table": [], "get": []}
    for number in range(2 * runs + 1):
        tables = versions[number % 2]
        _, seconds = _run(refresh, tables)
        bodies = served.bodies()
        first, requests = (first or len(bodies)), len(bodies)
        times["changed"].append(seconds)
        outcomes, seconds = _run(refresh, tables)
        assert {outcome.status for outcome in outcomes} == {"unchanged"}, outcomes
        unchanged_requests = max(unchanged_requests, len(served.bodies()))
        times["unchanged"].append(seconds)
        written = [json.loads(body) for body in bodies if body]
        times["dumps"].append(_cpu(lambda written=written: [json.dumps(body) for body in written])[0])
        for name, ask in (("table", _asked), ("get", _got)):
            times[name].append(_cpu(lambda ask=ask, tables=tables: _alone(folder, tables, ask))[0])
    return {
        "first": first,
        "requests": requests,
        "unchanged_requests": unchanged_requests,
        "bytes": sum(map(len, bodies)),
        "seconds": {name: sorted(found)[len(found) // 2] for name, found in times.items()},
    }


def _run(refresh: Refresh, tables: Sequence[SheetTable]) -> tuple[Any, float]:
    """Bring tables up to date as `kpi sheets` does; return the outcomes and the seconds of this process."""
    seconds, outcomes = _cpu(lambda: refresh(tables))
    failed = [outcome for outcome in outcomes if not outcome.is_well]
    assert not failed, failed
    return outcomes, seconds


def _refresher(folder: Path | str) -> Refresh:
    """Return what brings tables up to date for `kpi sheets watch`, which stays logged in."""
    from kpicore import MachineClock
    from kpicore_sheets.refreshing import refresher

    return refresher(Path(folder), MachineClock())


def _alone(folder: Path, tables: Sequence[SheetTable], ask: Callable[[Any, KpiContent], object]) -> None:
    """Open the workspace and ask what tables show."""
    from kpicore import open_workspace
    from kpicore_sheets.table import KpiContent

    with open_workspace(folder) as workspace:
        for table in tables:
            assert isinstance(table.content, KpiContent)
            ask(workspace, table.content)


def _asked(workspace: Any, content: KpiContent) -> Any:
    from kpicore import KpiRequest, kpi_table

    grain = content.grain or None
    request = KpiRequest.of(content.kpis, content.period, grain=grain, by=content.by, where=content.where)
    return kpi_table(workspace, request)


def _got(workspace: Any, content: KpiContent) -> Any:
    grain = content.grain or None
    return workspace.get(content.kpis, content.period, grain=grain, by=content.by, where=content.where)


def _cpu(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that a call takes of the processor, in all threads, and its result."""
    began = time.process_time()
    result = call()
    return time.process_time() - began, result


def _by_month_and_rep(folder: Path, period: str) -> KpiContent:
    from kpicore import open_workspace
    from kpicore_sheets.table import KpiContent

    with open_workspace(folder) as workspace:
        reps = sorted(member.value for member in workspace.warehouse.members("rep"))[:REPS]
    return KpiContent(KPIS, period, "month", ("rep",), {"rep": reps})


def _small_tables(year: int) -> list[SheetTable]:
    """Return fifty tables of a year by quarter and region or team, side by side and below each other."""
    from kpicore_sheets.table import KpiContent

    tables = []
    for number in range(SMALL):
        kpis = KPIS[number % len(KPIS)], KPIS[(number + 1 + number // len(KPIS)) % len(KPIS)]
        content = KpiContent(kpis, str(year), "quarter", ("region",))
        row, column = divmod(number, 3)
        tables.append(_table(f"table{number}", content, 30 * row, 8 * column))
    return tables


def _table(name: str, content: KpiContent, row: int = 2, column: int = 1) -> SheetTable:
    from kpicore_sheets.table import SheetTable

    return SheetTable(name, SPREADSHEET, content, "KPIs", None, row, column)
