# weekly_meeting: report 'weekly_meeting' is built in by 'reports'; to stand in for it, give replaces=True.

from kpicore import Figures, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("weekly_meeting", "Ours", (Figures("Deals", ("won_deals",)),))
