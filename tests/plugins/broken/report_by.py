# kpi_reports: report 'monday': its by is a tuple of texts, not 'priority'. Write ('priority',). (report_by.py,
# line 9)

from kpicore import Figures, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Figures("Last week", ("won_deals",)),), by="priority")
