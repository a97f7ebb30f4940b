# history_call: no field named 'stat' in entity 'history_ticket', derived entity 'history_call'. Did you mean 'state'?

from kpicore import DerivedEntity, Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "history_ticket",
        "Asked.",
        (Field("history_ticket", "id", Type.TEXT, "N."), Field("history_ticket", "state", Type.TEXT, "S.")),
    )
    of_ticket = Field("history_call", "ticket_id", Type.TEXT, "N.", refers_to="history_ticket")
    yield Entity(
        "history_call", "Asked again.", (of_ticket, Field("history_call", "day", Type.DATE, "When.")), (), made=True
    )


def calls(context):
    return "SELECT 'a' AS ticket_id, DATE '2025-01-01' AS day"


@hookimpl
def kpi_derived_entities():
    reads = {"history_ticket": ("id",)}
    columns = ("ticket_id", "day")
    yield DerivedEntity(
        "history_call", "history_ticket", "ticket_id", columns, reads, calls, history={"history_ticket": ("stat",)}
    )
