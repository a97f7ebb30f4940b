# rule rule_about: its about: no KPI named 'cals'. Did you mean 'calls'?

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    yield Rule("rule_about", "R", about="cals", when="n > 1", inputs={"n": metric("calls")}, meaning="Busy.")
