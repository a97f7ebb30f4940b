# presumption hours: its otherwise: no presumption named 'ours'. Did you mean 'hours'?

from kpicore import Evidence, Presumption, hookimpl


@hookimpl
def kpi_presumptions():
    yield Presumption("hours", "When it is open.", "no_hours", lambda tables: Evidence(), otherwise="ours")
