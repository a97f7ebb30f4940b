"""Custom functions in Excel's own runtime, answered by `kpi serve`."""

from __future__ import annotations

import pytest

from tests.excel.officejs.excel import Excel


def test_a_cell_shows_a_number(excel):
    assert excel.cell("WIN_RATE", "2025-Q1") == pytest.approx(4 / 6)


def test_a_cell_with_pairs_shows_the_cut(excel):
    assert excel.cell("WON_DEALS", "2025-Q1", "rep", "Ann Lee [u1]") == 2


def test_a_range_in_a_pair_means_any_of_its_values(excel):
    assert excel.cell("WON_DEALS", "2025-Q1", "rep", [["Ann Lee [u1]"], ["Ann Lee [u3]"], [""]]) == 3


def test_a_number_as_period_is_a_year_or_the_serial_number_of_a_day(excel):
    assert excel.cell("KPI", "won_deals", 2025) == 7
    assert excel.cell("WON_DEALS", 45667, "grain", "month") == excel.cell("WON_DEALS", "2025-01")


def test_each_failure_is_the_native_error_with_its_message(excel):
    assert excel.cell("WIN_RATE", "2025-Q1", "rep") == {
        "error": "#VALUE!",
        "message": "'rep' stands alone at the end. Pairs are a dimension and its value: \"rep\", $A2.",
    }
    assert excel.cell("WIN_RATE", "1999-Q1") == {
        "error": "#N/A",
        "message": "no data: opportunity was loaded for 2025-01-01 to 2025-06-30",
    }
    assert excel.cell("KPI", "no_such_kpi", 2025)["error"] == "#NAME?"
    assert excel.cell("WIN_RATE", "01/02/2026")["error"] == "#VALUE!"
    assert excel.cell("WIN_RATE", "")["error"] == "#VALUE!"


def test_a_date_is_a_serial_number(excel):
    assert excel.cell("ASOF") == 45853.5  # 2025-07-15 12:00


def test_a_table_spills_with_its_errors_in_place(excel):
    rows = excel.cell("TABLE", "won_deals, win_rate", "2025-Q1", "month")
    assert rows[0] == ["period", "won_deals", "win_rate"]
    assert [row[0] for row in rows[1:]] == ["2025-01", "2025-02", "2025-03"]
    assert sum(row[1] for row in rows[1:]) == 4


def test_formulas_and_markup_in_cells_are_plain_text(excel):
    for text in ('=HYPERLINK("http://x")', "<img src=x onerror=alert(1)>", "x' OR 1=1 --", "ü" * 300):
        assert excel.cell("WON_DEALS", "2025-Q1", "rep", text)["error"] == "#VALUE!"


def test_cells_of_one_recalculation_go_out_together_and_equal_ones_once(excel):
    calls = [["WON_DEALS", ["2025-Q1", "rep", "Ann Lee [u1]"]] for _ in range(500)]
    calls += [["WON_DEALS", [2025]] for _ in range(500)]
    found = excel.cells(calls)
    assert found["requests"] == 1
    assert found["results"] == [2] * 500 + [7] * 500


def test_more_than_2000_different_calls_take_a_request_for_each_2000(excel):
    found = excel.cells([["WON_DEALS", [40_000 + day]] for day in range(4_500)])
    assert found["requests"] == 3
    assert {each["error"] for each in found["results"]} == {"#N/A"}  # 2009 to 2021: nothing was loaded


def test_the_pane_can_look_up_what_a_cell_asked(excel):
    excel.cells([["WON_DEALS", ["2025-Q1", "rep", "Ann Lee [u1]"], "Sheet1!B7"]])
    assert excel.do("state")["asked"][-1] == ["Sheet1!B7", "KPI_WON_DEALS", ["2025-Q1", "rep", "Ann Lee [u1]"]]


def test_without_a_token_there_are_no_numbers_and_cells_say_what_to_do(node, server):
    with Excel(node) as excel:
        excel.do("open", url=server.url)
        told = "This workbook has no token yet. Open the KPI pane and enter it."
        assert excel.cell("WIN_RATE", "2025-Q1") == {"error": "#N/A", "message": told}
        assert excel.cell("CAC_CALC", 10_000, 20) == 500  # calculators need none


def test_the_file_keeps_a_random_id_and_the_token_stays_with_the_user(node, server, token):
    with Excel(node) as excel:
        excel.do("open", url=server.url)
        kept = excel.do("enter", token=f" {token}\n")
        [[name, id]] = kept["settings"]
        assert name == "kpicore.workbook" and len(id) == 32 and token not in id
        assert kept["stored"] == [[f"kpicore.token.{id}", token]]
        assert excel.cell("WON_DEALS", 2025) == 7


def test_in_a_workbook_from_1904_dates_are_refused_and_told_and_all_else_works(node, server, token):
    with Excel(node) as excel:
        excel.do("open", url=server.url, token=token, countsFrom1904=True)
        excel.do("recalculated", count=1)
        refused = excel.cell("WON_DEALS", 44_205, "grain", "month")
        assert refused["error"] == "#VALUE!" and refused["message"].startswith("This workbook counts days from 1904")
        assert excel.cell("WON_DEALS", 2025) == excel.cell("WON_DEALS", "2025") == 7
        assert excel.cell("CAC_CALC", 10_000, 20) == 500
        assert excel.cell("ASOF") == 45853.5 - 1462
