# kpi_reports: section 'Deals': its months is 1 to 120, not 1000000000. (section_trend.py, line 8)

from kpicore import Report, Trend, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Trend("Deals", ("won_deals",), months=10**9),))
