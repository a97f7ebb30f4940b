# variant_formula: metric 'variant_formula': cannot read 'm / 2': no input named 'm'. Known: n.

from kpicore import COUNT, Metric, Variant, count, hookimpl


@hookimpl
def kpi_metrics():
    won = Variant({"n": count("opportunity", when="closed_on")}, formula="m / 2")
    yield Metric("variant_formula", name="Deals", unit=COUNT, variants={"won": won})
