# entity_main_date_number: entity 'entity_main_date_number': its main_date 'size' is number, no date.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    fields = (
        Field("entity_main_date_number", "id", Type.TEXT, "Made."),
        Field("entity_main_date_number", "size", Type.NUMBER, "Made."),
    )
    yield Entity("entity_main_date_number", "Made.", fields, main_date="size")
