# rule rule_variant: its inputs['n']: no variant named 'creatd' in KPI 'win_rate'. Did you mean 'created'?

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    yield Rule(
        "rule_variant", "R", about="calls", when="n > 1", inputs={"n": metric("win_rate.creatd")}, meaning="Busy."
    )
