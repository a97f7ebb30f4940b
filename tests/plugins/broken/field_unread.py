# opportunity.weight: field 'opportunity.weight': cannot read 'amonut': no field named 'amonut'. Did you mean 'amount'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "weight", Type.MONEY, "How large it is.", how=("amonut",))
