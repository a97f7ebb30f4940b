# kpi_reports: report 'monday': it has no sections. (report_none.py, line 8)

from kpicore import Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", ())
