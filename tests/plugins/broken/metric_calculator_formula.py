# metric_calculator_formula: metric 'metric_calculator_formula', calculator: cannot read 'a + b': no input named 'b'.
# Known: a.

from kpicore import COUNT, Calculator, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_calculator_formula",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        calculator=Calculator(("a",), "a + b"),
    )
