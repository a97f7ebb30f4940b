# kpi_fields: first since: its field is a text, not 5. (field_first_since.py, line 8)

from kpicore import Field, FirstSince, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("customer", "lost", Type.DATE, "Lost.", how=(FirstSince("id", "order", "id", 5, "x"),))
