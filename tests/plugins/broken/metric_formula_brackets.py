# metric_formula_brackets: metric 'metric_formula_brackets': cannot read
# '(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((...': it is longer than 4000
# characters.

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_formula_brackets",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        formula="(" * 4_000 + "deals" + ")" * 4_000,
    )
