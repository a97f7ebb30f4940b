# metric_synonym_of_another: its name 'close rate' is left out: 'win_rate' is found by it

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    n = {"n": count("order", when="ordered_on")}
    yield Metric("metric_synonym_of_another", name="M", unit=COUNT, inputs=n, synonyms={"en": ("close rate",)})
