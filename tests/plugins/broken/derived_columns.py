# phone_columns: no field named 'days' in derived entity 'phone_columns'. Did you mean 'day'?

from kpicore import DerivedEntity, Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "form_columns",
        "Asked.",
        (Field("form_columns", "id", Type.TEXT, "N."), Field("form_columns", "state", Type.TEXT, "S.")),
    )
    of_ticket = Field("phone_columns", "ticket_id", Type.TEXT, "N.", refers_to="form_columns")
    yield Entity(
        "phone_columns", "Asked again.", (of_ticket, Field("phone_columns", "day", Type.DATE, "When.")), (), made=True
    )


def calls(context):
    return "SELECT 'a' AS ticket_id, DATE '2025-01-01' AS day"


@hookimpl
def kpi_derived_entities():
    reads = {"form_columns": ("id",)}
    yield DerivedEntity("phone_columns", "form_columns", "ticket_id", ("ticket_id", "days"), reads, calls)
