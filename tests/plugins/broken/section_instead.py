# report section_instead: its section 'By hand', kpis: no KPI named 'won_dealz'. Did you mean 'won_deals'?

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    instead = Breakdown("By hand", ("won_dealz",))
    yield Report("section_instead", "Monday", (Breakdown("By rep", ("won_deals",), instead=instead),), by=("rep",))
