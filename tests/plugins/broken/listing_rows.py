# kpi_reports: listing 'deals': its rows is count(…), total(…), … or standing(…), not 'opportunity'.
# (listing_rows.py, line 9)

from kpicore import Listing, Report, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Listing("deals", "Deals", rows="opportunity", columns={"Deal": "name"}),))
