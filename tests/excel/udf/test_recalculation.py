"""A sheet of many cells: few batches, few readings of sheets, one version of the data."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from kpicore import CellFailure, Cells
from tests.excel.windows import Excel

QUARTERS = ("2025-Q1", "2025-Q2")
REPS = ("Bob Ray", "Ann Lee [u1]", "Ann Lee [u3]")


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Give the sizes of the batches that are asked."""
    sizes: list[int] = []
    answer = Cells.answer

    def counted(self: Cells, calls: object) -> object:
        sizes.append(len(calls))  # type: ignore[arg-type]
        return answer(self, calls)  # type: ignore[arg-type]

    monkeypatch.setattr(Cells, "answer", counted)
    yield sizes


def fill(opened: Excel, formula: str) -> None:
    """Put periods into row 1, reps into column A, and a formula for each of them."""
    cells = opened.sheets["Sales"]
    for column, period in enumerate(QUARTERS, 2):
        cells[1, column] = period
    for row, rep in enumerate(REPS, 2):
        cells[row, 1] = rep
        for column in range(2, 2 + len(QUARTERS)):
            cells[row, column] = formula.format(column="ABC"[column - 1], row=row)


def test_the_second_cell_brings_all_cells_of_its_sheet_in_one_batch(opened, batches):
    fill(opened, '=KPI_TOTAL_SALES({column}$1,"rep",$A{row})')
    shown = opened.recalculate("Sales")
    assert shown == {(2, 2): 300.0, (2, 3): 0.0, (3, 2): 300.0, (3, 3): 500.0, (4, 2): 400.0, (4, 3): 600.0}
    assert batches == [1, 5]
    assert opened.sent == ["Sales"]


def test_a_recalculation_of_the_same_asks_nothing(opened, batches):
    fill(opened, '=KPI_TOTAL_SALES({column}$1,"rep",$A{row})')
    shown = opened.recalculate("Sales")
    batches.clear()
    assert opened.recalculate("Sales") == shown
    assert batches == []


def test_sheets_that_formulas_refer_to_are_sent_too(opened, batches):
    opened.sheets["Plan 1"] = {(1, 1): "2025-Q2"}
    opened.sheets["Large"] = {}
    fill(opened, "=KPI_TOTAL_SALES('Plan 1'!$A$1,\"rep\",$A{row})+IF(large!A1=0,1,2)")
    opened.sheets["Sales"][9, 9] = "=KPI_TOTAL_SALES(Large!A1)"
    opened.recalculate("Sales")
    assert opened.sent == ["Sales", "plan 1", "large"]
    assert batches == [1, 2, 1]  # the sheet without rows may have been too large to send: its cell asks itself


def test_what_stands_around_a_call_is_asked_with_its_result(opened, batches):
    fill(opened, '=KPI_TOTAL_SALES(KPI_PERIOD(45780,"quarter"),"rep",$A{row})')
    shown = opened.recalculate("Sales")
    assert shown[4, 2] == 600.0
    assert batches == [1, 3]  # the period, then the totals of the three reps


def test_cells_that_could_not_be_known_are_found_by_a_later_reading(opened, batches):
    for row in range(1, 41):
        opened.sheets["Sales"][row, 1] = f'=KPI_PERIOD({45658 + row},"day")'  # calculated before its neighbour
        opened.sheets["Sales"][row, 2] = f"=KPI_TOTAL_SALES(A{row})"
    opened.recalculate("Sales")
    assert opened.sent == ["Sales", "Sales"]
    assert sum(batches) <= 120


def test_a_range_that_is_too_long_to_prefetch_is_answered_when_its_cell_asks(opened):
    days = tuple((float(row),) for row in range(1, 2002))
    assert opened.call("KPI_SALES_CYCLE_CALC", days, sheet="Sales") == 1001.0


def test_new_data_is_seen_at_the_next_recalculation(opened, batches, tiny_folder):
    now = 100.0
    opened.call("KPI_ASOF")
    served = opened.server.Module("kpi_functions").obj.kpi_served
    served._cache._clock = lambda: now
    assert opened.call("KPI_WIN_RATE", 2025, sheet="Sales") == 0.7
    batches.clear()
    os.utime(tiny_folder / "warehouse.duckdb")
    assert opened.call("KPI_WIN_RATE", 2025, sheet="Sales") == 0.7
    assert batches == []  # the same recalculation: one version of the data
    now += 10
    assert opened.call("KPI_WIN_RATE", 2025, sheet="Sales") == 0.7
    assert batches == [1]


def test_refresh_asks_again(opened, batches):
    opened.call("KPI_WIN_RATE", 2025, sheet="Sales")
    opened.refresh()
    batches.clear()
    opened.call("KPI_WIN_RATE", 2025, sheet="Sales")
    assert batches == [1]


def test_true_is_not_one(opened):
    assert opened.call("KPI_CAC_CALC", ((1.0,), (1.0,)), 2) == 1.0
    assert isinstance(opened.call("KPI_CAC_CALC", ((1.0,), (True,)), 2), CellFailure)
    assert opened.call("KPI_CAC_CALC", 1, 2) == 0.5
    assert isinstance(opened.call("KPI_CAC_CALC", True, 2), CellFailure)
