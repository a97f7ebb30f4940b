"""Finding KPI calls in the formulas of a sheet."""

import ast
import inspect
from datetime import datetime

import pytest

from kpicore import calls_in

CELLS = {
    ("Sales", 1, 1): "2026-Q3",
    ("Sales", 1, 2): 45000.0,
    ("Sales", 2, 1): "Ann Lee",
    ("Sales", 3, 1): "Bo Ek",
    ("Sales", 2, 2): 4.0,
    ("My sheet", 1, 1): 'Dora\'s [x], "y"; (z)',
    ("O'Neil", 1, 1): "2025",
    ("Sales", 5, 5): datetime(2026, 3, 14),
}


def value_at(sheet, row, column):
    if sheet not in {each for each, _, _ in CELLS}:
        raise LookupError(sheet)
    return CELLS.get((sheet, row, column))


def found(*formulas, result_of=None):
    return calls_in([("Sales", 9, 9, formula) for formula in formulas], value_at, result_of)


def arguments(formula):
    [(name, given)] = found(formula)
    assert name == "KPI_WIN_RATE"
    return given


def test_literals_are_values():
    assert arguments('=KPI_WIN_RATE("2026-Q3","rep","Ann Lee")') == ("2026-Q3", "rep", "Ann Lee")
    assert arguments("=KPI_WIN_RATE(2026,1.5,.5,1E+3,2.5e-1)") == (2026.0, 1.5, 0.5, 1000.0, 0.25)
    assert arguments("=KPI_WIN_RATE(TRUE,false,TRUE())") == (True, False, True)
    assert arguments("=KPI_WIN_RATE(5%,-5%,-2,--2,+2)") == (0.05, -0.05, -2.0, 2.0, 2.0)


def test_a_call_without_arguments_has_none_and_one_left_out_is_empty():
    assert found("=KPI_ASOF()") == [("KPI_ASOF", ())]
    assert found('=KPI_TABLE("arr",2026,,"rep")') == [("KPI_TABLE", ("arr", 2026.0, None, "rep"))]
    assert arguments("=KPI_WIN_RATE(2026,)") == (2026.0, None)


def test_quotes_brackets_and_separators_within_text_are_text():
    assert arguments('=KPI_WIN_RATE("say ""hi"", (now); [x]","")') == ('say "hi", (now); [x]', "")


def test_semicolons_separate_as_commas_do():
    assert arguments('=KPI_WIN_RATE($A$1;"rep";$A2)') == ("2026-Q3", "rep", "Ann Lee")


def test_cells_are_read_however_they_are_written():
    assert arguments("=KPI_WIN_RATE(A1,$A1,A$1,$A$1,a1)") == ("2026-Q3",) * 5
    assert arguments("=KPI_WIN_RATE(Sales!$A$1,'My sheet'!A1,'O''Neil'!A1)") == (
        "2026-Q3",
        'Dora\'s [x], "y"; (z)',
        "2025",
    )
    assert arguments("=KPI_WIN_RATE($Sales.$A$1;Sales.A2;$'My sheet'.A1;'O''Neil'.$A1)") == (
        "2026-Q3",
        "Ann Lee",
        'Dora\'s [x], "y"; (z)',
        "2025",
    )
    assert arguments("=KPI_WIN_RATE(E5,Z99,(A2),-B2)") == (datetime(2026, 3, 14), None, "Ann Lee", -4.0)


def test_a_range_is_rows_of_values_and_a_range_of_one_cell_is_that_cell():
    assert arguments("=KPI_WIN_RATE(A1,A2:B3,B3:A2,$A$1:$A$1)") == (
        "2026-Q3",
        (("Ann Lee", 4.0), ("Bo Ek", None)),
        (("Ann Lee", 4.0), ("Bo Ek", None)),
        "2026-Q3",
    )
    assert arguments("=KPI_WIN_RATE(Sales!A1:A2,$Sales.A1:$Sales.A2)") == ((("2026-Q3",), ("Ann Lee",)),) * 2


def test_a_cell_without_a_sheet_is_on_the_sheet_of_the_formula():
    assert calls_in([("O'Neil", 3, 3, "=KPI_WIN_RATE(A1)")], value_at) == [("KPI_WIN_RATE", ("2025",))]


@pytest.mark.parametrize(
    "name",
    [
        "KPI_WIN_RATE",
        "kpi_win_rate",
        "KPI.WIN_RATE",
        "kpi.win_rate",
        "_xlfn.KPI_WIN_RATE",
        "_xlfn._xlws.KPI_WIN_RATE",
        "_xll.KPI_WIN_RATE",
        "_xll.KPI.WIN_RATE",
        "_xldudf_KPI.KPI_WIN_RATE",
        "ORG.EXAMPLE.SHEET.ADDIN.KPI_WIN_RATE",
        "org.example.sheet.addin.kpi_win_rate",
        "ORG.KPI.ADDIN.KPI.WIN_RATE",
        "book.xlsm!KPI_WIN_RATE",
        "'My book.xlsm'!KPI_WIN_RATE",
        "@KPI_WIN_RATE",
    ],
)
def test_the_name_is_the_same_whatever_a_host_puts_before_it(name):
    assert found(f"={name}(2026)") == [("KPI_WIN_RATE", (2026.0,))]


def test_the_function_that_takes_an_id_is_found_in_every_spelling():
    assert found('=KPI("arr",2026)', '=_xll.KPI("arr",2025)', '=org.example.addin.KPI("arr";2024)') == [
        ("KPI", ("arr", 2026.0)),
        ("KPI", ("arr", 2025.0)),
        ("KPI", ("arr", 2024.0)),
    ]


def test_functions_and_names_that_only_look_like_ours_are_left_alone():
    assert found("=KPIX(1)", "=MYKPI_X(1)", "=KPI+1", "=SUM(KPI_X)", "=XKPI(1)", '="KPI_X(1)"', "KPI_X(1)") == []


def test_calls_within_other_formulas_are_found():
    assert found('=IFERROR(ROUND(KPI_WIN_RATE(A1,"rep",A2)*100,1),"-")&KPI_ASOF()') == [
        ("KPI_WIN_RATE", ("2026-Q3", "rep", "Ann Lee")),
        ("KPI_ASOF", ()),
    ]
    assert found("{=KPI_WIN_RATE(A1)}") == [("KPI_WIN_RATE", ("2026-Q3",))]
    assert found('=IF(A1>1,\n  KPI_WIN_RATE( A1 , "rep" ) )') == [("KPI_WIN_RATE", ("2026-Q3", "rep"))]


def test_a_call_within_a_call_is_found_and_the_outer_one_when_its_result_is_known():
    formula = '=KPI_WIN_RATE(KPI_PERIOD(B1,"month"),"rep",A2)'
    inner = ("KPI_PERIOD", (45000.0, "month"))
    assert found(formula) == [inner]
    results = {inner: "2023-03"}
    assert found(formula, result_of=lambda *call: results[call]) == [
        inner,
        ("KPI_WIN_RATE", ("2023-03", "rep", "Ann Lee")),
    ]


def test_a_call_is_given_once_and_true_is_not_one():
    assert found("=KPI_WIN_RATE(A1)+KPI_WIN_RATE(A1)", "=kpi.win_rate($A$1)") == [("KPI_WIN_RATE", ("2026-Q3",))]
    assert found("=KPI_WIN_RATE(TRUE)+KPI_WIN_RATE(1)") == [("KPI_WIN_RATE", (True,)), ("KPI_WIN_RATE", (1.0,))]


@pytest.mark.parametrize(
    "argument",
    [
        "Period",  # a defined name
        "Rates[Rep]",
        "[@Rep]",
        'Rates[[#This Row],[Rep, or "name"]]',
        "A:A",
        "$A:$B",
        "1:3",
        "A1:A1048576",
        "A1:A1048577",
        "XFE1",
        "A1#",
        "A1:A2:A3",
        "A1:B2 B1:C2",
        "(A1,A2)",
        "{1,2;3,4}",
        '{"a)","b"}',
        "#N/A",
        "#DIV/0!",
        "Sales!#REF!",
        "1/2",
        'A1&"x"',
        "1-1",
        "-A1",
        "-TRUE",
        "1E400",
        'TEXT(A1,"yyyy")',
        'INDIRECT("A1")',
        "[1]Sales!A1",
        "'[b.xlsx]Sales'!A1",
        "'C:\\x, y\\[b.xlsx]Sales'!A1",
        "'file:///C:/b (1), c.ods'#$Sales.A1",
        "Sales:Plan!A1",
        "Sales!A1:Plan!A2",
        "Gone!A1",
        "@A1:A3",
        "LET(x,1,x)",
        "?",
    ],
)
def test_a_call_with_an_argument_that_only_the_spreadsheet_knows_is_left_out_and_the_next_one_found(argument):
    assert found(f"=KPI_WIN_RATE({argument},A1)+KPI_WIN_RATE(A2)") == [("KPI_WIN_RATE", ("Ann Lee",))]


def test_long_ranges_are_read_up_to_a_limit_for_each_and_for_all():
    assert len(arguments("=KPI_WIN_RATE(A1:A1000)")[0]) == 1000
    assert found("=KPI_WIN_RATE(A1:A1001)") == []
    read = 0

    def counted(sheet, row, column):
        nonlocal read
        read += 1
        return row

    sliding = [("Sales", each, 2, f"=KPI_WIN_RATE(A{each}:A{each + 999})") for each in range(1, 1001)]
    assert len(calls_in(sliding, counted)) == 200
    assert read == 200_000
    read = 0
    shared = [("Sales", each, 2, f"=KPI_WIN_RATE({each},$A$1:$A$1000)") for each in range(1, 1001)]
    assert len(calls_in(shared, counted)) == 1000
    assert read == 1000


@pytest.mark.parametrize(
    "formula",
    [
        "=",
        "=KPI_X(",
        "=KPI_X(1))",
        "=)KPI_X(1",
        '=KPI_X("1',
        "=KPI_X('1",
        "=KPI_X(1,{",
        "=" + "(" * 5000 + "KPI_X(1",
        "",
    ],
)
def test_broken_formulas_raise_nothing(formula):
    assert found(formula) in ([], [("KPI_X", (1.0,))])


@pytest.mark.parametrize("size", [10, 1000, 20_000])
@pytest.mark.parametrize(
    "hostile", ['""', '{""', '{"";', "{", ".1", "1.1.", "1E1.", "11", "['", "[[a]", "[[a", "''", "'a", "a!", "$A", "a."]
)
def test_a_hostile_formula_is_read_once_and_the_ones_after_it_too(hostile, size):
    # each pair of quotes doubled the time once; with thousands of them the test would never end
    for start in ("", "{", "{=", '"', "[", "'"):
        assert found(f"={start}KPI{hostile * size}", "=KPI_X(1)")[-1:] == [("KPI_X", (1.0,))]


def test_the_module_runs_where_libreoffice_brings_an_old_python():
    tree = ast.parse(inspect.getsource(inspect.getmodule(calls_in)), feature_version=(3, 8))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"__future__", "collections.abc", "math", "re", "typing"}
