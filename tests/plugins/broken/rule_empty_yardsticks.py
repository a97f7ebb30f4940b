# kpi_rules: rule 'busy': its inputs['n'] is nothing. (rule_empty_yardsticks.py, line 8)

from kpicore import Rule, hookimpl


@hookimpl
def kpi_rules():
    yield Rule("busy", "Busy", about="calls", when="n > 1", inputs={"n": ()}, meaning="Busy.")
