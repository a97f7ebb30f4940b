# kpi_reports: report 'monday': nothing says what its open breakdown is by. Write dimensions, for the report or the
# section: by=("branch",). (report_open.py, line 9)

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Breakdown("Open deals", ("open_deals",)),))
