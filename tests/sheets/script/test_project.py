"""The files of an Apps Script project, and what they share with Excel's."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from kpicore import JAVASCRIPT_RUNTIME, CellArgument, CellCalculator, CellFunction, PageContext, cells_javascript
from kpicore.testing import run_kpi
from kpicore_excel.office.script import functions_js
from kpicore_sheets.script.code import PARTS, code_js
from tests.sheets.script.google import SERVER, Spreadsheet

SHARED = [
    files("kpicore.spreadsheet").joinpath("files", name).read_text("utf-8")
    for name in ("values.js", "results.js", "calculators.js")
]


def test_excel_and_sheets_run_the_same_bytes_where_they_need_the_same(cells, project):
    context = PageContext("Tiny", SERVER, cells.functions(), cells.calculators())
    excel, sheets = functions_js(context).decode(), project["Code.js"]
    printed = cells_javascript({}, {}, cells.calculators())
    calculators = printed[printed.index("const CALCULATORS") : printed.index("// Values between")]
    for shared in (*SHARED, JAVASCRIPT_RUNTIME, calculators):
        assert len(shared) > 500
        assert excel.count(shared) == sheets.count(shared) == 1


def test_the_manifest_asks_for_no_more_than_this_spreadsheet_this_server_and_a_pane(project):
    manifest = json.loads(project["appsscript.json"])
    assert [scope.rpartition("/")[2] for scope in manifest["oauthScopes"]] == [
        "spreadsheets.currentonly",
        "script.external_request",
        "script.container.ui",
    ]
    assert manifest["urlFetchWhitelist"] == [f"{SERVER}/"]
    assert (manifest["runtimeVersion"], manifest["timeZone"]) == ("V8", "UTC")


def test_each_function_has_the_help_that_sheets_shows(project):
    told = project["Code.js"].partition("function KPI_WIN_RATE(")[0].rpartition("/**")[2]
    assert told.splitlines()[1] == " * Win rate. Share of opportunities that were won."
    assert re.search(r"@param \{\*\} period Text such as ", told)
    assert re.search(r"@param \{\*\} pairs Optional\. Any number of: Pairs of a dimension and its value", told)
    assert told.splitlines()[-2:] == [" * @customfunction", " */"]


def test_no_text_of_a_definition_ends_its_comment_or_becomes_code(program):
    evil = "x */ throw 1 // @customfunction\n * @OnlyCurrentDoc </script>\u2028"
    arguments = (CellArgument("class", evil), CellArgument("arguments", evil), CellArgument("a b", evil))
    functions = [
        CellFunction("KPI_EVIL", "kpi", evil, arguments, metric="evil"),
        CellFunction("KPI_HIDDEN_", "kpi", "Private.", ()),
        CellFunction("kpi-odd", "kpi", "No name.", ()),
    ]
    code = code_js("", functions, [CellCalculator(evil, evil, fold="total")])
    assert "function KPI_EVIL(value1, value2, value3) {" in code
    assert "@OnlyCurrentDoc" not in code.partition("const kpicore_")[0]
    with Spreadsheet(program("node"), code, lambda _: (200, "{}")) as sheet:
        assert [name for name in sheet.functions if "KPI" in name] == ["KPI_EVIL"]


def test_nothing_of_the_script_but_the_functions_can_be_called_from_a_cell(project):
    declared = re.findall(
        r"^(?:function|const|let|var|class) (\w+)", project["Code.js"].partition("const kpicore_")[0], re.M
    )
    assert all(name.startswith(("KPI", "kpi", "onOpen")) for name in declared)
    assert re.findall(r"^const \w+ = \(function", project["Code.js"], re.M) == ["const kpicore_ = (function"]


def test_the_parts_need_nothing_that_google_may_not_have_and_write_no_markup(project):
    own = {name: files("kpicore_sheets.script").joinpath("files", name).read_text("utf-8") for name in PARTS}
    assert sum(map(len, own.values())) < 40_000
    for name, text in own.items():
        for newer in (
            "import ",
            "await ",
            "innerHTML",
            "eval(",
            "?.",
            "replaceAll",
            "Object.hasOwn",
            ".at(",
            "structuredClone",
        ):
            assert newer not in text, name


def test_kpi_sheets_script_writes_the_project(cells, tmp_path):
    options = ["--out", str(tmp_path / "project"), "--server", f"{SERVER}/", "-w", str(cells.folder)]
    ran = run_kpi("sheets", "script", *options)
    assert ran.exit_code == 0, ran.stderr
    written = {file.name: file.read_text("utf-8") for file in (tmp_path / "project").iterdir()}
    assert set(written) == {"appsscript.json", "Code.js", ".claspignore", "README.md"}
    assert f'const SETTINGS = {{"server": "{SERVER}"}};' in written["Code.js"]
    assert SERVER in written["README.md"] and "{" not in written["README.md"]
    assert "README.md has the steps" in ran.stderr


def test_without_a_server_nothing_is_asked_of_anybody(cells, tmp_path):
    assert run_kpi("sheets", "script", "--out", str(tmp_path), "-w", str(cells.folder)).exit_code == 0
    assert "urlFetchWhitelist" not in json.loads((tmp_path / "appsscript.json").read_text("utf-8"))
    steps = (tmp_path / "README.md").read_text("utf-8")
    assert "Token" not in steps and "formulas = true" in steps and "{" not in steps


@pytest.mark.parametrize(
    "address",
    [
        "http://kpi.example.com",
        "kpi.example.com",
        "https://",
        "https://a:b@x",
        "https://x/?a=1",
        'https://x"',
        "https://x:0",
    ],
)
def test_an_address_that_a_token_should_not_go_to_is_refused(cells, tmp_path, address):
    ran = run_kpi("sheets", "script", "--out", str(tmp_path / "p"), "--server", address, "-w", str(cells.folder))
    assert ran.exit_code == 1 and "is no address for Google to ask. Write it as https://" in ran.stderr
    assert not (tmp_path / "p").exists()
