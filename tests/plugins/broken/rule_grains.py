# kpi_rules: rule 'rule_grains': its grains is one of day, week, month, quarter, half, year, fiscal_month,
# fiscal_quarter, fiscal_half, fiscal_year, not 'mnth'. (rule_grains.py, line 10)

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    n = {"n": metric("calls")}
    yield Rule("rule_grains", "R", about="calls", when="n > 1", inputs=n, meaning="Busy.", grains=("mnth",))
