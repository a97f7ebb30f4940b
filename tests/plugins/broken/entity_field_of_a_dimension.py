# entity_field_of_a_dimension: field 'entity_field_of_a_dimension.rep': 'rep' is a dimension, whose values are the
# names of rows: choose another name.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    fields = (
        Field("entity_field_of_a_dimension", "id", Type.TEXT, "Made."),
        Field("entity_field_of_a_dimension", "rep", Type.TEXT, "Made."),
    )
    yield Entity("entity_field_of_a_dimension", "Made.", fields)
