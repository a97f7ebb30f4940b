# rule rule_earlier_setting: its inputs['n']: no setting named 'cac_lag_month'. Did you mean 'cac_lag_months'?

from kpicore import Rule, earlier, hookimpl


@hookimpl
def kpi_rules():
    yield Rule(
        "rule_earlier_setting",
        "R",
        about="calls",
        when="n > 1",
        inputs={"n": earlier("calls", "setting.cac_lag_month months")},
        meaning="Busy.",
    )
