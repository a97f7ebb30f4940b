"""KPIs in the cells of a workbook: a library of the plugins that write some.

`styles` and `number_formats` are plain data, for any program that shows cells. `workbooks`, `cells`, `sections` and
`addresses` write with XlsxWriter. `summary` gathers what a workspace has to say into records, and writes the workbook
of them.
"""
