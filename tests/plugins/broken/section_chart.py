# kpi_reports: section 'Open deals': its chart is one of bars, funnel, not 'pie'. (section_chart.py, line 8)

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Breakdown("Open deals", ("open_deals",), chart="pie"),))
