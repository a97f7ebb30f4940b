# loan.reminders: its presumes: no presumption named 'reminder'. Did you mean 'reminders'?

from kpicore import Entity, Evidence, Field, Presumption, Type, hookimpl


@hookimpl
def kpi_entities():
    reminders = Field("loan", "reminders", Type.INTEGER, "Letters.", presumes=("reminder",))
    yield Entity("loan", "A book that was lent.", (Field("loan", "id", Type.TEXT, "Its number."), reminders))


@hookimpl
def kpi_presumptions():
    yield Presumption("reminders", "Letters to readers.", "no_reminders", lambda tables: Evidence())
