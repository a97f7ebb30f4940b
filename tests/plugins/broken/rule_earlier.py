# rule rule_earlier: its inputs['n']: 'calls': an earlier period is previous, year or 3 months, not 'zz'.

from kpicore import Rule, earlier, hookimpl


@hookimpl
def kpi_rules():
    yield Rule("rule_earlier", "R", about="calls", when="n > 1", inputs={"n": earlier("calls", "zz")}, meaning="Busy.")
