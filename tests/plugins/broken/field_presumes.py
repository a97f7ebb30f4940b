# kpi_fields: field 'opportunity.size': its presumes[0] is a text of lower-case letters, digits and underscores, not
# 'stage history'. (field_presumes.py, line 9)

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.TEXT, "Size.", presumes=("stage history",))
