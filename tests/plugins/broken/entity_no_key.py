# ticket: entity 'ticket': it has no field 'id'.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity("ticket", "Asked.", (Field("ticket", "number", Type.TEXT, "N."),))
