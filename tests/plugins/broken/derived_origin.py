# origin_call: no entity named 'tickets' in derived entity 'origin_call'. Did you mean 'origin_ticket'?

from kpicore import DerivedEntity, Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "origin_ticket",
        "Asked.",
        (Field("origin_ticket", "id", Type.TEXT, "N."), Field("origin_ticket", "state", Type.TEXT, "S.")),
    )
    of_ticket = Field("origin_call", "ticket_id", Type.TEXT, "N.", refers_to="origin_ticket")
    yield Entity(
        "origin_call", "Asked again.", (of_ticket, Field("origin_call", "day", Type.DATE, "When.")), (), made=True
    )


def calls(context):
    return "SELECT 'a' AS ticket_id, DATE '2025-01-01' AS day"


@hookimpl
def kpi_derived_entities():
    reads = {"origin_ticket": ("id",)}
    yield DerivedEntity("origin_call", "tickets", "ticket_id", ("ticket_id", "day"), reads, calls)
