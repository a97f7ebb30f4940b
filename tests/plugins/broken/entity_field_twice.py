# ticket: entity 'ticket': two of its fields give the column 'id'.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity("ticket", "Asked.", (Field("ticket", "id", Type.TEXT, "N."), Field("ticket", "id", Type.TEXT, "N.")))
