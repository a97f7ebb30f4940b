"""Custom functions as cells of Google Sheets call them: arguments, results, errors."""

from __future__ import annotations

import pytest

STAMP = "kpi 0123456789abcdef"


def test_every_function_is_there_and_nothing_else_but_the_menu(sheet, cells):
    names = {function.name for function in cells.functions()}
    assert len(names) > 200
    assert set(sheet.functions) == names | {"onOpen", "kpiRefresh", "kpiExplain", "kpiInsert", "kpiToken"}


def test_a_cell_shows_a_number(sheet):
    assert sheet.cell("KPI_WIN_RATE", "2025-Q1") == pytest.approx(4 / 6)
    assert sheet.cell("KPI_WON_DEALS", "2025-Q1", "rep", "Ann Lee [u1]") == 2
    assert sheet.cell("KPI", "won_deals", 2025) == 7


def test_a_range_in_a_pair_means_any_of_its_values(sheet):
    assert sheet.cell("KPI_WON_DEALS", "2025-Q1", "rep", [["Ann Lee [u1]"], ["Ann Lee [u3]"], [""]]) == 3


def test_a_date_is_a_day_of_the_spreadsheets_time_zone(sheet):
    sheet.set(zone="Pacific/Auckland")
    assert sheet.cell("KPI_WON_DEALS", {"date": "2025-01-14"}, "grain", "month") == sheet.cell(
        "KPI_WON_DEALS", "2025-01"
    )
    assert sheet.fetches[0].calls[0] == ["KPI_WON_DEALS", [{"date": "2025-01-14"}, "grain", "month"]]
    sheet.cell("KPI_PERIOD", {"date": "2025-01-14T09:30:00"}, "month")
    assert sheet.fetches[-1].calls[0] == ["KPI_PERIOD", [{"date": "2025-01-14T09:30:00"}, "month"]]


def test_a_time_is_shown_as_a_date_of_that_time_zone(sheet):
    assert sheet.cell("KPI_ASOF") == {"date": "2025-07-15T12:00:00"}
    sheet.set(zone="America/Lima")
    assert sheet.cell("KPI_ASOF") == {"date": "2025-07-15T12:00:00"}


def test_an_empty_cell_and_what_is_left_out_are_an_empty_text_and_at_the_end_nothing(sheet):
    assert sheet.thrown("KPI_WIN_RATE", "").startswith("#VALUE!")
    sheet.cell("KPI_TABLE", "won_deals", 2025, None, "rep", None)
    assert sheet.fetches[-1].calls[0] == ["KPI_TABLE", ["won_deals", 2025, "", "rep"]]


def test_an_error_among_the_arguments_is_the_result_and_nothing_is_asked(sheet):
    assert sheet.thrown("KPI_WIN_RATE", "#N/A") == "#N/A"
    assert sheet.thrown("KPI_WON_DEALS", 2025, "rep", [["Ann Lee [u1]"], ["#REF!"]]) == "#REF!"
    assert sheet.thrown("KPI_CAC_CALC", "#DIV/0!", 2) == "#DIV/0!"
    assert sheet.thrown("KPI_WIN_RATE", "#ERROR!") == "#VALUE!"
    assert sheet.fetches == []


def test_each_failure_is_thrown_with_its_code_and_line(sheet):
    assert sheet.thrown("KPI_WIN_RATE", "1999-Q1") == (
        "#N/A no data: opportunity was loaded for 2025-01-01 to 2025-06-30"
    )
    assert sheet.thrown("KPI_WIN_RATE", "2025-Q1", "rep") == (
        "#VALUE! 'rep' stands alone at the end. Pairs are a dimension and its value: \"rep\", $A2."
    )
    assert sheet.thrown("KPI_WIN_RATE", "2025-Q1", "").startswith("#VALUE! an empty cell stands alone at the end.")
    assert sheet.thrown("KPI", "no_such_kpi", 2025).startswith("#NAME? ")


def test_the_stamp_is_no_argument_of_the_call(sheet):
    assert sheet.cell("KPI_WON_DEALS", 2025, STAMP) == 7
    assert sheet.cell("KPI_WON_DEALS", "2025-Q1", "rep", "Ann Lee [u1]", STAMP) == 2
    assert [fetch.calls[0][1] for fetch in sheet.fetches] == [[2025], ["2025-Q1", "rep", "Ann Lee [u1]"]]


def test_a_range_of_periods_gives_a_result_for_each_in_one_request(sheet):
    shown = sheet.cell("KPI_WON_DEALS", [["2025-01", "2025-02"], ["2025-03", ""], ["1999", "#N/A"]])
    months = [sheet.cell("KPI_WON_DEALS", month) for month in ("2025-01", "2025-02", "2025-03")]
    assert sum(months) == 4
    assert shown[0] + shown[1] == [*months, ""]
    assert shown[2] == ["#N/A no data: opportunity was loaded for 2025-01-01 to 2025-06-30", "#N/A"]
    assert [len(fetch.calls) for fetch in sheet.fetches] == [4]


def test_a_table_spills_and_its_errors_are_text_in_their_cells(sheet):
    rows = sheet.cell("KPI_TABLE", "won_deals, win_rate", "2025", "quarter")
    assert rows[0] == ["period", "won_deals", "win_rate"]
    assert rows[1][0] == "2025-Q1" and rows[1][1] == 4
    assert rows[4][0] == "2025-Q4" and rows[4][1].startswith("#N/A ")


def test_calculators_need_no_server_and_give_what_excel_shows(sheet):
    assert sheet.cell("KPI_CAC_CALC", [[6_000], [4_000]], [[5, 15]]) == 500
    assert sheet.cell("KPI_SALES_CYCLE_MEDIAN_CALC", 40, 10, 20, 90) == 30
    assert sheet.thrown("KPI_CAC_CALC", 10_000, 0) == "#DIV/0! 'cac.fully_loaded' has no value: a denominator is 0."
    assert sheet.fetches == []


def test_a_calculator_tells_which_date_or_duration_is_no_number(sheet):
    for date, told in (("2025-01-14", "2025-01-14"), ("1899-12-30T12:30:00", "1899-12-30 12:30:00")):
        assert sheet.thrown("KPI_CAC_CALC", {"date": date}, 2) == (
            f"#VALUE! 'cost' is no number: '{told}'. A number written as text is text."
        )


def test_formulas_and_markup_in_cells_are_plain_text(sheet):
    for text in ('=HYPERLINK("http://x")', "<img src=x onerror=alert(1)>", "x' OR 1=1 --", "ü" * 300, "\ud83d"):
        assert sheet.thrown("KPI_WON_DEALS", "2025-Q1", "rep", text).startswith("#VALUE! ")
