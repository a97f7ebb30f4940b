# report listing_order: its sections: listing 'deals': cannot read 'amonut': no field named 'amonut'. Did you mean
# 'amount'?

from kpicore import Listing, Report, hookimpl, standing


@hookimpl
def kpi_reports():
    deals = standing("opportunity", since="created_on", until="closed_on")
    yield Report("listing_order", "Monday", (Listing("deals", "Deals", deals, {"Deal": "name"}, order="amonut"),))
