# report listing_column: its sections: listing 'deals': cannot read 'nam': no field named 'nam'. Did you mean 'name'?

from kpicore import Listing, Report, hookimpl, standing


@hookimpl
def kpi_reports():
    deals = standing("opportunity", since="created_on", until="closed_on")
    yield Report("listing_column", "Monday", (Listing("deals", "Deals", deals, {"Deal": "nam"}),))
