# form_check: check 'opened_twice' of 'form_check': cannot read 'opened_at > opened_on': no field named
# 'opened_at'. Did you mean 'opened_on'?

from kpicore import Entity, Field, RowCheck, Type, hookimpl


@hookimpl
def kpi_entities():
    fields = (Field("form_check", "id", Type.TEXT, "N."), Field("form_check", "opened_on", Type.DATE, "When."))
    yield Entity("form_check", "Asked.", fields, checks=(RowCheck("opened_at > opened_on", "opened_twice"),))
