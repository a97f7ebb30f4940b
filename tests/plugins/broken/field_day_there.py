# opportunity.created_on: field 'opportunity.created_on': the entity has it already.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "created_on", Type.DATE, "Day.")
