# through_call: derived entity 'through_call': its field 'day' does not refer to 'through_ticket'.

from kpicore import DerivedEntity, Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "through_ticket",
        "Asked.",
        (Field("through_ticket", "id", Type.TEXT, "N."), Field("through_ticket", "state", Type.TEXT, "S.")),
    )
    of_ticket = Field("through_call", "ticket_id", Type.TEXT, "N.", refers_to="through_ticket")
    yield Entity(
        "through_call", "Asked again.", (of_ticket, Field("through_call", "day", Type.DATE, "When.")), (), made=True
    )


def calls(context):
    return "SELECT 'a' AS ticket_id, DATE '2025-01-01' AS day"


@hookimpl
def kpi_derived_entities():
    reads = {"through_ticket": ("id",)}
    yield DerivedEntity("through_call", "through_ticket", "day", ("ticket_id", "day"), reads, calls)
