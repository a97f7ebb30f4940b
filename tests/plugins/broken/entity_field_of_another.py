# ticket: entity 'ticket': its field 'id' is of 'tickets'.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity("ticket", "Asked.", (Field("tickets", "id", Type.TEXT, "Number."),))
