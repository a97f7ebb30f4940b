"""`kpi excel udf`: the workbook, its Python module and its VBA."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from kpicore import Config, write_config
from kpicore_excel.command import excel
from kpicore_excel.udf.udf_files import module_name, module_text


def run(*arguments: object) -> str:
    result = CliRunner().invoke(excel, ["udf", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        return str(result.exception)
    return result.output


@pytest.fixture(scope="module")
def written(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the workbook that the command wrote."""
    file = tmp_path_factory.mktemp("Sales files") / "Sales 2025.xlsm"
    shown = run("--out", file, "-w", tiny_folder)
    assert f"Wrote {file}" in shown
    assert "sales_2025_functions.bas with 240 functions" in shown
    return file


def test_the_vba_project_is_that_of_xlwings_byte_for_byte(written):
    spec = importlib.util.find_spec("xlwings")
    assert spec and spec.origin
    with zipfile.ZipFile(Path(spec.origin).parent / "quickstart.xlsm") as theirs, zipfile.ZipFile(written) as ours:
        assert ours.read("xl/vbaProject.bin") == theirs.read("xl/vbaProject.bin")
        assert b"macroEnabled" in ours.read("[Content_Types].xml")
        names = {each: ours.read(f"xl/worksheets/sheet{each}.xml") for each in (1, 2)}
    assert b'codeName="Sheet1"' in names[1] and b'codeName="Sheet2"' in names[2]


def test_the_configuration_sheet_leads_xlwings_to_the_module(written):
    book = load_workbook(BytesIO(written.read_bytes()), keep_vba=True)
    assert {row[0].value: row[1].value for row in book["xlwings.conf"].iter_rows()} == {
        "Interpreter_Win": "pythonw",
        "PYTHONPATH": str(written.parent),
        "UDF Modules": "sales_2025_functions",
        "Debug UDFs": False,
        "Use UDF Server": False,
        "Show Console": False,
    }


def test_the_first_sheet_holds_formulas_with_the_values_they_have_now(written):
    formulas = load_workbook(BytesIO(written.read_bytes()), keep_vba=True)["KPI"]
    values = load_workbook(BytesIO(written.read_bytes()), data_only=True)["KPI"]
    assert [formulas.cell(4, column).value for column in (3, 4, 5)] == ["2025-07", "2025-Q3", "2025"]
    rows = {formulas.cell(row, 1).value: row for row in range(5, 17)}
    row = rows["win_rate"]
    assert formulas.cell(row, 5).value == f"=KPI($A{row},E$4)"
    assert values.cell(row, 5).value == 0.7
    assert values.cell(row, 3).value == "#DIV/0!"  # no deal was closed in July
    assert values["B2"].value.isoformat(timespec="minutes") == "2025-07-15T12:00"
    assert formulas["B2"].value == "=KPI_ASOF()"


def test_the_module_names_the_workspace_and_nothing_else(written, tiny_folder):
    text = (written.parent / "sales_2025_functions.py").read_text()
    assert f"WORKSPACE = {str(tiny_folder)!r}" in text
    assert "serve(WORKSPACE, globals())" in text


def test_a_folder_with_quotes_stays_a_text():
    compile(module_text(Path('C:\\it\'s "here"\\{x}'), Path('a"b\\.xlsm')), "module", "exec")


@pytest.mark.parametrize(
    ("workbook", "module"),
    [("kpi.xlsm", "kpi_functions"), ("Übersicht 2025.xlsm", "bersicht_2025_functions"), ("1.xlsm", "kpi_1_functions")],
)
def test_the_module_is_named_after_the_workbook(workbook, module):
    assert module_name(Path(workbook)) == module


def test_a_workbook_that_is_there_is_kept(written, tiny_folder):
    before = written.read_bytes()
    (written.parent / "sales_2025_functions.bas").unlink()
    assert f"Kept {written}" in run("--out", written, "-w", tiny_folder)
    assert written.read_bytes() == before
    assert (written.parent / "sales_2025_functions.bas").exists()


def test_other_kinds_of_file_and_paths_that_xlwings_cuts_are_refused(tiny_folder, tmp_path):
    assert "Excel keeps macros in .xlsm only." in run("--out", tmp_path / "kpi.xlsx", "-w", tiny_folder)
    (tmp_path / "a;b").mkdir()
    assert "Choose another folder." in run("--out", tmp_path / "a;b" / "kpi.xlsm", "-w", tiny_folder)
    assert "pip install 'kpicore[excel]'" not in run("--out", tmp_path / "kpi.xlsx", "-w", tiny_folder)


def test_without_xlwings_the_command_says_how_to_get_it(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("kpicore_excel.udf.macro_workbook.find_spec", lambda name: None)
    assert "Run: pip install 'kpicore[excel]'" in run("--out", tmp_path / "kpi.xlsm", "-w", tiny_folder)
    assert not list(tmp_path.iterdir())


def test_a_workspace_without_data_is_refused_and_nothing_is_written(tmp_path):
    write_config(Config(tmp_path / "new", "New"))
    shown = run("--out", tmp_path / "kpi.xlsm", "-w", tmp_path / "new")
    assert "there is no warehouse yet. Load data: kpi import FILE, or try kpi demo." in shown
    assert not list(tmp_path.glob("kpi*"))


@pytest.fixture
def olevba(program: Callable[[str], str]) -> Callable[[Path], dict[str, Any]]:
    """Give a function that returns what olevba finds in a file."""

    def found(file: Path) -> dict[str, Any]:
        shown = subprocess.run([program("olevba"), "--json", str(file)], capture_output=True, text=True, check=True)
        [told] = [load for load in json.loads(shown.stdout) if load.get("file")]
        return dict(told)

    return found


def kinds(found: dict[str, Any], kind: str) -> set[str]:
    return {each["keyword"] for each in found["analysis"] or () if each["type"] == kind}


def test_olevba_finds_the_modules_of_xlwings_in_the_workbook_and_nothing_that_runs_by_itself(olevba, written):
    found = olevba(written)
    names = {macro["vba_filename"] for macro in found["macros"]}
    assert names == {"ThisWorkbook.cls", "Sheet1.cls", "Sheet2.cls", "Module1.bas"}
    assert kinds(found, "AutoExec") == kinds(found, "IOC") == set()


def test_olevba_finds_nothing_in_the_functions_that_runs_by_itself_or_reaches_for_files(olevba, written):
    found = olevba(written.with_name("sales_2025_functions.bas"))
    assert kinds(found, "AutoExec") == kinds(found, "IOC") == set()
    # XLPy.Call asks Python, Chr$(31) parts an error from its message, and long names look like Base64.
    assert kinds(found, "Suspicious") == {"Call", "Chr", "Base64 Strings"}
