# opportunity.amount: field 'opportunity.amount' is built in by 'crm'; choose another name.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "amount", Type.TEXT, "Large or small.")
