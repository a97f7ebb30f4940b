# kpi_rules: rule 'busy': its status is one of good, fair, poor, not 'bad'. (rule_status.py, line 8)

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    yield Rule(
        "busy", "Busy", about="calls", when="n > 1", inputs={"n": metric("calls")}, meaning="Busy.", status="bad"
    )
