# kpi_metrics: band 'fine': no value is 5 or more and below 3. (metric_band.py, line 13)

from kpicore import COUNT, Band, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        bands=(Band("fine", above=5, below=3),),
    )
