# report report_variant: its section 'Last week', kpis: no variant named 'creatd' in KPI 'win_rate'. Did you mean
# 'created'?

from kpicore import Figures, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("report_variant", "Monday", (Figures("Last week", {"Won": "win_rate.creatd"}),))
