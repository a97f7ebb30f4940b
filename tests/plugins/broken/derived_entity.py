# calls: no entity named 'calls' in derived entity 'calls'. Known: activity, campaign, cart, competitor, contract,
# cost, customer, customer_spell, ….

from kpicore import DerivedEntity, Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "entity_ticket",
        "Asked.",
        (Field("entity_ticket", "id", Type.TEXT, "N."), Field("entity_ticket", "state", Type.TEXT, "S.")),
    )
    of_ticket = Field("entity_call", "ticket_id", Type.TEXT, "N.", refers_to="entity_ticket")
    yield Entity(
        "entity_call", "Asked again.", (of_ticket, Field("entity_call", "day", Type.DATE, "When.")), (), made=True
    )


def calls(context):
    return "SELECT 'a' AS ticket_id, DATE '2025-01-01' AS day"


@hookimpl
def kpi_derived_entities():
    reads = {"entity_ticket": ("id",)}
    yield DerivedEntity("calls", "entity_ticket", "ticket_id", ("ticket_id", "day"), reads, calls)
