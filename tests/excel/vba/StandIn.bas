Option VBASupport 1
Public Sent As String

Function XLPy() As Object
    Set XLPy = New Python
End Function

Function TestHome() As Object
    Set TestHome = New Fake
End Function

Function TestSent() As Variant
    TestSent = Sent
End Function
