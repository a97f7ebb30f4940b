# kpi_fields: field 'opportunity.size': its codes is a Codes, not (Code(name='large', written=()),).
# (field_codes.py, line 9)

from kpicore import Code, Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.TEXT, "Large or small.", codes=(Code("large"),))
