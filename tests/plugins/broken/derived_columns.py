# columns_call: no field named 'days' in derived entity 'columns_call'. Did you mean 'day'?

from kpicore import DerivedEntity, Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "columns_ticket",
        "Asked.",
        (Field("columns_ticket", "id", Type.TEXT, "N."), Field("columns_ticket", "state", Type.TEXT, "S.")),
    )
    of_ticket = Field("columns_call", "ticket_id", Type.TEXT, "N.", refers_to="columns_ticket")
    yield Entity(
        "columns_call", "Asked again.", (of_ticket, Field("columns_call", "day", Type.DATE, "When.")), (), made=True
    )


def calls(context):
    return "SELECT 'a' AS ticket_id, DATE '2025-01-01' AS day"


@hookimpl
def kpi_derived_entities():
    reads = {"columns_ticket": ("id",)}
    yield DerivedEntity("columns_call", "columns_ticket", "ticket_id", ("ticket_id", "days"), reads, calls)
