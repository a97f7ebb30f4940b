# report listing_entity: its sections: no entity named 'oportunity' in listing 'deals'. Did you mean 'opportunity'?

from kpicore import Listing, Report, hookimpl, standing


@hookimpl
def kpi_reports():
    deals = standing("oportunity", since="created_on", until="closed_on")
    yield Report("listing_entity", "Monday", (Listing("deals", "Deals", deals, {"Deal": "name"}),))
