# entity_id_number: entity 'entity_id_number': its field 'id' is integer, not text.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    fields = (Field("entity_id_number", "id", Type.INTEGER, "Made."),)
    yield Entity("entity_id_number", "Made.", fields)
