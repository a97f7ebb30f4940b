# kpi_reports: section 'Open deals': what stands in its place has nothing that stands in its own.
# (section_chain.py, line 11)

from kpicore import Breakdown, Report, hookimpl


@hookimpl
def kpi_reports():
    section = Breakdown("Open deals", ("open_deals",))
    for _ in range(9):
        section = Breakdown("Open deals", ("open_deals",), instead=section)
    yield Report("monday", "Monday", (section,))
