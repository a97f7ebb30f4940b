# report section_by: its section 'By rep', by: no dimension named 'repp'. Did you mean 'rep'?

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("section_by", "Monday", (Breakdown("By rep", ("won_deals",), by=("repp",)),))
