# metric_formula_unread: metric 'metric_formula_unread': cannot read 'deals / won': no input named 'won'. Known:
# deals.

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_formula_unread",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        formula="deals / won",
    )
