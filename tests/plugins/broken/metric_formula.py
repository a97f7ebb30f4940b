# metric_formula: metric 'metric_formula': cannot read 'm / 2': no input named 'm'. Known: n.

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    rows = count("opportunity", when="closed_on")
    yield Metric(
        "metric_formula",
        name="Deals",
        unit=COUNT,
        inputs={"n": rows},
        formula="m / 2",
    )
