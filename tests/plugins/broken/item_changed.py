# kpi_metrics: gave a Metric that is none: BadDefinition: metric '5': its id is a text of lower-case letters,
# digits and underscores, not 5.

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    changed = Metric("my_deals", "Deals", COUNT, inputs={"n": count("opportunity", when="closed_on")})
    object.__setattr__(changed, "id", 5)
    yield changed
