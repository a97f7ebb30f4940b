# kpi_reports: section 'Open deals': its by is a tuple of texts, not 'priority'. Write ('priority',).
# (section_breakdown.py, line 9)

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Breakdown("Open deals", ("open_deals",), by="priority"),))
