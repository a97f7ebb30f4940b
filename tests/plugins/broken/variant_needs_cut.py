# variant_needs_cut: no dimension named 'stagee' in metric 'variant_needs_cut'. Did you mean 'stage'?

from kpicore import COUNT, Metric, Variant, count, hookimpl


@hookimpl
def kpi_metrics():
    won = Variant({"n": count("opportunity", when="closed_on")}, needs_cut=("stagee",))
    yield Metric("variant_needs_cut", name="Deals", unit=COUNT, variants={"won": won})
