# rule rule_input: its inputs['n']: no KPI named 'cals'. Did you mean 'calls'?

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    yield Rule("rule_input", "R", about="calls", when="n > 1", inputs={"n": metric("cals")}, meaning="Busy.")
