# kpi_fields: field 'opportunity.size': its presumes[0] is Knowledge.STAGE_HISTORY, Knowledge.STAGE_ON_DAY or
# Knowledge.STAGE_ORDER, not 'stage history'. (field_presumes.py, line 9)

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.TEXT, "Size.", presumes=("stage history",))
