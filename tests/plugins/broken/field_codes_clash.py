# opportunity.size: field 'opportunity.size': the word 'big' is both large and huge.

from kpicore import Code, Codes, Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field(
        "opportunity", "size", Type.TEXT, "Size.", codes=Codes((Code("large", ("big",)), Code("huge", ("big",))))
    )
