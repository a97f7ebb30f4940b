# report report_dimension: its by: no dimension named 'repp'. Did you mean 'rep'?

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("report_dimension", "Monday", (Breakdown("By rep", ("won_deals",)),), by=("repp",))
