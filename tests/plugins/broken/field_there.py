# opportunity.amount: field 'opportunity.amount': the entity has it already.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "amount", Type.TEXT, "Large or small.")
