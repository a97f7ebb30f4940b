"""KPI functions in the real LibreOffice Calc, headless: what cells show, and what is asked for it."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from openpyxl import Workbook

from tests.excel.calc import PYTHON_UNO, Calc, shown_in_cells
from tests.excel.libreoffice.conftest import pause

LONG = "x" * 300


def got(company, kpi, period, *cuts):
    """Return what `kpi get` prints."""
    where = [word for cut in cuts for word in ("--where", cut)]
    command = [company.kpi, "get", kpi, "--period", period, "--json", "-w", company.folder, *where]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[0]["value"]


@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_formulas_in_a_file_show_what_kpi_get_prints(calc, company, tmp_path, ending):
    calc.enter({"A1": "'2025-Q1", "A2": "'channel", "A3": "'phone"})
    formulas = {
        "B1": '=KPI_WIN_RATE(A1)', "B2": "=KPI_WON_DEALS($A$1;A2;A3)", "B3": '=KPI("total_sales";2025)',
        "B4": "=KPI_OUR_WON(A1)", "B5": "=KPI_ACME_LOST(A1)", "B6": '=IF(A3="phone";KPI_WIN_RATE(A1;A2;A3)*100;0)',
        "B7": "=KPI_MQL(A1)", "B8": "=KPI_WIN_RATE(A1;A2;A3)",
    }  # fmt: skip
    calc.enter(formulas)
    file = tmp_path / f"cells.{ending}"
    calc.do("save", file.as_uri())
    calc.do("open", file.as_uri())
    pause()
    calc.do("recalculate")
    shown = [row[0] for row in calc.cells("B1:B8")]
    phone = got(company, "win_rate", "2025-Q1", "channel=phone")
    asked = [
        got(company, "win_rate", "2025-Q1"), got(company, "won_deals", "2025-Q1", "channel=phone"),
        got(company, "total_sales", "2025"), got(company, "our_won", "2025-Q1"), got(company, "acme_lost", "2025-Q1"),
        phone * 100, got(company, "mql_count", "2025-Q1"), phone,
    ]  # fmt: skip
    assert shown == pytest.approx(asked, rel=1e-12)
    assert shown[:5] == pytest.approx([4 / 6, 2, 2220, 40, 100], rel=1e-12)


def test_a_workbook_from_excel_finds_the_functions_under_the_names_that_excel_writes(calc, tmp_path):
    book = Workbook()
    formulas = ('=KPI_WON_DEALS("2025-Q1")', '=KPI.WON_DEALS("2025-Q1")', '=_xldudf_KPI_WON_DEALS("2025-Q1")',
                '=IF(TRUE,KPI("won_deals","2025-Q1"),"KPI(1)")', '=KPI_GONE("2025-Q1")')  # fmt: skip
    for row, formula in enumerate(formulas, 1):
        book.active.cell(row, 1, formula)
    book.save(tmp_path / "excel.xlsx")
    calc.do("open", (tmp_path / "excel.xlsx").as_uri())
    assert calc.cells("A1:A5") == [[4.0], [4.0], [4.0], [4.0], ["#NAME?"]]
    assert calc.do("formulas", 0, "A4:A4") == [['=IF(TRUE();KPI.KPI("won_deals";"2025-Q1");"KPI(1)")']]


def test_errors_are_those_of_the_spreadsheet(calc):
    calc.enter({"A1": "=1/0", "A2": 1})
    assert calc.shown('=KPI_WIN_RATE("2025-01-01")') == "#DIV/0!"
    assert calc.shown('=KPI_WON_DEALS("2031")') == "#N/A"
    assert calc.shown('=KPI_WON_DEALS("01/02/2025")') == "#VALUE!"
    assert calc.shown('=KPI("no_such_kpi";2025)') == "#NAME?"
    assert calc.shown("=KPI_CAC_CALC(10000;0)") == "#DIV/0!"
    assert calc.shown("=KPI_WON_DEALS(A1)") == "#DIV/0!"
    assert calc.shown('=IFERROR(KPI_WIN_RATE("2025-01-01");"none")') == "none"
    assert calc.shown('=KPI_WON_DEALS(2025;"channel";A1:A2)') == "Err:504"  # LibreOffice hands no errors over


@pytest.mark.parametrize(
    ("name", "arguments", "shows"),
    [
        ("KPI_WON_DEALS", [2025], 7),
        ("KPI_WON_DEALS", [45682], 1),  # 2025-01-25
        ("KPI_WON_DEALS", [45682.75, "grain", "quarter"], 4),
        ("KPI_WON_DEALS", ["2025-Q1", "channel", (("phone",), ("web",), (None,))], 4),
        ("KPI_WON_DEALS", ["2025-Q1", "channel", None], "#VALUE!"),
        ("KPI_WON_DEALS", ["2025-Q1", "channel"], "#VALUE!"),
        ("KPI_WON_DEALS", [None], "#VALUE!"),
        ("KPI_WON_DEALS", ["2025-Q1", "channel", "phnoe"], "#VALUE!"),
        ("KPI_WON_DEALS", ["2025-Q1", "customer", "=1+1"], "#VALUE!"),
        ("KPI_WON_DEALS", ["=1+1"], "#VALUE!"),
        ("KPI_WON_DEALS", [LONG], "#VALUE!"),
        ("KPI_WON_DEALS", ["2025-Q1", "channel", LONG], "#VALUE!"),
        ("KPI_WON_DEALS", ["2025-Q1", "channel", "'; drop table x --"], "#VALUE!"),
        ("KPI_PERIOD", [45682, "month"], "2025-01"),
        ("KPI_CAC_CALC", [10000, 20], 500),
        ("KPI_CAC_CALC", [((4000, None), (6000, ""))  , 20], 500),
        ("KPI_CAC_CALC", [None, 20], "#VALUE!"),
        ("KPI_CAC_CALC", [0, 20], 0),
    ],
)  # fmt: skip
def test_arguments_mean_what_they_mean_everywhere(calc, name, arguments, shows):
    assert shown_in_cells(calc, [(name, arguments)]) == [shows]


def test_an_empty_cell_is_told_from_a_zero_again_after_the_cell_was_filled(calc):
    calc.enter({"A1": None, "B1": "=KPI_CAC_CALC(A1;20)"})
    assert calc.value("B1") == "#VALUE!"
    pause()
    calc.enter({"A1": 0})
    assert calc.value("B1") == 0
    pause()
    calc.enter({"A1": None})
    assert calc.value("B1") == "#VALUE!"


def test_tables_fill_an_area_and_explain_tells_why_there_is_no_answer(calc):
    calc.enter({"A1:C4": '{=KPI_TABLE("won_deals";"2025-H1";"quarter";"channel")}'})
    assert calc.cells("A1:C4") == [
        ["period", "channel", "won_deals"], ["2025-Q1", "phone", 2.0], ["2025-Q1", "web", 2.0],
        ["2025-Q2", "phone", 1.0],
    ]  # fmt: skip
    calc.enter({"E1:F1": '{=KPI_EXPLAIN("won_deals";"2025-Q1";"chanel";"web")}'})
    [[title, why]] = calc.cells("E1:F1")
    assert title == "No answer" and "Did you mean 'channel'?" in why
    assert calc.shown('=KPI_TABLE("no_such_kpi";2025)') == "#NAME?"
    assert calc.shown("=KPI_ASOF()") == 45853.5  # 2025-07-15 12:00


def test_a_sheet_is_asked_at_once_not_cell_by_cell(calc, company):
    periods = [f"2025-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 29)]
    calc.enter({f"A{row}": f"'{each}" for row, each in enumerate(periods, 2)})
    calc.enter({"B1": "'phone", "C1": "'web", "D1": '=LOWER("PHONE")'})
    pause()
    company.asked()
    letters = "BCD"
    calc.do("fill", 0, "B2:D85", [
        [f'=1*KPI_WON_DEALS($A{row};"channel";{letter}$1)' for letter in letters] for row in range(2, 86)
    ])  # fmt: skip
    calc.do("recalculate")
    shown = calc.cells("B2:D85")
    assert [sum(row[at] for row in shown) for at in range(3)] == [2, 1, 2]
    # Empty requests ask whether the data is new. How many there are depends on the machine: after a pause of its own
    # LibreOffice takes what follows for another recalculation. test_answers counts them by a clock that is given.
    requests = [each for each in company.asked() if each]
    assert max(map(len, requests)) > 100
    assert len({str(each) for request in requests for each in request}) == 168  # D is B again


def test_calls_inside_calls_are_asked_at_once_too(calc, company):
    calc.enter({f"A{row}": 45658 + row for row in range(1, 61)})
    pause()
    company.asked()
    calc.do("fill", 0, "B1:B60", [[f'=KPI_WON_DEALS(KPI_PERIOD(A{row};"day"))'] for row in range(1, 61)])
    calc.do("recalculate")
    assert sum(row[0] for row in calc.cells("B1:B60")) == 2
    assert max(len(each) for each in company.asked()) > 50


def test_a_cell_that_depends_on_another_of_our_cells_is_not_calculated_ahead_of_its_turn(calc):
    calc.enter({"A1": '=KPI_PERIOD(45682;"month")', "A2": "=A1", "A3": '=A2&""', "A4": '=INDIRECT("A1")'})
    calc.do("fill", 0, "B1:B4", [[f"=KPI_WON_DEALS(A{row})"] for row in range(1, 5)])
    calc.do("recalculate")
    assert calc.cells("B1:B4") == [[1.0]] * 4


def test_an_engine_that_was_killed_is_started_again_unseen(calc, company):
    assert calc.shown('=KPI_WON_DEALS("2025-Q1")') == 4
    company.kill()
    assert calc.shown('=KPI_WON_DEALS("2025-Q2")') == 3


def test_without_an_engine_every_cell_shows_an_error_and_it_recovers(calc, company):
    calc.do("fill", 0, "A1:A9", [[f'=KPI_WON_DEALS("2025-Q1";"channel";B{row})'] for row in range(1, 10)])
    calc.enter({f"B{row}": "'web" for row in range(1, 10)})
    away = company.kpi.rename(company.kpi.with_name("away"))
    company.kill()
    pause()
    calc.do("recalculate")
    assert calc.cells("A1:A9") == [["#N/A"]] * 9
    calc.enter({"D1:E1": '{=KPI_EXPLAIN("won_deals";2025)}'})
    [[_, why]] = calc.cells("D1:E1")
    assert why == f"{company.kpi} cannot be started (No such file or directory). Build the extension again."
    away.rename(company.kpi)
    pause()
    calc.do("recalculate")
    assert calc.cells("A1:A9") == [[2.0]] * 9


def test_a_broken_workspace_is_an_error_and_mended_an_answer(calc, company):
    calc.enter({"A1": '=KPI_WON_DEALS("2025-Q1")'})
    config = company.folder / "kpi.toml"
    good = config.read_text()
    config.write_text("[workspace\n")
    pause()
    calc.do("recalculate")
    assert calc.value("A1") == "#N/A"
    config.write_text(good)
    pause()
    calc.do("recalculate")
    assert calc.value("A1") == 4


def test_a_definition_that_changes_is_seen_at_the_next_recalculation(calc, company):
    calc.enter({"A1": '=KPI_OUR_WON("2025-Q1")'})
    assert calc.value("A1") == 40
    own = company.folder / "metrics" / "own.toml"
    good = own.read_text()
    own.write_text(good.replace("won * 10", "won * 100"))
    pause()
    calc.do("recalculate")
    assert calc.value("A1") == 400
    own.write_text("")
    pause()
    calc.do("recalculate")
    assert calc.value("A1") == "#NAME?"
    own.write_text(good)


def test_a_document_that_counts_days_from_another_day_is_refused(calc):
    calc.do("counts_from", 1904, 1, 1)
    assert calc.shown("=KPI_WON_DEALS(45682)") == "#VALUE!"
    assert calc.shown("=KPI_WON_DEALS(2025)") == 7
    assert calc.shown("=KPI_CAC_CALC(10000;20)") == 500


def test_the_function_wizard_shows_names_and_help(calc):
    told = calc.do("described", "KPI_WIN_RATE")
    assert told["help"].startswith("Win rate.")
    assert [name for name, _ in told["arguments"]] == ["period", "pairs"]
    assert "2026-Q3" in told["arguments"][0][1]


def test_a_whole_column_is_a_range(calc):
    calc.enter({"A1": "'phone", "A2": "'web"})
    assert calc.shown('=KPI_WON_DEALS("2025-Q1";"channel";A1:A1048576)') == 4


def test_another_workspace_is_named_in_the_environment(program, extension, company, tmp_path):
    shutil.copytree(company.folder, tmp_path / "other")
    own = tmp_path / "other" / "metrics" / "own.toml"
    own.write_text(own.read_text().replace("won * 10", "won * 1000"))
    program(PYTHON_UNO)
    named = {"KPI_WORKSPACE": str(tmp_path / "other")}
    with Calc(program("soffice"), tmp_path / "office", extension, named) as calc:
        calc.do("new")
        assert calc.shown('=KPI_OUR_WON("2025-Q1")') == 4000
