# ticket: entity 'ticket': it has no field 'opened_on'.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity("ticket", "Asked.", (Field("ticket", "id", Type.TEXT, "N."),), main_date="opened_on")
