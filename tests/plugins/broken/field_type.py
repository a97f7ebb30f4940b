# kpi_fields: field 'opportunity.size': its type is Type.TEXT, Type.INTEGER, Type.NUMBER, Type.MONEY,
# Type.BOOLEAN, Type.DATE or Type.MOMENT, not 'text'. (field_type.py, line 9)

from kpicore import Field, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", "text", "Large or small.")
