# kpi_reports: report 'monday': its sections[0] is a Figures, a Breakdown, a Trend or a Listing, not
# 'won_deals'. (report_section.py, line 9)

from kpicore import Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", ("won_deals",))
