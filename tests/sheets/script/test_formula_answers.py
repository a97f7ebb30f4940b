"""The answers to the formulas of a spreadsheet, as the sync fills them: all of today's definitions, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import KpiError
from kpicore.testing import WAREHOUSE_FILE
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.formula_answers import formula_answers
from kpicore_sheets.table import FormulaContent, SheetTable
from tests.promises.outdated import CASES, edit, folder, loaded
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, emulated, run

__all__ = ["folder", "loaded"]
TABLE = SheetTable("answers", ID, FormulaContent(), "_kpi")
POINTS = CASES[0]
KEY = '["KPI",["points","2025"]]'


@pytest.fixture
def google() -> Emulator:
    """Give a spreadsheet with one KPI."""
    emulator = emulated()
    emulator.user(ID).type("KPIs", "A1", '=KPI("points";"2025";KPI_STAMP)')
    return emulator


def answered(folder: Path, google: Emulator) -> Filled:
    return formula_answers(folder, DirectSpreadsheets(google), TABLE)


def results(content: Filled) -> dict[object, object]:
    return {row.values[0]: row.values[1] for row in content.grid.rows[1:]}


def test_outdated_tables_are_made_anew_before_they_are_asked(folder, google):
    assert results(answered(folder, google)) == {KEY: "2200.0"}
    edit(folder, POINTS.file, POINTS.old, POINTS.new)
    assert results(answered(folder, google)) == {KEY: "3300.0"}


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda file: file.unlink(), "there is no warehouse yet"),
        (lambda file: file.write_bytes(b"x" * 5_000), "it is not a warehouse file"),
    ],
)
def test_data_that_cannot_be_read_is_told_and_is_no_answer_of_any_cell(folder, google, spoil, line):
    spoil(folder / WAREHOUSE_FILE)
    with pytest.raises(KpiError, match=line):
        answered(folder, google)


def test_what_a_number_is_called_in_an_error_is_what_the_cell_shows(folder, google):
    google.user(ID).type("KPIs", "A1", '=KPI("points";5)')
    [result] = results(answered(folder, google)).values()
    assert "period '5': is neither a year" in str(result)


def test_what_is_for_who_runs_it_stands_in_the_log_and_in_no_cell(folder, google, caplog):
    edit(folder, "metrics/own.toml", 'formula = "it * setting.points"', 'formula = "it * setting.no_such"')
    google.user(ID).type("KPIs", "A1", '=KPI("point_price";"2025")')
    [result] = results(answered(folder, google)).values()
    assert '"#NAME?"' in str(result) and "no_such" not in str(result)
    assert "no setting named 'setting.no_such'" in caplog.text


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (lambda user: user.rename_tab("_kpi", "Mine"), r"is called 'Mine', .* Rename it to _kpi"),
        (lambda user: user.insert_rows("_kpi", 1), r"moved away from A1, .* Delete the rows and columns before"),
        (lambda user: user.insert_columns("_kpi", 1), r"moved away from A1"),
        (lambda user: user.cut_paste("_kpi", "B1", "C9", "KPIs"), r"KPI_STAMP is the name of a cell on 'KPIs'"),
    ],
)
def test_answers_that_no_formula_would_find_or_follow_are_refused(folder, google, act, line):
    run(google, (TABLE, answered(folder, google)))
    act(google.user(ID))
    with pytest.raises(KpiError, match=line):
        answered(folder, google)
