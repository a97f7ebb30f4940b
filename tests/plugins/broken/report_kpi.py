# report report_kpi: its section 'Last week', kpis: no KPI named 'won_dealz'. Did you mean 'won_deals'?

from kpicore import Figures, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("report_kpi", "Monday", (Figures("Last week", ("won_dealz",)),))
