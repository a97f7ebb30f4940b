# kpi_metrics: variant: its needs_cut is a tuple of texts, not 'rep'. Write ('rep',). (metric_variant.py, line
# 13)

from kpicore import COUNT, Metric, Variant, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        variants={"won": Variant(inputs={"deals": count("opportunity", when="closed_on")}, needs_cut="rep")},
    )
