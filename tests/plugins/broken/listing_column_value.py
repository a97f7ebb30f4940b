# report listing_column_value: its sections: listing 'deals': cannot read 'amonut': no field named 'amonut'. Did you
# mean 'amount'?

from kpicore import Column, Listing, Report, hookimpl, standing


@hookimpl
def kpi_reports():
    deals = standing("opportunity", since="created_on", until="closed_on")
    listing = Listing("deals", "Deals", deals, {"Amount": Column("amonut")})
    yield Report("listing_column_value", "Monday", (listing,))
