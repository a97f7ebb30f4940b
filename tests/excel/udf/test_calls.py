"""Cells through the real `call_udf` of xlwings: what goes in, what comes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from kpicore import CellFailure, CellResult, CellValue
from tests.excel.windows import Excel

Cell = Callable[..., CellResult]


@pytest.fixture
def cell(opened: Excel) -> Cell:
    """Give `cell("KPI_WIN_RATE", 2025, …)`: what a cell of the sheet shows."""

    def shown(name: str, *arguments: CellValue) -> CellResult:
        return opened.call(name, *arguments, sheet="Sales")

    return shown


def code(shown: CellResult) -> str:
    assert isinstance(shown, CellFailure)
    return shown.code


def message(shown: CellResult) -> str:
    assert isinstance(shown, CellFailure)
    return shown.message


def test_numbers_are_numbers_texts_are_texts_and_dates_are_dates(cell):
    assert cell("KPI_WIN_RATE", 2025) == 0.7
    assert cell("KPI", "win_rate.closed", "2025-05") == 0.5
    assert cell("KPI_PERIOD", date(2025, 5, 3), "month") == "2025-05"
    assert cell("KPI_ASOF") == datetime(2025, 7, 15, 12, 0)
    assert cell("KPI_CAC_CALC", 10_000, 20) == 500.0


def test_a_date_cell_is_a_day_and_with_a_grain_the_period_that_holds_it(cell):
    assert cell("KPI_WIN_RATE", datetime(2025, 5, 3, 10, 30), "grain", "month") == 0.5
    assert cell("KPI_WIN_RATE", 45780, "grain", "month") == 0.5  # 2025-05-03 as a serial number


def test_failures_are_native_errors(cell):
    assert code(cell("KPI", "win_raet", 2025)) == "#NAME?"
    assert code(cell("KPI_WIN_RATE", "01/02/2025")) == "#VALUE!"
    assert code(cell("KPI_WIN_RATE", "2025-Q2", "rep")) == "#VALUE!"
    assert code(cell("KPI_WIN_RATE", "2025-Q2", "rep", "Nobody")) == "#VALUE!"
    assert code(cell("KPI_WIN_RATE", "2025-01", "rep", "Bob Ray")) == "#DIV/0!"
    assert code(cell("KPI_CAC_CALC", 10, 0)) == "#DIV/0!"
    assert code(cell("KPI_WIN_RATE", "1999")) == "#N/A"


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#NULL!", "#NUM!", "#NAME?", "#VALUE!"])
def test_an_error_in_an_argument_is_the_result_as_in_every_spreadsheet(cell, error):
    assert code(cell("KPI_WIN_RATE", CellFailure(error))) == error
    assert code(cell("KPI_CAC_CALC", ((1.0,), (CellFailure(error),)), 2)) == error


def test_a_text_that_looks_like_an_error_is_a_text(cell):
    assert message(cell("KPI_WIN_RATE", "#N/A")).startswith("period '#N/A': is not a period.")


def test_empty_cells_are_refused_and_empty_cells_of_a_range_are_no_values(cell):
    assert message(cell("KPI_WIN_RATE", None)).startswith("period '': is empty")
    assert code(cell("KPI_WIN_RATE", 2025, "rep", None)) == "#VALUE!"
    assert cell("KPI_WIN_RATE", 2025, "rep", (("Bob Ray",), (None,), ("Ann Lee [u1]",))) == pytest.approx(2 / 3)
    assert cell("KPI_WIN_RATE", 2025, "rep", (("Bob Ray", "Ann Lee [u1]"),)) == pytest.approx(2 / 3)


def test_ranges_keep_their_shape_and_a_range_of_one_cell_is_that_cell(cell):
    assert cell("KPI_SALES_CYCLE_CALC", ((10.0, 20.0), (None, 60.0))) == 30.0
    assert cell("KPI_CAC_CALC", ((1000.0,), (500.0,)), ((3.0,),)) == 500.0


def test_truth_values_numbers_written_as_text_and_long_texts_are_refused(cell):
    assert code(cell("KPI_WIN_RATE", 2025, "rep", True)) == "#VALUE!"
    assert code(cell("KPI_CAC_CALC", "10000", 20)) == "#VALUE!"
    assert code(cell("KPI_CAC_CALC", "10,5", 20)) == "#VALUE!"
    assert code(cell("KPI_WIN_RATE", 2025, "rep", "x" * 300)) == "#VALUE!"
    assert code(cell("KPI_WIN_RATE", 2025, "rep", "=1+1")) == "#VALUE!"


def test_what_only_com_passes_is_read(opened):
    def udf(*raw: object) -> object:
        return opened.server.CallUDF("kpi_functions", "KPI_CAC_CALC", ["", *raw])

    assert udf(Decimal("10000"), 20.0) == 500.0  # a cell with the format of a currency
    assert udf(-2146826243, 20.0) == "#VALUE!\x1fan argument is an error."  # #GETTING_DATA has no code elsewhere
    assert udf("\x1fareas", 20.0) == "#VALUE!\x1fan argument is several areas. Name one range."
    assert udf("\x1flong", 20.0).startswith("#VALUE!\x1fan argument is a range of more than 100,000 filled cells.")
    assert udf(object(), 20.0) == "#VALUE!\x1fan argument is no value of a cell."


def test_tables_spill_with_a_header_and_errors_in_their_cells(cell):
    assert cell("KPI_TABLE", "win_rate", 2025, None, "rep") == (
        ("rep", "win_rate"),
        ("(none)", 1.0),
        ("Ann Lee [u1]", 1.0),
        ("Ann Lee [u3]", pytest.approx(2 / 3)),
        ("Bob Ray", pytest.approx(1 / 3)),
    )
    assert cell("KPI_TABLE", "win_rate", 2025) == (("win_rate",), (0.7,))
    header, first, *_ = cell("KPI_TABLE", "win_rate", "2025-H1", "quarter", "rep")
    assert header == ("period", "rep", "win_rate")
    assert first[:2] == ("2025-Q1", "(none)") and code(first[2]) == "#DIV/0!"
    assert [row[0] for row in cell("KPI_LIST", "win rate")] == [
        "kpi",
        "required_opportunities",
        "win_rate",
        "competitor_win_rate",
    ]
    assert len(cell("KPI_LIST")) > 80


def test_no_text_of_a_table_is_longer_than_excel_takes(cell):
    texts = [text for row in cell("KPI_LIST") for text in row if isinstance(text, str)]
    texts += [text for row in cell("KPI_EXPLAIN", "lead_score", 2025) for text in row if isinstance(text, str)]
    assert max(map(len, texts)) <= 255


def test_the_message_of_an_error_is_found_by_explain_and_by_why(cell, opened):
    assert cell("KPI_EXPLAIN", "win_rate", "2025-01", "rep", "Bob Ray")[1][3] == "no value: base is 0"
    assert cell("KPI_EXPLAIN", "win_raet", 2025) == (
        ("No answer", "no KPI named 'win_raet'. Did you mean 'win_rate'?"),
    )
    assert opened.why('=KPI_WIN_RATE("2025-01","rep","Bob Ray")*KPI_CAC_CALC(1,0)+KPI_CAC_CALC(10,2)', "Sales") == (
        'KPI_WIN_RATE("2025-01", "rep", "Bob Ray"): #DIV/0! no value: base is 0\n'
        "KPI_CAC_CALC(1, 0): #DIV/0! 'cac.fully_loaded' has no value: a denominator is 0.\n"
        "KPI_CAC_CALC(10, 2): 5"
    )
    assert opened.why("=SUM(A1)", "Sales").startswith("No KPI here whose arguments can be read.")


def test_a_workbook_that_counts_days_from_1904_is_refused_except_where_days_do_not_matter(cell, opened):
    opened.date_1904 = True
    assert message(cell("KPI_WIN_RATE", 45780)).startswith("this workbook counts days from 1904")
    assert message(cell("KPI_ASOF")).startswith("this workbook counts days from 1904")
    assert cell("KPI_EXPLAIN", "win_rate", 2025)[0][0] == "No answer"
    assert cell("KPI_CAC_CALC", 10_000, 20) == 500.0
    assert opened.why("=KPI_ASOF()", "Sales").startswith("this workbook counts days from 1904")


def test_a_kpi_that_is_gone_is_an_unknown_name(cell, opened):
    assert code(cell("KPI_OF_OLD", 2025)) == "#NAME?"
    with pytest.raises(AttributeError):
        opened.call("delete_everything")


def test_a_defect_is_an_error_and_a_line_but_no_traceback(cell, opened, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("in a plugin")

    cell("KPI_ASOF")  # imports the module
    served = opened.server.Module("kpi_functions").obj.kpi_served
    monkeypatch.setattr(served, "_cache", type("Broken", (), {"answer": broken})())
    assert cell("KPI_WIN_RATE", 2025) == CellFailure("#N/A", "internal error, ZeroDivisionError: in a plugin")
    assert cell("KPI_EXPLAIN", "win_rate", 2025)[0][1] == "internal error, ZeroDivisionError: in a plugin"


def test_a_macro_gets_the_same_as_a_cell(opened):
    assert opened.call("KPI_WIN_RATE", 2025) == 0.7
    assert code(opened.call("KPI_CAC_CALC", 1, 0)) == "#DIV/0!"


def test_with_the_vba_of_xlwings_itself_an_error_is_its_text(opened):
    shown = opened.server.CallUDF("kpi_functions", "KPI_CAC_CALC", [None, 1.0, 0.0])
    assert shown == "#DIV/0!: 'cac.fully_loaded' has no value: a denominator is 0."
