# rule rule_brackets: rule 'rule_brackets': cannot read 'case when
# (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((...': it is longer than 4000 characters.

from kpicore import Rule, hookimpl, metric


@hookimpl
def kpi_rules():
    yield Rule(
        "rule_brackets",
        "Busy",
        about="calls",
        when="(" * 4_000 + "n > 1" + ")" * 4_000,
        inputs={"n": metric("calls")},
        meaning="Busy.",
    )
