# entity_label_number: entity 'entity_label_number': its field 'size' is number, not text.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    fields = (
        Field("entity_label_number", "id", Type.TEXT, "Made."),
        Field("entity_label_number", "size", Type.NUMBER, "Made."),
    )
    yield Entity("entity_label_number", "Made.", fields, label="size")
