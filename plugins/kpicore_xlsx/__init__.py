"""KPIs in the cells of a workbook: a library of the plugins that write some.

`colours`, `styles`, `number_formats` and `sheet_names` are plain data and text, for any program that shows
cells. `looks`, `cells`, `sections`, `addresses` and `whole_workbook` write with XlsxWriter. `summary` gathers what a
workspace has to say into records, and writes the workbook of them.
"""
