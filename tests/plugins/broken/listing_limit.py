# kpi_reports: listing 'deals': its limit is a whole number, not True. (listing_limit.py, line 11)

from kpicore import Listing, Report, count, hookimpl


@hookimpl
def kpi_reports():
    yield Report(
        "monday",
        "Monday",
        (Listing("deals", "Deals", rows=count("opportunity"), columns={"Deal": "name"}, limit=True),),
    )
