"""The VBA of a workbook, run by LibreOffice in its VBA mode with a stand-in for Python. It was never run in Excel."""

from __future__ import annotations

from pathlib import Path

from kpicore import CellArgument, CellFunction
from kpicore_excel.udf.vba import vba_functions
from tests.excel.basic import shown

STAND_INS = Path(__file__).parent / "vba"
PERIOD, PAIRS = CellArgument("period", "Period."), CellArgument("pairs", "Pairs.", optional=True, repeats=True)
FUNCTIONS = (
    CellFunction("KPI", "general", "Any.", (CellArgument("kpi", "Id."), PERIOD, PAIRS)),
    CellFunction("KPI_ASOF", "general", "Time.", (), gives="date"),
    CellFunction("KPI_CAC_CALC", "calculator", "CAC.", (CellArgument("cost", ""), CellArgument("new", ""))),
    CellFunction("KPI_EXPLAIN", "general", "Why.", (PERIOD, PAIRS), gives="table"),
    CellFunction("KPI_LIST", "general", "All.", (CellArgument("search", "", optional=True),), gives="table"),
    CellFunction("KPI_TABLE", "general", "Table.", (PERIOD, PAIRS), gives="table"),
    CellFunction("KPI_WIN_RATE", "kpi", "Won.", (PERIOD, PAIRS), "win_rate"),
)

INSIDE = """
Function TestBroken() As Variant
    TestBroken = KpiLastLine("Traceback" & vbCrLf & "  File x" & vbCrLf & "No module named 'kpicore'" & vbCrLf)
End Function

Function TestUnknown() As Variant
    TestUnknown = KpiCell("#GETTING_DATA" & Chr$(31))
End Function
"""


def test_the_vba_hands_values_to_python_and_makes_native_errors(program, tmp_path):
    # LibreOffice knows no Application.Caller, and no method of a class of its own that is called Call.
    text = vba_functions(FUNCTIONS, "kpi_functions").replace("XLPy.Call(", "XLPy.Ask(")
    start = text.index("Private Function KpiHome()")
    end = text.index("End Function", start)
    text = text[:start] + "Private Function KpiHome() As Object\nSet KpiHome = TestHome()\n" + text[end:]
    modules = {"xlwings_udfs": f"Option VBASupport 1\n{text}{INSIDE}"}
    modules |= {file.stem: file.read_text(encoding="utf-8") for file in STAND_INS.glob("*.bas")}
    expected = {
        'KPI("win_rate";2026;"rep";[.C1])': "kpi_functions:KPI|[Sales]Sales|win_rate|2026|rep|",
        "KPI_ASOF()": "kpi_functions:KPI_ASOF|[Sales]Sales",
        "KPI_LIST()": "kpi_functions:KPI_LIST|[Sales]Sales",
        'KPI_LIST("win")': "kpi_functions:KPI_LIST|[Sales]Sales|win",
        'KPI("x";[.C1:.D3])': "kpi_functions:KPI|[Sales]Sales|x|3x2",
        "KPI([.C1:.D1];1)": "kpi_functions:KPI|[Sales]Sales|1x2|1",
        "KPI([.C1:.C20000];1)": "kpi_functions:KPI|[Sales]Sales||1",  # nothing of the long range is used
        'KPI_CAC_CALC("DIV/0!";1)': "Error 2007",
        'KPI_CAC_CALC("VALUE!";1)': "Error 2015",
        'KPI_CAC_CALC("REF!";1)': "Error 2023",
        'KPI_CAC_CALC("NAME?";1)': "Error 2029",
        'KPI_CAC_CALC("NUM!";1)': "Error 2036",
        'KPI_CAC_CALC("NULL!";1)': "Error 2000",
        'KPI_CAC_CALC("N/A";1)': "Error 2042",
        "TESTUNKNOWN()": "Error 2042",
        'INDEX(KPI_EXPLAIN("x");1;1)': "No answer",
        'INDEX(KPI_EXPLAIN("x");1;2)': "Error 2042",
        'INDEX(KPI_TABLE("x");1;2)': "0.5",
        'INDEX(KPI_TABLE("x");2;1)': "#1: Ann",
        'INDEX(KPI_TABLE("x");2;2)': "Error 2007",
        "KPI_WIN_RATE(2026)": "0.25",
        "TESTSENT()": "/home Sales 2 3 =KPI(1) 7/Plan 2 3 =KPI(1) 7",
        "TESTBROKEN()": "No module named 'kpicore'",
    }
    rows = shown(program("soffice"), tmp_path, modules, list(expected))
    assert dict(zip(expected, (row[0] for row in rows), strict=True)) == expected
