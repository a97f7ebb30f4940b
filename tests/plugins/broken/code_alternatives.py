# kpi_fields: code 'large': more than 10 alternatives in '(a|b)(a|b)(a|b)(a...|b)(a|b)(a|b)(a|b)'.
# (code_alternatives.py, line 9)

from kpicore import Code, Codes, Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.TEXT, "Size.", codes=Codes((Code("large", ("(a|b)" * 40,)),)))
