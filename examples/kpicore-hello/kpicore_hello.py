from kpicore import HIGHER, SHARE, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "big_deal_share", name="Share of big deals", unit=SHARE, better=HIGHER,
        formula="big / won",
        inputs={"big": count("opportunity", when="closed_on", where="outcome = 'won' and amount >= 300"),
                "won": count("opportunity", when="closed_on", where="outcome = 'won'")})  # fmt: skip
