# kpi_metrics: metric 'metric_language': its synonyms key is a language such as 'de' or 'pt-br', not 'DE'.
# (metric_language.py, line 10)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    n = {"n": count("order", when="ordered_on")}
    yield Metric("metric_language", name="M", unit=COUNT, inputs=n, synonyms={"DE": ("Umsatz",)})
