# check_ticket: check 'opened_twice' of 'check_ticket': cannot read 'opened_at > opened_on': no field named
# 'opened_at'. Did you mean 'opened_on'?

from kpicore import Entity, Field, RowCheck, Type, hookimpl


@hookimpl
def kpi_entities():
    fields = (Field("check_ticket", "id", Type.TEXT, "N."), Field("check_ticket", "opened_on", Type.DATE, "When."))
    yield Entity("check_ticket", "Asked.", fields, checks=(RowCheck("opened_at > opened_on", "opened_twice"),))
