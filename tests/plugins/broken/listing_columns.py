# kpi_reports: listing 'deals': its columns is a dict of texts or Columns, not ('name',). (listing_columns.py,
# line 9)

from kpicore import Listing, Report, count, hookimpl


@hookimpl
def kpi_reports():
    yield Report("monday", "Monday", (Listing("deals", "Deals", rows=count("opportunity"), columns=("name",)),))
