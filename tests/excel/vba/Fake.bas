Option VBASupport 1
Option ClassModule
Option Compatible
' A workbook, a sheet and a range in one.

Public Function Name() As String
    Name = "Sales"
End Function

Public Function Parent() As Object
    Set Parent = New Fake
End Function

Public Function Date1904() As Boolean
    Date1904 = False
End Function

Public Function Worksheets(ByVal wanted) As Object
    Set Worksheets = New Fake
End Function

Public Function UsedRange() As Object
    Set UsedRange = New Fake
End Function

Public Function Rows() As Object
    Set Rows = New Fake
End Function

Public Function Columns() As Object
    Set Columns = New Fake
End Function

Public Function Count() As Long
    Count = 1
End Function

Public Function Row() As Long
    Row = 2
End Function

Public Function Column() As Long
    Column = 3
End Function

Public Function Formula() As Variant
    Formula = "=KPI(1)"
End Function

Public Function Value() As Variant
    Value = 7
End Function
