# kpi_metrics: variant: its grains is one of day, week, month, quarter, half, year, fiscal_month, fiscal_quarter,
# fiscal_half, fiscal_year, not 'mnth'. (variant_grains.py, line 9)

from kpicore import COUNT, Metric, Variant, count, hookimpl


@hookimpl
def kpi_metrics():
    won = Variant({"n": count("opportunity", when="closed_on")}, grains=("mnth",))
    yield Metric("variant_grains", name="Deals", unit=COUNT, variants={"won": won})
