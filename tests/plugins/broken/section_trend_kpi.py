# report section_trend_kpi: its section 'Months', kpis: no KPI named 'won_dealz'. Did you mean 'won_deals'?

from kpicore import Report, Trend, hookimpl


@hookimpl
def kpi_reports():
    yield Report("section_trend_kpi", "Monday", (Trend("Months", ("won_dealz",)),))
