"""Import Functions: what the real `import_udfs` of xlwings gives Excel for our module, and for others."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kpicore import CellFunction
from kpicore_excel.udf.seam import write_own_wrappers
from kpicore_excel.udf.vba import vba_module
from tests.excel.windows import Excel, windows


class FakeWorkbook:
    """Takes what Import Functions hands to Excel: the VBA of a module, and the help of each function."""

    def __init__(self) -> None:
        self.Name = "kpi.xlsm"
        self.imported = ""
        self.help: dict[str, dict[str, Any]] = {}
        self.Worksheets = ()
        self.VBProject = SimpleNamespace(VBComponents=self)
        self.Application = SimpleNamespace(Version="16.0", MacroOptions=self._options)

    def __call__(self, name: str) -> str:
        return name

    def Remove(self, name: str) -> None: ...

    def Import(self, file: str) -> None:
        self.imported = Path(file).read_text(encoding="utf-8")

    def _options(self, name: str, **options: Any) -> None:
        self.help[name.removeprefix("'kpi.xlsm'!")] = options


@pytest.fixture
def book(opened: Excel, monkeypatch: pytest.MonkeyPatch) -> FakeWorkbook:
    """Give a workbook into which the functions are imported."""
    import xlwings

    opened.call("KPI_ASOF")  # from then on xlwings knows the module, as it does when Excel calculates
    found = FakeWorkbook()
    xlwings.import_udfs("kpi_functions", found)
    return found


def test_our_module_gets_our_vba_word_for_word_as_in_the_file_for_import_by_hand(book, opened):
    functions = opened.server.Module("kpi_functions").obj.kpi_served.functions
    by_hand = vba_module(functions, "kpi_functions")
    head, ours = by_hand.split("\n", 1)
    assert book.imported.startswith(head)
    assert book.imported.endswith(ours)
    assert "Err.Description)" in ours and "= Err.Description\n" not in book.imported


def test_every_function_has_its_help_from_the_definitions(book):
    told = book.help["KPI_WIN_RATE"]
    assert told["Description"] == "Win rate. Share of opportunities that were won."
    assert told["Category"] == "KPI"
    period, pairs = told["ArgumentDescriptions"]
    assert period.startswith('Text such as "2026-Q3"') and pairs.startswith("Pairs of a dimension and its value")
    assert book.help["KPI_CAC_CALC"]["ArgumentDescriptions"] == ["cost.", "new customers."]
    assert book.help["KPI_ASOF"]["ArgumentDescriptions"] is None
    assert set(book.help) == set(re.findall(r"^Function (\w+)", book.imported, re.MULTILINE))


def test_all_that_may_be_left_out_is_one_argument_that_repeats(book):
    assert "Function KPI(kpi_, period, ParamArray pairs()) As Variant" in book.imported
    assert "Function KPI_TABLE(kpis, period, ParamArray grain_and_dimensions()) As Variant" in book.imported
    assert "Function KPI_PERIOD(date_, grain) As Variant" in book.imported  # Date is a word of VBA
    assert "Optional" not in book.imported


def test_no_function_is_volatile(book):
    assert "Volatile" not in book.imported


def test_the_vba_is_plain_ascii_and_its_lines_are_short_enough(book):
    assert book.imported.isascii()
    assert max(map(len, book.imported.splitlines())) < 1023


def test_modules_of_others_keep_the_wrappers_of_xlwings(opened, tmp_path, monkeypatch):
    import xlwings

    opened.call("KPI_ASOF")
    (tmp_path / "theirs.py").write_text("import xlwings as xw\n\n@xw.func\ndef double(x):\n    return 2 * x\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = FakeWorkbook()
    xlwings.import_udfs("theirs;kpi_functions", found)
    assert 'double = XLPy.CallUDF("theirs", "double", Array(x), ThisWorkbook, Application.Caller)' in found.imported
    assert "Function KPI_WIN_RATE(" in found.imported
    sys.modules.pop("theirs")


@pytest.fixture
def xlwings_udfs() -> Iterator[Any]:
    with windows() as found:
        yield found.udfs


def test_the_seam_is_made_once(xlwings_udfs):
    assert write_own_wrappers()
    ours = xlwings_udfs.generate_vba_wrapper
    assert write_own_wrappers()
    assert xlwings_udfs.generate_vba_wrapper is ours


def test_an_xlwings_of_another_shape_is_left_alone(xlwings_udfs, monkeypatch):
    def theirs(module: object, file: object) -> None: ...

    monkeypatch.setattr(xlwings_udfs, "generate_vba_wrapper", theirs)
    assert not write_own_wrappers()
    assert xlwings_udfs.generate_vba_wrapper is theirs


def test_without_excel_there_is_no_seam_to_make():
    assert not write_own_wrappers()


def test_without_the_seam_the_wrappers_of_xlwings_fit_our_functions(opened):
    opened.call("KPI_ASOF")
    module = opened.server.Module("kpi_functions").obj
    served = module.__dict__.pop("kpi_served")
    try:
        found = FakeWorkbook()
        opened.windows.udfs.import_udfs("kpi_functions", found)
    finally:
        module.kpi_served = served
    assert "Function KPI_WIN_RATE(period, ParamArray pairs())" in found.imported
    assert "argsArray = Array(Nothing, period)" in found.imported


def test_a_function_of_a_third_party_needs_nothing_more():
    theirs = CellFunction("KPI_DEMOS_HELD", "kpi", "Demos held.", (), "demos_held")
    assert 'KPI_DEMOS_HELD = KpiCall("KPI_DEMOS_HELD", Array(), Array())' in vba_module([theirs], "their_functions")
