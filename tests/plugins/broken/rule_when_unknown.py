# rule rule_when_unknown: rule 'rule_when_unknown': cannot read 'case when m > 1 then 1 else 0 end': no input named
# 'm'. Known: n.

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    n = {"n": metric("calls")}
    yield Rule("rule_when_unknown", "R", about="calls", when="m > 1", inputs=n, meaning="Busy.")
