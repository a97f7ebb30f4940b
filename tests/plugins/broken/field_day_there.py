# opportunity.created_on: field 'opportunity.created_on' is built in by 'crm'; choose another name.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "created_on", Type.DATE, "Day.")
