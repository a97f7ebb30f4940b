# kpi_rules: rule 'busy': its inputs['n'] is metric(…), earlier(…), target(…) or a tuple of metric(…),
# earlier(…) or target(…), not Aggregate(word='count', enti … pects=()). (rule_inputs.py, line 9)

from kpicore import Rule, count, hookimpl


@hookimpl
def kpi_rules():
    yield Rule("busy", "Busy", about="calls", when="n > 1", inputs={"n": count("activity")}, meaning="Busy.")
