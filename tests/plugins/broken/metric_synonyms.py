# kpi_metrics: metric 'my_deals': its synonyms['de'] is a tuple of names in one line, not 'Umsatz'. Write ('Umsatz',).
# (metric_synonyms.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        synonyms={"de": "Umsatz"},
    )
