# kpi_reports: report 'monday': nothing says what its open breakdown is by. Write dimensions, for the report or the

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Breakdown("Open deals", ("open_deals",)),))
