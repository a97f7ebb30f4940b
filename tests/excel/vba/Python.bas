Option VBASupport 1
Option ClassModule
Option Compatible
' What xlwings' XLPy gives: here the calls themselves, errors, an array, a wish for sheets.

Public Function CallUDF(ByVal asked, ByVal called, given) As Variant
    Dim k As Long, told As String, grid(0 To 1, 0 To 1) As Variant
    told = asked & ":" & called
    For k = LBound(given) To UBound(given)
        If IsArray(given(k)) Then
            told = told & "|" & UBound(given(k)) & "x" & UBound(given(k), 2)
        Else
            told = told & "|" & given(k)
        End If
    Next k
    CallUDF = told
    If called = "KPI_CAC_CALC" Then CallUDF = "#" & given(1) & Chr$(31) & "why"
    If called = "KPI_EXPLAIN" Then CallUDF = Array("No answer", "#N/A" & Chr$(31) & "why")
    If called = "KPI_WIN_RATE" Then
        CallUDF = Chr$(31)
        If InStr(Sent, "Plan") > 0 Then CallUDF = 0.25
    End If
    If called = "KPI_TABLE" Then
        grid(0, 0) = "rep"
        grid(0, 1) = 0.5
        grid(1, 0) = "#1: Ann"
        grid(1, 1) = "#DIV/0!" & Chr$(31) & "why"
        CallUDF = grid
    End If
End Function

Public Function Module(ByVal asked) As Variant
    Module = asked
End Function

Public Function Tuple(ByVal isHome, ByVal wanted, ByVal top, ByVal left, ByVal formulas, ByVal values) As Object
    Sent = Sent & "/" & IIf(isHome, "home ", "") & wanted & " " & top & " " & left & " " & formulas & " " & values
    Set Tuple = New Fake
End Function

Public Function Ask(ByVal asked, ByVal called, ByVal given) As Variant
    ' After the sheet that calls, one more is wanted.
    Ask = IIf(InStr(Sent, "Plan") > 0, "", "Plan")
End Function

Public Function Str(ByVal given) As String
    Str = given
End Function
