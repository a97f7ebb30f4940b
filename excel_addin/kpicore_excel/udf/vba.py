"""The VBA of a workbook: a function for each KPI, and what makes native errors of failures and sends sheets.

Excel calls VBA, VBA calls Python; Python never calls Excel, which may be busy. So VBA takes the values out of ranges,
says which sheet calls, and sends sheets when Python asks for them. Tested in LibreOffice's VBA mode with a stand-in
for Python; never in Excel.
"""

from __future__ import annotations

from collections.abc import Iterable

from kpicore import CellArgument, CellFunction
from kpicore_excel.udf.declared import declared

HEADER = 'Attribute VB_Name = "xlwings_udfs"'
"""The name of the module that xlwings' Import Functions replaces."""

_LONGEST_LINE = 1000

HELPERS = """\
Sub KpiRefresh()
    ' Asks for every KPI again, in all workbooks.
    Dim told As String
    On Error GoTo failed
    told = XLPy.Str(XLPy.Call(XLPy.Module("{module}"), "kpi_refresh", XLPy.Tuple()))
    Application.CalculateFull
    Exit Sub
failed:
    MsgBox KpiLastLine(Err.Description), 48, "KPI"
End Sub

Sub KpiWhy()
    ' Tells what the KPIs in the active cell show, and why one shows an error.
    Dim cell As Object, asked As Object
    On Error GoTo failed
    Set cell = ActiveCell
    KpiSendSheets cell.Worksheet
    Set asked = XLPy.Tuple(KpiPlaceOf(cell.Worksheet), cell.Formula, cell.Row, cell.Column)
    MsgBox XLPy.Str(XLPy.Call(XLPy.Module("{module}"), "kpi_why", asked)), 64, "KPI"
    Exit Sub
failed:
    MsgBox KpiLastLine(Err.Description), 48, "KPI"
End Sub

Private Function KpiCall(ByVal called As String, ByVal first As Variant, ByVal rest As Variant) As Variant
    Dim given() As Variant, found As Variant, home As Object, k As Long, count As Long
    On Error GoTo failed
    Set home = KpiHome()
    count = UBound(first) + 1
    ReDim given(0 To count + UBound(rest) + 1)
    given(0) = KpiPlaceOf(home)
    For k = 0 To UBound(first)
        given(k + 1) = KpiValue(first(k))
    Next k
    For k = 0 To UBound(rest)
        given(count + k + 1) = KpiValue(rest(k))
    Next k
    found = XLPy.CallUDF("{module}", called, given)
    If KpiWantsSheets(found) Then
        On Error Resume Next ' a sheet that cannot be sent costs time, not the answer
        KpiSendSheets home
        On Error GoTo failed
        found = XLPy.CallUDF("{module}", called, given)
    End If
    KpiCall = KpiShown(found)
    Exit Function
failed:
    If called = "KPI_EXPLAIN" Then
        KpiCall = Array("No answer", KpiLastLine(Err.Description))
    Else
        KpiCall = CVErr(2042)
    End If
End Function

Private Function KpiHome() As Object
    ' The sheet of the cell that calls; Nothing when a macro does.
    If TypeName(Application.Caller) = "Range" Then Set KpiHome = Application.Caller.Worksheet
End Function

Private Function KpiPlaceOf(ByVal sheet As Object) As String
    If sheet Is Nothing Then
        KpiPlaceOf = ""
    ElseIf sheet.Parent.Date1904 Then
        KpiPlaceOf = "1904"
    Else
        KpiPlaceOf = "[" & sheet.Parent.Name & "]" & sheet.Name
    End If
End Function

Private Function KpiValue(ByVal given As Variant) As Variant
    If TypeName(given) = "Range" Then
        KpiValue = KpiRange(given)
    Else
        KpiValue = given
    End If
End Function

Private Function KpiRange(ByVal area As Object) As Variant
    ' The values of a range; of a long one only what is used.
    Dim used As Object
    If area.Areas.Count > 1 Then
        KpiRange = Chr$(31) & "areas"
    ElseIf KpiCount(area) <= 10000 Then
        KpiRange = area.Value
    Else
        Set used = Application.Intersect(area, area.Worksheet.UsedRange)
        If used Is Nothing Then
            KpiRange = Empty
        ElseIf KpiCount(used) > 100000 Then
            KpiRange = Chr$(31) & "long"
        Else
            KpiRange = used.Value
        End If
    End If
End Function

Private Function KpiCount(ByVal area As Object) As Double
    KpiCount = CDbl(area.Rows.Count) * area.Columns.Count
End Function

Private Function KpiWantsSheets(ByVal found As Variant) As Boolean
    If VarType(found) = 8 Then KpiWantsSheets = (found = Chr$(31))
End Function

Private Sub KpiSendSheets(ByVal home As Object)
    ' Sends the sheet that calls, then those that Python asks for: each in one piece.
    Dim wanted As String, k As Long
    wanted = home.Name
    For k = 1 To 30
        wanted = KpiSend(home.Parent, wanted, k = 1)
        If wanted = "" Then Exit For
    Next k
End Sub

Private Function KpiSend(ByVal book As Object, ByVal wanted As String, ByVal isHome As Boolean) As String
    Dim sheet As Object, used As Object, given As Object
    On Error Resume Next
    Set sheet = book.Worksheets(wanted)
    On Error GoTo 0
    If Not sheet Is Nothing Then Set used = sheet.UsedRange
    If used Is Nothing Then
        Set given = XLPy.Tuple(isHome, wanted, 1, 1, Empty, Empty)
    ElseIf KpiCount(used) > 400000 Then
        Set given = XLPy.Tuple(isHome, wanted, 1, 1, Empty, Empty)
    Else
        Set given = XLPy.Tuple(isHome, wanted, used.Row, used.Column, used.Formula, used.Value)
    End If
    KpiSend = XLPy.Str(XLPy.Call(XLPy.Module("{module}"), "kpi_sheet", given))
End Function

Private Function KpiShown(ByVal found As Variant) As Variant
    ' The result with native errors; an array of one row has one dimension.
    Dim r As Long, c As Long, columns As Long
    If Not IsArray(found) Then
        KpiShown = KpiCell(found)
        Exit Function
    End If
    columns = -1
    On Error Resume Next
    columns = UBound(found, 2)
    On Error GoTo 0
    For r = LBound(found) To UBound(found)
        If columns < 0 Then
            found(r) = KpiCell(found(r))
        Else
            For c = LBound(found, 2) To columns
                found(r, c) = KpiCell(found(r, c))
            Next c
        End If
    Next r
    KpiShown = found
End Function

Private Function KpiCell(ByVal found As Variant) As Variant
    Dim at As Long
    KpiCell = found
    If VarType(found) <> 8 Then Exit Function
    at = InStr(found, Chr$(31))
    If at = 0 Then Exit Function
    Select Case Left$(found, at - 1)
        Case "#DIV/0!": KpiCell = CVErr(2007)
        Case "#VALUE!": KpiCell = CVErr(2015)
        Case "#REF!": KpiCell = CVErr(2023)
        Case "#NAME?": KpiCell = CVErr(2029)
        Case "#NUM!": KpiCell = CVErr(2036)
        Case "#NULL!": KpiCell = CVErr(2000)
        Case Else: KpiCell = CVErr(2042)
    End Select
End Function

Private Function KpiLastLine(ByVal told As String) As String
    ' Of what Python tells, the error without the way to it.
    Dim lines As Variant, k As Long
    lines = Split(Replace(told, vbCr, vbLf), vbLf)
    KpiLastLine = "Excel cannot reach Python."
    For k = 0 To UBound(lines)
        If Trim$(lines(k)) <> "" Then KpiLastLine = Left$(Trim$(lines(k)), 250)
    Next k
End Function

"""


def vba_module(functions: Iterable[CellFunction], module: str) -> str:
    """Return the file that the VBA editor imports where Import Functions is not allowed."""
    return f"{HEADER}\n{vba_functions(functions, module)}"


def vba_functions(functions: Iterable[CellFunction], module: str) -> str:
    """Return the text of all functions, which ask the Python module of that name."""
    return HELPERS.replace("{module}", module) + "\n".join(_function(function) for function in functions)


def _function(function: CellFunction) -> str:
    arguments = declared(function)
    first = [argument.name for argument in arguments if not argument.repeats]
    rest = next((argument.name for argument in arguments if argument.repeats), "")
    head = f"Function {function.name}({', '.join(map(_argument, arguments))}) As Variant"
    passed = f'"{function.name}", Array({", ".join(first)}), {"given" if rest else "Array()"}'
    body = [f"    {function.name} = KpiCall({passed})"]
    if rest:
        body = ["    Dim given As Variant", f"    given = {rest}", *body]
    return "\n".join(part for line in (head, *body, "End Function", "") for part in _lines(line))


def _argument(argument: CellArgument) -> str:
    return f"ParamArray {argument.name}()" if argument.repeats else argument.name


def _lines(line: str) -> list[str]:
    """Return a line in parts, each as short as VBA takes it."""
    if len(line) <= _LONGEST_LINE:
        return [line]
    at = line.rindex(", ", 0, _LONGEST_LINE - 2) + 1
    return [f"{line[:at]} _", *_lines("   " + line[at:])]
