# oportunity.size: no entity named 'oportunity' in field 'size'. Did you mean 'opportunity'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("oportunity", "size", Type.TEXT, "Large or small.")
