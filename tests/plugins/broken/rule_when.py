# rule rule_when: rule 'rule_when': cannot read 'case when n > then 1 else 0 end': it is not a whole expression.

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    yield Rule("rule_when", "Busy", about="calls", when="n >", inputs={"n": metric("calls")}, meaning="Busy.")
