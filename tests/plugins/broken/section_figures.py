# kpi_reports: section 'Last week': its kpis is a tuple of names in one line or a dict of names in one line, not
# 'won_deals'. Write ('won_deals',). (section_figures.py, line 9)

from kpicore import Figures, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Figures("Last week", "won_deals"),))
