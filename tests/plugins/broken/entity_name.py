# kpi_entities: entity 'my ticket': its name is a text of lower-case letters, digits and underscores, not 'my
# ticket'. (entity_name.py, line 9)

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity("my ticket", "Asked.", (Field("ticket", "id", Type.TEXT, "Number."),))
